"""Dates told by a month's name: a day, a month, a week of it, with the year told, told beside it, or resolved."""

from __future__ import annotations

from datetime import date

from services.enricher.dates.reader import Found, Provenance, Reader, words_of
from services.language import calendar

_ORDINAL_END = frozenset(("st", "nd", "rd", "th"))
_NTH = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": -1,
    "पहले": 1,
    "पहली": 1,
    "दूसरे": 2,
    "दूसरी": 2,
    "तीसरे": 3,
    "तीसरी": 3,
    "चौथे": 4,
    "आखिरी": -1,
    "अंतिम": -1,
}
_DASHES = frozenset("-–—")
_WHICH = ("last", "next", "this")


def read(r: Reader, i: int) -> int | None:
    """The date whose month's name is word `i`; the index after it, or None where the word is no month."""
    keys, key, month = r.tokens.keys, r.tokens.key, r.kind(i)
    assert month is not None
    word = r.tokens.texts[i]
    if keys[i].isascii() and word[0].islower():
        return None
    first, day, high = _day_before(r, i)
    after = i + 1
    if key(after) == "." and len(keys[i]) <= 4 and keys[i] not in ("may", "june", "july"):
        after += 1
    if day is None:
        day, high, after = _day_after(r, i, after)
    year: int | None = None
    comma = key(after) == ","
    told = r.year_number(after + 1) if comma else r.year_number(after)
    if told is not None and not (comma and day is None and not keys[i].isascii()):
        year, after = told, after + (2 if comma else 1)
    if year is None and r.year_number(first - 1) is not None:
        year, first = r.year_number(first - 1), first - 1
    if day is None and not _sure(r, i, year):
        return None
    if year is None:
        year, first, after = _year_around(r, i, first, after)
    if day is None:
        return _whole(r, first, after, year, month.number)
    found = _with_weekday(r, day_found(r, first, after, year, month.number, day))
    if found is None or high is None or found.day is None or not found.dated:
        return r.add(r.bounded(found))
    if calendar.valid(found.day.year, month.number, high):
        found.edtf += "/" + found.day.replace(day=high).isoformat()
    return r.add(r.bounded(found))


def _with_weekday(r: Reader, found: Found | None) -> Found | None:
    """The day together with the weekday told just before it: "Wednesday, June 12", "बुधवार (12 जून)"."""
    before = r.found[-1] if r.found else None
    if found is None or before is None or not before.weekday or not before.last < found.first <= before.last + 2:
        return found
    if any(r.tokens.key(at) not in (",", "(", "the") for at in range(before.last, found.first)):
        return found
    r.found.pop()
    found.first = before.first
    return found


def _day_before(r: Reader, i: int) -> tuple[int, int | None, int | None]:
    """First word, day and last day told before the month: 10, 10-12, 10th of, 10 से 12."""
    key, before = r.tokens.key, i - 1
    if key(before) == "of" and before > r.first:
        before -= 1
    if key(before) in _ORDINAL_END and r.tokens.glued(before):
        before -= 1
    day = r.day_number(before)
    if day is None:
        return i, None, None
    low = r.day_number(before - 2)
    if low is not None and low < day and _joins(r, before - 1, day - low):
        return before - 2, low, day
    return before, day, None


def _joins(r: Reader, i: int, gap: int) -> bool:
    """Whether word `i` makes one run of the days on its sides, which are `gap` apart: 10-12, 10 to 12, 5 and 6."""
    key = r.tokens.key(i)
    if key in _DASHES or key in ("से", "to"):
        return True
    return key in ("और", "and", "व", "&") and (gap == 1 or r.tokens.key(i - 2) == "between")


def _day_after(r: Reader, i: int, after: int) -> tuple[int | None, int | None, int]:
    """Day and last day told after the month, and the word after them: January 10, January 10-12; सितंबर 5 से."""
    keys, key = r.tokens.keys, r.tokens.key
    day = r.day_number(after)
    if day is None or not keys[after][:1].isdigit():
        return None, None, after
    if not keys[i].isascii() and key(after + 1) not in ("को", "से", "तक", "में", "के"):
        return None, None, after
    after += 1
    if key(after) in _ORDINAL_END and r.tokens.glued(after):
        after += 1
    high = r.day_number(after + 1)
    if high is not None and high > day and _joins(r, after, high - day) and _alone(r, after + 2):
        return day, high, after + 2
    return day, None, after


