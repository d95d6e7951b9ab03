"""Repeated blocks: the same paragraph twice in one article, exactly or nearly, is kept once and counted."""

from __future__ import annotations

import re
from itertools import pairwise

from services.normalizer.draft import Draft, Line

_WORD = re.compile(r"[\w\u0900-\u097f]+")
_NUMBER = re.compile(r"\d+")
_NEAR = 0.9  # shared pairs of neighbouring words over all of them; below it two paragraphs may tell different things
_NEAR_LENGTH = 60
_STOPS = tuple("।॥.!?|…")
_CLOSERS = "\"'”’»)] "
_EDGE = 16  # characters; a near copy begins or ends like the original
_MOST_LINES = 400  # near copies are sought in articles of up to this many lines, exact ones in all


def collapse(draft: Draft) -> None:
    """Take out later copies of a line and count them on the first one.

    A line that is no statement (a heading, an entry of a list) may well stand twice; it goes only where its
    neighbour is a copy as well.
    """
    first: dict[str, Line] = {}
    long: list[tuple[int, Line]] = []
    near = len(draft.lines) <= _MOST_LINES
    originals: list[Line | None] = []
    for line in draft.lines:
        read = line.read
        original = first.setdefault(read, line)
        if original is line and near and len(read) >= _NEAR_LENGTH:
            original = _near(read, long) or line
            long.append((len(read), line))
        originals.append(original if original is not line else None)
    if not any(originals):
        return
    kept: list[Line] = []
    for index, line in enumerate(draft.lines):
        copied = originals[index]
        beside = originals[max(0, index - 1) : index] + originals[index + 1 : index + 2]
        if copied and (_states(line) or any(o and _states(o) for o in beside)):
            copied.repeats += 1
            draft.remove(line, "repeated")
        else:
            kept.append(line)
    draft.lines = kept


def _states(line: Line) -> bool:
    """Whether a line is a statement of some length, of which an article needs but one."""
    return len(line.text) >= 30 and line.kind not in ("table", "bullet") and line.text.rstrip(_CLOSERS)[-1:] in _STOPS


def _near(read: str, earlier: list[tuple[int, Line]]) -> Line | None:
    """An earlier line that says the same but for a sign or a word; the numbers must agree."""
    length = len(read)
    low, high = length * 0.92, length * 1.08
    pairs: set[tuple[str, str]] | None = None
    for other_length, line in earlier:
        if not low <= other_length <= high:
            continue
        if read[:_EDGE] != line.read[:_EDGE] and read[-_EDGE:] != line.read[-_EDGE:]:
            continue
        if pairs is None:
            pairs = _pairs(read)
        others = _pairs(line.read)
        shared = len(pairs & others)
        if shared >= _NEAR * (len(pairs) + len(others) - shared) and _NUMBER.findall(read) == _NUMBER.findall(
            line.read
        ):
            return line
    return None


def _pairs(read: str) -> set[tuple[str, str]]:
    found = _WORD.findall(read)
    return set(pairwise(found))
