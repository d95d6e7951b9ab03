"""Agreement of texts, as all of the normalizer's figures count it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.contracts.normalized import NormalizedArticle

_WORD = re.compile(r"[\w\u0900-\u097f]+")


class Words(NamedTuple):
    """Words in common with the truth: precision, recall, F1."""

    precision: float
    recall: float
    f1: float


def word_f1(found: str, truth: str) -> Words:
    """Agreement of two texts as bags of lower-case words."""
    a, b = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(truth.lower()))
    common = sum((a & b).values())
    precision, recall = common / max(1, a.total()), common / max(1, b.total())
    return Words(precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0)


def mean(rows: Sequence[Words]) -> Words:
    """Each figure's mean over articles."""
    return Words(*(sum(row[i] for row in rows) / max(1, len(rows)) for i in range(3)))


def body_text(article: NormalizedArticle) -> str:
    """The text without bylines, source lines and captions, which are kept but typed."""
    kept = (b for b in article.blocks if b.kind not in ("byline", "source", "caption"))
    return "\n".join(article.text[b.start : b.end] for b in kept)


def share(flags: Iterable[bool]) -> float:
    """Share of what is true."""
    values = list(flags)
    return sum(values) / max(1, len(values))