def _alone(r: Reader, i: int) -> bool:
    """Whether nothing at word `i` takes the number before it: a unit, a month, a noun that it counts."""
    word = r.tokens.key(i)
    return not (r.is_kind(i, "unit") or r.is_kind(i, "month")) and (
        not word.isalpha() or word in words_of("month-after")
    )


def day_found(r: Reader, first: int, last: int, year: int | None, month: int, day: int) -> Found | None:
    """A day with or without its year."""
    if not calendar.valid(year, month, day):
        return None
    if year is not None:
        return Found(first, last, f"{year:04d}-{month:02d}-{day:02d}", "explicit", date(year, month, day))
    resolved = r.nearest_year(month, day, r.tense(last, first))
    if resolved is None or not calendar.valid(resolved, month, day):
        return Found(first, last, f"XXXX-{month:02d}-{day:02d}", "unknown", date(2000, month, day), dated=False)
    value = date(resolved, month, day)
    return Found(first, last, value.isoformat(), r.relative, value)


def _sure(r: Reader, i: int, year: int | None) -> bool:
    """Whether a month's name without a day means the month: मार्च and March are also marches, May a verb."""
    if year is not None or any(r.is_kind(i - 1, which) for which in _WHICH):
        return True
    keys, before = r.tokens.keys, r.tokens.key(i - 1)
    after = r.kind(i + 1)
    if (before == "-" and r.tokens.key(i - 2) == "mid") or (after is not None and after.value == "month"):
        return True  # mid-May, मार्च महीने में
    if keys[i] == "मार्च":
        free = i == r.first or before in words_of("march-before") or not before[-1:].isalnum()
        return free and r.tokens.key(i + 1) in words_of("march-after")
    if keys[i] in ("may", "march"):
        return before in words_of("month-before") or r.is_kind(i + 1, "last")
    return True


def _year_around(r: Reader, i: int, first: int, after: int) -> tuple[int | None, int, int]:
    """Year told beside a month: "पिछले साल मार्च", "March last year", "last October"; and the words that tell it."""
    if r.anchor is None or not r.anchor.dated:
        return None, first, after
    base = r.anchor.day
    at = first - 2 if r.tokens.key(first - 1) in ("के", "की", "में") else first - 1
    unit, which = r.kind(at), r.kind(at - 1)
    if unit and unit.value == "year" and which and which.kind in _WHICH:
        return base.year + which.number, at - 1, after
    at = after + 1 if r.tokens.key(after) == "of" else after
    which, unit = r.kind(at), r.kind(at + 1)
    if unit and unit.value == "year" and which and which.kind in _WHICH:
        return base.year + which.number, first, at + 2
    which, month = r.kind(first - 1), r.kind(i)
    assert month is not None
    if which and which.kind == "last":
        return base.year - (1 if month.number >= base.month else 0), first - 1, after
    if which and which.kind == "next":
        return base.year + (1 if month.number <= base.month else 0), first - 1, after
    return None, first, after


def _whole(r: Reader, first: int, after: int, year: int | None, month: int) -> int | None:
    """A month, or a week of it."""
    provenance: Provenance = "explicit"
    if year is None:
        year = r.nearest_year(month, None, r.tense(after, first))
        provenance = "unknown" if year is None else r.relative
    edtf = f"XXXX-{month:02d}" if year is None else f"{year:04d}-{month:02d}"
    nth, start = _week_of(r, first, after)
    if nth and year is not None:
        length = calendar.last_day(year, month)
        low = length - 6 if nth < 0 else 7 * nth - 6
        edtf, first = f"{edtf}-{low:02d}/{edtf}-{min(low + 6, length):02d}", start
    return r.add(r.bounded(Found(first, after, edtf, provenance)))


def _week_of(r: Reader, first: int, after: int) -> tuple[int, int]:
    """Which week of the month the words around tell, 0 for none, and where they begin."""
    key = r.tokens.key
    if key(first - 1) == "of" and key(first - 2) == "week" and key(first - 3) in _NTH:
        return _NTH[key(first - 3)], first - 3
    unit = r.kind(after + 2)
    if key(after) == "के" and key(after + 1) in _NTH and unit and unit.value == "week":
        return _NTH[key(after + 1)], first
    return 0, first
