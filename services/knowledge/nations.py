"""Adjectives of nations: Danish, डेनिश."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from services.language.tokens import form


@cache
def adjectives() -> dict[str, str]:
    """The usual English adjective by folded adjective of either language."""
    text = files("services.knowledge").joinpath("data", "demonyms.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    found: dict[str, str] = {}
    for _, english, hindi in rows:
        names = english.split("|")
        for word in filter(None, (*names, *hindi.split("|"))):
            found.setdefault(form(word), names[0])
    return found
