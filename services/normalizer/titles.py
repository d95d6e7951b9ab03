"""The headline: a first line set like one, a copy of the one sent, and breadcrumbs that run into it."""

from __future__ import annotations

import re

from services.language.characters import line_reading
from services.normalizer.draft import Draft, Line

_STOPS = "।॥.!?…|"
_CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"(?:[-–—•●▪■◆►▶*➤✓→]|\(?[0-9०-९]{1,2}[.)])\s*(?=\S)")
_TITLE_WORDS = 30
_BODY_WORDS = 25  # what follows a headline is an article, not another line of a list
_TOP = 6  # lines in which a copy of the headline is sought
_SIGNS = " .-–—|:!?'"
_BEGINNINGS = (48, 24)  # characters of a cut-off headline that tell it


def ends_sentence(text: str) -> bool:
    """Whether the line ends with a sentence's sign, quotes and brackets aside."""
    bare = text.rstrip(_CLOSERS + " ")
    return bool(bare) and bare[-1] in _STOPS


def is_bullet(text: str) -> bool:
    """Whether the line begins with the sign of a list's entry."""
    return _BULLET.match(text) is not None


def settle(draft: Draft) -> None:
    """Move the headline out of the lines, with every copy and beginning of it that stands before the text."""
    if not draft.title and not _before_breadcrumb(draft):
        _first_line(draft)
    if draft.title:
        _copies(draft, _key(line_reading(draft.title)))


def _first_line(draft: Draft) -> None:
    """Take the first line for the headline when it is set like one."""
    if len(draft.lines) < 2 or draft.lines[0].kind not in (None, "heading"):
        return
    first, second = draft.lines[0], draft.lines[1]
    count = len(first.text.split())
    if not 3 <= count <= _TITLE_WORDS or _states(first.text) or is_bullet(first.text):
        return
    rest = draft.lines[1:]
    if not any(ends_sentence(line.text) for line in rest[:3]):
        return
    if not second.gap and len(second.text.split()) <= count:
        return
    if sum(len(line.text.split()) for line in rest) >= _BODY_WORDS:
        _take(draft, first)


def _states(text: str) -> bool:
    """Whether the line ends like a statement; a question, an outcry or dots may close a headline."""
    bare = text.rstrip(_CLOSERS + " ")
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
        for after in draft.lines[index + 1 : index + 3]:
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
