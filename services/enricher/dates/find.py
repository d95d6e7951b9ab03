"""One pass over an article's words that gives each calendar word and number to its reader."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from services.contracts.enriched import TimeExpression
from services.enricher.dates import clock, days, months, runs, spans
from services.enricher.dates.reader import Found, Reader
from services.language import calendar, numerals
from services.language.calendar import Anchor
from services.language.tokens import Tokens

_ISO = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:T[0-9:.+Z-]{1,32})?")
_NUMERIC = re.compile(r"(?<![\d./-])([0-9०-९]{1,2})([./-])([0-9०-९]{1,2})\2([0-9०-९]{4}|[0-9०-९]{2})(?![\d/-])")
_DIGITS = frozenset("0123456789०१२३४५६७८९")
_DATELINE = 14  # words in which a dateline stands
_AFTER_DATELINE = frozenset(("।", ":", "—", "ने"))
_BACK = frozenset(("उसी", "same", "following", "that"))

_READERS: dict[str, Callable[[Reader, int], int | None]] = {
    "month": months.read,
    "weekday": days.weekday,
    "day": days.relative_day,
    "either": days.relative_day,
    "overnight": days.overnight,
    "this": spans.which,
    "last": spans.which,
    "next": spans.which,
    "season": spans.season,
}


@cache
def _wanted() -> frozenset[str]:
    """Folded words, other than digits, at which an expression of time can begin."""
    calendar_words = (word for word, entry in calendar.table().items() if entry.kind in _READERS)
    numbers = (word for word, (role, _) in numerals.table().items() if role != "all")
    return frozenset((*calendar_words, *numbers, *_BACK, "end"))


def _sentence(r: Reader, first: int, last: int, candidates: Sequence[int]) -> None:
    """Read the sentence of words `first` to `last - 1`; `candidates` are the words where expressions can begin."""
    r.first, r.last = first, last
    table, keys = calendar.table(), r.tokens.keys
    done = first
    for at in candidates[bisect_left(candidates, first) : bisect_left(candidates, last)]:
        if at < done:
            continue
        key = keys[at]
        entry = table.get(key)
        after: int | None = None
        if entry is not None:
            reader = _READERS.get(entry.kind)
            after = reader(r, at) if reader is not None else None
            if after is None and entry.kind in ("this", "next"):
                after = days.same_or_next(r, at)
        elif key == "end":
            after = spans.end_of(r, at)
        elif key in _BACK:
            after = days.same_or_next(r, at)
        else:
            after = _number(r, at)
        done = after if after is not None else at + 1
    spans.lasting(r)
    runs.join(r)


def _number(r: Reader, i: int) -> int | None:
    """What the number at word `i` tells of time."""
    found = clock.read(r, i)
    if found is not None:
        return found
    if r.day_number(i) is not None and r.is_kind(i + 1, "month"):
        return None  # read from the month
    day = r.day_number(i)
    if day is not None and r.tokens.key(i + 1) == "तारीख":
        return days.day_of_month(r, i, day)
    number = r.number(i)
    if number is None:
        article = r.tokens.key(i) in ("a", "an") and r.is_kind(i + 1, "unit")
        return spans.counted(r, numerals.Numeral(i, i + 1, 1.0, None, False)) if article else None
    found = spans.counted(r, number)
    if found is not None:
        return found
    r.durations.append(number)
    if r.year_number(i) is not None:
        return spans.year(r, i)
    return number.last if number.last > i + 1 and not r.is_kind(number.last, "month") else None


def anchor_of(published: str | None, tokens: Tokens) -> tuple[Anchor | None, bool]:
    """The day that relative words count from, and whether it was read in a dateline because none was given."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", published or "")
    if match:
        year, month, day = map(int, match.groups())
        if calendar.valid(year, month, day):
            return Anchor(date(year, month, day)), False
    last = min(len(tokens), _DATELINE)
    last = next((i for i in range(2, last) if tokens.keys[i] in _AFTER_DATELINE), last)
    reader = Reader(tokens, None, True, first=0, last=last)
    for i in range(last):
        if reader.is_kind(i, "month") and months.read(reader, i) is not None:
            found = reader.found[-1]
            if found.day is not None and "/" not in found.edtf:
                return Anchor(found.day, found.dated), True
    return None, True


def _figures(text: str, tokens: Tokens, candidates: Sequence[int]) -> dict[int, Found]:
    """Dates in figures by their first word: 2024-01-10, 10/01/2024, 10.1.2024; the day comes first unless it cannot."""
    found = {}
    for i in candidates:
        key = tokens.keys[i]
        if key[0] not in _DIGITS or not (tokens.key(i + 1) in ("-", "/") or key.count(".") == 2):
            continue
        match = _ISO.match(text, tokens.starts[i]) or _NUMERIC.match(text, tokens.starts[i])
        if match is None:
            continue
        if match.re is _ISO:
            year, month, day = (int(g) for g in match.groups())
        else:
            day, month, year = int(match[1]), int(match[3]), int(match[4])
            if len(match[4]) == 2:
                if match[2] == ".":
                    continue  # 1.2.24 is a version or a score as often
                year += 2000 if year < 70 else 1900
            if month > 12 >= day:
                day, month = month, day
        if calendar.valid(year, month, day) and year >= 1000:
            value = date(year, month, day)
            first, last = tokens.at(match.start()), tokens.at(match.end())
            if last > first:
                found[first] = Found(first, last, value.isoformat(), "explicit", value)
    return found


def find(
    text: str, tokens: Tokens, sentences: Sequence[tuple[int, int]], published: str | None
) -> list[TimeExpression]:
    """Time expressions of `text` in order.

    `sentences` are its sentence ranges; `published` is an ISO date or date-time, or None: then years stay unspecified.
    """
    anchor, from_text = anchor_of(published, tokens)
    reader = Reader(tokens, anchor, from_text)
    wanted = _wanted()
    candidates = [i for i, key in enumerate(tokens.keys) if key in wanted or key[0] in _DIGITS]
    figures = _figures(text, tokens, candidates)
    order = sorted(figures, reverse=True)
    for start, end in sentences:
        begin, last = tokens.at(start), tokens.at(end)
        while order and order[-1] < last:
            at = order.pop()
            _sentence(reader, begin, at, candidates)
            reader.add(figures[at])
            begin = figures[at].last
        _sentence(reader, begin, last, candidates)
    return [
        TimeExpression.model_construct(
            start=tokens.starts[f.first],
            end=tokens.ends[f.last - 1],
            text=text[tokens.starts[f.first] : tokens.ends[f.last - 1]],
            edtf=f.edtf,
            provenance=f.provenance,
            time=f.time,
        )
        for f in sorted(reader.found, key=lambda f: f.first)
    ]
