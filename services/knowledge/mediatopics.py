"""IPTC Media Topics: label, parent and level by id."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class MediaTopic(NamedTuple):
    """A topic of the IPTC tree; level 1 has no parent."""

    id: str
    label: str
    parent: str | None
    level: int


@cache
def table() -> dict[str, MediaTopic]:
    """All topics by id."""
    text = files("services.knowledge").joinpath("data", "mediatopics.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {id_: MediaTopic(id_, label, parent or None, int(level)) for id_, label, parent, level in rows}


def lineage(id_: str) -> list[MediaTopic]:
    """The topic and its ancestors, nearest first."""
    found: list[MediaTopic] = []
    at: str | None = id_
    while at is not None:
        topic = table()[at]
        found.append(topic)
        at = topic.parent
    return found
