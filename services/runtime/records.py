"""A record ready to be written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Record:
    """What goes to a topic; `partition` None leaves the choice to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]
    partition: int | None = None
