"""The headline: a first line set like one, a copy of the one sent, and breadcrumbs that run into it."""

from __future__ import annotations

import re

from services.language.characters import line_reading
from services.normalizer import cues, parts
from services.normalizer.draft import Draft, Line
from services.normalizer.signs import CLOSERS, ends_sentence, is_bullet

_TITLE_WORDS = 30
_HEAD = 16  # lines that may stand before the first paragraph
_BODY_WORDS = 25  # what follows a headline is an article, not another line of a list
_TOP = 12  # lines in which a copy of the headline is sought
_SIGNS = " .-–—|:!?'"
_BEGINNINGS = (48, 24)  # characters of a cut-off headline that tell it


def settle(draft: Draft) -> None:
    """Move the headline out of the lines, with every copy and beginning of it that stands before the text."""
    if not draft.title and not _before_breadcrumb(draft):
        _from_head(draft)
    if draft.title:
        _copies(draft, _key(line_reading(draft.title)))


def head(draft: Draft) -> int:
    """How many lines stand before the first one that is a statement or an entry of a list."""
    for index, line in enumerate(draft.lines):
        if line.kind not in (None, "heading") or is_bullet(line.text) or _states(line.text) or len(line.text) > 250:
            return index
        if index and ends_sentence(line.text) and line.text.rstrip(CLOSERS + " ")[-1] in "?!":
            return index
    return len(draft.lines)


def _from_head(draft: Draft) -> None:
    """Take a line before the first paragraph for the headline when it is set like one."""
    size = head(draft)
    if not 1 <= size <= _HEAD or size >= len(draft.lines):
        return
    body = draft.lines[size:]
    if sum(len(line.text.split()) for line in body) < _BODY_WORDS or not any(
        ends_sentence(line.text) for line in body[:3]
    ):
        return
    lines = [line for line in draft.lines[:size] if not parts.announced(line, 0, 9) and not _labelled(line.read)]
    reads = [line.read for line in lines]
    counts = [len(line.text.split()) for line in lines]
    twice = [i for i, read in enumerate(reads) if counts[i] >= 4 and reads.count(read) > 1]
    long = (
        twice
        or [i for i, n in enumerate(counts) if 5 <= n <= _TITLE_WORDS]
        or [i for i, n in enumerate(counts) if 3 <= n < 5]
    )
    if not long:
        return
    line = lines[long[0]]
    if size == 1 and not body[0].gap and len(body[0].text.split()) <= counts[long[0]]:
        return
    _take(draft, line)


def _labelled(read: str) -> bool:
    """Whether a line opens like a flash ("ब्रेकिंग: …"), which is news itself as often as a headline."""
    label, sign, _ = read.partition(":")
    return bool(sign) and label.strip() in cues.cues().headline_labels


def _states(text: str) -> bool:
    """Whether the line ends like a statement; a question, an outcry or dots may close a headline."""
    bare = text.rstrip(CLOSERS + " ")
    return bare[-1:] in "।॥." and not bare.endswith("..")


def _take(draft: Draft, line: Line) -> None:
    title = re.sub(r"\s+[–—|:-]{1,3}$", "", line.text).strip()
    rest = line.text[len(title) :].strip()
    if rest:
        draft.remove(line, "signs", rest)
    draft.title = title
    draft.lines.remove(line)


def _before_breadcrumb(draft: Draft) -> bool:
    """Whether a line of site sections ran into the headline of a following line, which is taken then."""
    for index in range(min(_TOP - 1, len(draft.lines) - 1)):
        line = draft.lines[index]
        if len(line.text) > 300:
            return False
        if _states(line.text):
            continue
        for after in draft.lines[index + 1 : index + 3]:
            if _states(after.text) or len(after.text.split()) > _TITLE_WORDS:
                continue
            at = _meets(line.read, _key(after.read))
            if at is not None and (at > 0 or line.read.endswith("..")):
                _take(draft, after)
                return True
    return False


def _copies(draft: Draft, key: str) -> None:
    """Take out the copies of the headline at the top, whole or cut off, with the sections before them."""
    kept: list[Line] = []
    for index, line in enumerate(draft.lines):
        at = _meets(line.read, key) if index < _TOP and len(line.read) < len(key) + 80 else None
        if at is None:
            kept.append(line)
            continue
        head = line.text[:at].strip()
        if head:
            draft.remove(line, "navigation", head)
        draft.remove(line, "repeated", line.text[at:].strip())
    draft.lines = kept


def _meets(read: str, key: str) -> int | None:
    """Where a line turns into the headline `key`, or its beginning, and ends with it; None when it does not."""
    bare = read.strip(_SIGNS)
    if bare == key:
        return 0
    bare = read.rstrip(" .")
    for size in (len(key), *_BEGINNINGS):
        if size < 16 or len(key) < size:
            continue
        at = bare.find(key[:size])
        if 0 <= at <= 60 and key.startswith(bare[at:].rstrip(_SIGNS)):
            return at
    return None


def _key(read: str) -> str:
    return read.strip(_SIGNS)
