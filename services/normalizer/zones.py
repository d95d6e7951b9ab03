"""What an article's layout tells of lines without words of furniture: its head and its tail."""

from __future__ import annotations

from services.normalizer import parts, titles
from services.normalizer.draft import Draft, Line
from services.normalizer.signs import ends_sentence, is_bullet

_LABEL = 4  # words; a line before the headline, or between it and the text, that has no more is a label of the page
_FEW = 6  # headings at the end that are surely no list of the article
_LIST = 40
_HEADLINE = 16  # words; a last line without a stop that has more is a paragraph


def trim(draft: Draft, *, cleared: bool) -> None:
    """Take out labels before the first paragraph, and the headings after the last one that nothing follows.

    `cleared` says that furniture was found in the article: one heading at the end, or a long list, goes only then.
    Pages in HTML are left alone: their extraction has gone by layout already.
    """
    if draft.extracted:
        return
    _trim_head(draft)
    _trim_tail(draft, cleared)


def _trim_head(draft: Draft) -> None:
    size = titles.head(draft)
    if not size or size >= len(draft.lines) or not draft.title:
        return
    kept: list[Line] = []
    for line in draft.lines[:size]:
        if len(line.text.split()) <= _LABEL and line.kind is None and not parts.announced(line, 0, 9):
            draft.remove(line, "label")
        else:
            kept.append(line)
    draft.lines[:size] = kept


def _trim_tail(draft: Draft, cleared: bool) -> None:
    at = len(draft.lines)
    last = at - 1
    while at > 1 and _hangs(draft.lines[at - 1], last):
        at -= 1
    loose = [line for line in draft.lines[at:] if not parts.announced(line, last, last)]
    if not loose or len(loose) > _LIST or (not cleared and not 2 <= len(loose) <= _FEW):
        return
    for line in loose:
        draft.remove(line, "trailing")
    draft.lines[at:] = [line for line in draft.lines[at:] if line not in loose]


def _hangs(line: Line, last: int) -> bool:
    """Whether a line at the end can be a heading under which nothing stands."""
    if line.kind not in (None, "heading") or is_bullet(line.text):
        return False
    if parts.announced(line, last, last):
        return True
    return not ends_sentence(line.text) and len(line.text.split()) <= _HEADLINE
