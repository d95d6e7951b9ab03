"""The seam between reading (models that see acts in sentences) and coding (which makes events of them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """An article as a reader sees it.

    `sentences` and `candidates` are (start, end) code-point ranges of `text`; candidates could be a party (mentions,
    descriptions such as "protesters", pronouns). They may nest but are distinct.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    candidates: tuple[tuple[int, int], ...]
    language: str
    title: str | None = None


@dataclass(slots=True)
class Act:
    """One act that a sentence may state.

    `probability` that the sentence states an act of `event_type`; `modes` and `statuses` are distributions (mode ""
    is none);
    `actor` and `recipient` are scores in 0..1, one a candidate of the Text, `place` likewise when the reader gives it.
    """

    sentence: int
    event_type: str
    probability: float
    trigger: tuple[int, int] | None
    modes: dict[str, float]
    statuses: dict[str, float]
    actor: list[float] = field(default_factory=list)
    recipient: list[float] = field(default_factory=list)
    place: list[float] = field(default_factory=list)


class Reader(Protocol):
    """Finds acts in articles."""

    name: str

    def read(self, texts: Sequence[Text]) -> list[list[Act]]:
        """All acts above the reader's low floor (about 0.05), for each text, in sentence order."""
        ...
