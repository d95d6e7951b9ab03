"""EDTF dates as ranges of days, for comparing them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

Range = tuple[int, int]  # first and last day, as ordinals

_DATE = re.compile(r"(\d{4}|XXXX)(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?")
_SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 12)}


@lru_cache(maxsize=1 << 15)
def span(edtf: str | None, near: int) -> Range | None:
    """Days that an EDTF date covers; an unknown year is taken as the one nearest to the day `near` (an ordinal).

    None for no date and for what this does not read.
    """
    if not edtf:
        return None
    first, slash, last = edtf.partition("/")
    begin = _simple(first.rstrip("?~%"), near) if first and first != ".." else None
    if not slash:
        return begin
    end = _simple(last.rstrip("?~%"), near) if last and last != ".." else None
    if begin and end:
        return min(begin[0], end[0]), max(begin[1], end[1])
    return begin or end


def _simple(text: str, near: int) -> Range | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    if year == "XXXX":
        if not month or month == "XX":
            return None
        around = date.fromordinal(near).year
        ranges = [found for y in (around - 1, around, around + 1) if (found := _days(y, month, day))]
        return min(ranges, key=lambda r: abs((r[0] + r[1]) / 2 - near)) if ranges else None
    return _days(int(year), month, day)


def _days(year: int, month: str | None, day: str | None) -> Range | None:
    try:
        if not month or month == "XX":
            return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        if month in _SEASONS:
            first, last = _SEASONS[month]
            return date(year, first, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal()
        if not day or day == "XX":
            return date(year, int(month), 1).toordinal(), date(
                year, int(month), monthrange(year, int(month))[1]
            ).toordinal()
        exact = date(year, int(month), int(day)).toordinal()
    except ValueError:
        return None
    return exact, exact


def gap(one: Range, two: Range) -> int:
    """Days between two ranges, 0 where they meet."""
    return max(one[0] - two[1], two[0] - one[1], 0)


def ordinal(seconds: int) -> int:
    """Day of a Unix time, as an ordinal."""
    return seconds // 86_400 + 719_163
