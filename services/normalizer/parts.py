"""Parts of an article by wording and place: page dates, dateline, byline, source, caption, bullet, quote, heading."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from services.contracts.normalized import BlockKind, DateFound
from services.language.characters import reading
from services.normalizer import dates
from services.normalizer.draft import Draft, Line
from services.normalizer.signs import ends_sentence, is_bullet
from services.normalizer.tables import table

_TOP = 12  # lines from either end in which a date of the page may stand
_SHORT = 160
_BYLINE_WORDS = 18  # with several names and a date
_DIGIT = re.compile("[0-9]")
_DATE_TOKEN = re.compile(r"[^\W\d_][\w\u0900-\u0963]*")
_ENGLISH_BY = re.compile(r"By [A-Z][\w.'-]{1,20}(?: (?:and |& )?[A-Z][\w.'-]{0,20}){0,6}(?:\s*[-–,|(].{0,60})?$")


class Wordings(NamedTuple):
    """The tables of `data/parts.yaml`, in their reading."""

    byline: tuple[str, ...]
    source: tuple[str, ...]
    source_endings: tuple[str, ...]
    caption: tuple[str, ...]
    caption_endings: tuple[str, ...]
    agencies: frozenset[str]
    not_place: frozenset[str]
    place_exceptions: frozenset[str]
    date_words: frozenset[str]
    published: frozenset[str]
    updated: frozenset[str]
    dateline: re.Pattern[str]


@cache
def _wordings() -> Wordings:
    forms: dict[str, Any] = table("parts")

    def read(name: str, part: str | None = None) -> list[str]:
        return [reading(str(form)) for form in (forms[name] if part is None else forms[name][part])]

    agencies = "|".join(sorted(map(re.escape, map(str, forms["agencies"])), key=len, reverse=True))
    return Wordings(
        byline=tuple(read("byline", "words")),
        source=tuple(read("source", "words")),
        source_endings=tuple(read("source", "endings")),
        caption=tuple(read("caption", "words")),
        caption_endings=tuple(read("caption", "endings")),
        agencies=frozenset(read("agencies")),
        not_place=frozenset(read("not_place")),
        place_exceptions=frozenset(read("place_exceptions")),
        date_words=frozenset(read("date_words")),
        published=frozenset(read("published_words")),
        updated=frozenset(read("updated_words")),
        dateline=re.compile(
            r"(?P<place>[^\s\d,:।().–—|/-][^\d:।()–—|/\n,]{1,40}?)"
            r"(?P<date>,\s*[^:।()–—|/\n]{3,28}?)?"
            rf"\s*(?:[(/\[]\s*(?P<agency>(?i:{agencies}))(?:[/,][^)\]\n]{{1,30}})?\s*[)\]]\s*[-–—:।.]{{0,2}}"
            r"|[-–—]{1,2}(?=\s)|[:।](?=\s)|\.(?=\s))\s*"
        ),
    )


def take_page_dates(draft: Draft) -> None:
    """Lines at either end that hold a date and nothing else go; with a word for publication they are evidence."""
    last = len(draft.lines) - _TOP
    kept: list[Line] = []
    for index, line in enumerate(draft.lines):
        top_or_end = index < _TOP or index >= last
        if not (top_or_end and len(line.text) < 120 and _is_date_line(draft, line)):
            kept.append(line)
    draft.lines = kept


def _is_date_line(draft: Draft, line: Line) -> bool:
    """Whether a line is a date of the page; it is listed, with the kind of date, when it is."""
    read = line.read
    day = dates.find_day(read) if _DIGIT.search(read) else None
    if day is None:
        return False
    wordings = _wordings()
    words = [w.strip("'") for w in _DATE_TOKEN.findall(read)]
    if any(w not in wordings.date_words and w not in dates.months() for w in words):
        return False
    published = not wordings.published.isdisjoint(words) and words[0] not in wordings.updated
    draft.remove(line, "publication-date" if published else "page-date")
    role = "published" if published else "page"
    draft.dates.append(DateFound(role=role, value=day.edtf(), source="page", evidence=line.text))
    return True


class Dateline(NamedTuple):
    """A dateline: where it ends in its paragraph, its place, agency and day."""

    end: int
    place: str
    agency: str | None
    day: dates.Day | None


def dateline(text: str) -> Dateline | None:
    """The dateline that opens a paragraph; None without one."""
    wordings = _wordings()
    match = wordings.dateline.match(text[:120])
    if match is None or match.end() >= len(text):
        return None
    place, agency, words = match.group("place").strip(), match.group("agency"), match.group("date")
    read = reading(place)
    parts = read.split()
    if len(parts) > 4 or (read not in wordings.place_exceptions and not wordings.not_place.isdisjoint(parts)):
        return None
    day = dates.find_day(words) if words else None
    if words and day is None and not agency and len(words.split()) > 3:
        return None
    if agency is None and day is None:
        sign = match.group().rstrip()[-1]
        deva = "\u0900" <= place[0] <= "\u097f"
        if len(parts) > 3 or words or sign == ".":
            return None
        if not deva and not (place.isupper() if sign in "–—-" else place[0].isupper()):
            return None
    return Dateline(match.end(), place, agency, day)


def type_lines(draft: Draft) -> None:
    """Give every line a kind that its words and place tell, where the layout did not."""
    last = len(draft.lines) - 1
    for index, line in enumerate(draft.lines):
        if line.kind is None:
            line.kind = _kind(line, index, last)
            if line.kind == "byline" and draft.author is None:
                draft.author = _author(line.text)


def _kind(line: Line, index: int, last: int) -> BlockKind:
    text = line.text
    if is_bullet(text):
        return "bullet"
    known = announced(line, index, last)
    if known:
        return known
    if text[0] in '"“‘«' and text[-1] in '"”’»' and len(text) > 2:
        return "quote"
    if index < last and len(text) <= 200 and len(text.split()) <= 25 and not ends_sentence(text):
        return "heading"
    return "paragraph"


def announced(line: Line, index: int, last: int) -> BlockKind | None:
    """Kind of a short line, `index` of `last`, by the words it begins or ends with; None when it announces nothing."""
    if len(line.text) > _SHORT:
        return None
    wordings, read, text = _wordings(), line.read, line.text
    bare = read.lstrip("([ ")
    stops = ends_sentence(text)
    if (
        len(text.split()) <= _BYLINE_WORDS
        and not stops
        and (bare.startswith(wordings.byline) or _ENGLISH_BY.match(text))
    ):
        return "byline"
    if (index <= 2 or index >= last - 2) and len(text) <= 100:
        inner = read.strip("()[] .")
        if bare.startswith(wordings.source) or inner in wordings.agencies or inner.endswith(wordings.source_endings):
            return "source"
    if (bare.startswith(wordings.caption) and not stops) or read.endswith(wordings.caption_endings):
        return "caption"
    return None


def _author(text: str) -> str | None:
    """The name in a byline, when one is told."""
    match = re.match(r"(?:.{0,24}?\b[Bb]y:?\s+|[^:：]{2,24}[:：]\s*|[^–-]{2,24}\s[–-]\s*)(\S.{1,60})$", text)
    return match.group(1).split("|")[0].strip(" ,.") or None if match else None
