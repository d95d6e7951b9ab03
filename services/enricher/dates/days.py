"""Days told by a weekday, by today and कल, or from a day told before."""

from __future__ import annotations

from datetime import date

from services.enricher import tense
from services.enricher.dates.reader import Found, Reader, words_of
from services.language.calendar import Anchor, month_after, valid

_WHICH = ("last", "next", "this")
_AGES = frozenset(("दौर", "समय", "जमाने", "युग"))  # आज के दौर में is no day


def weekday(r: Reader, i: int) -> int | None:
    """The weekday at word `i`, by "last" and "next", else by tense; the publication's own weekday is that day."""
    entry, anchor, key = r.kind(i), r.anchor, r.tokens.key
    assert entry is not None
    if r.tokens.keys[i].isascii() and r.tokens.texts[i][0].islower():
        return None
    first, last, which = i, i + 1, r.kind(i - 1)
    if which and which.kind in _WHICH:
        first = i - 1
    elif which and which.value == "week" and anchor is not None and anchor.dated:  # पिछले हफ्ते मंगलवार
        wider = r.kind(i - 2)
        if wider and wider.kind in _WHICH:
            monday = Anchor(anchor.shift(7 * wider.number - anchor.day.weekday()))
            return r.add_day(i - 2, last, monday.shift(entry.number))
    if anchor is None:
        return None
    own = anchor.of_week()
    if own is None:  # a dateline without a year: the lede tells the day it was written
        r.anchor = anchor._replace(weekday=entry.number)
        return r.add_day(first, last, anchor.day)
    told = r.found[-1] if r.found else None
    if told is not None and told.day is not None and told.last == i - 1 and key(i - 1) == "(":
        told.last = last  # 12 जून (बुधवार)
        return last
    back, ahead = -((own - entry.number) % 7), (entry.number - own) % 7
    if first < i and which is not None and which.kind == "last":
        shift = back or -7
    elif first < i and which is not None and which.kind == "next":
        shift = ahead or 7
    elif back == 0:
        shift = 0
    elif key(last) == "तक" or key(i - 1) in words_of("until") or key(i - 1) == "for":
        shift = ahead
    else:
        when = r.tense(last, first)
        if key(first - 1) in ("शायद", "संभवतः"):
            when = "future"
        if when == "past" and not r.tokens.keys[i].isascii() and _planned(r, last, ahead):
            when = "future"
        shift = ahead if when == "future" else back
    after = r.add_day(first, last, anchor.shift(shift))
    r.found[-1].weekday = True
    return after


def _planned(r: Reader, i: int, ahead: int) -> bool:
    """Whether a Hindi clause in the past announces what comes on the day: "शनिवार को बंद का ऐलान किया"."""
    keys = r.tokens.keys
    for at in range(i + 1, min(r.last, i + 16)):
        if keys[at] in ("कि", "।", ","):
            return False
        if keys[at] in words_of("plan") and keys[at - 1] in ("का", "की"):
            return ahead <= 3 or keys[i] == "से"
    return False


def relative_day(r: Reader, i: int) -> int | None:
    """today, कल, परसों, the day after tomorrow."""
    entry, anchor, key = r.kind(i), r.anchor, r.tokens.key
    assert entry is not None
    if anchor is None:
        return None
    first, shift = i, entry.number
    if entry.kind == "either":
        if key(i - 1) in ("बीते", "बीता", "गत"):
            when, first = "past", i - 1
        elif key(i - 1) == "वाले" and key(i - 2) == "आने":
            when, first = "future", i - 2
        else:
            when = tense.hindi(r.tokens, i + 1, r.last) or "past"
        shift = -shift if when == "past" else shift
    elif key(i) in ("tomorrow", "yesterday") and key(i - 1) in ("after", "before") and key(i - 2) == "day":
        first, shift = i - 2, 2 * shift
    elif key(i) == "आज" and key(i + 1) in ("के", "की", "का") and key(i + 2) in _AGES:
        return None
    return r.add_day(first, i + 1, anchor.shift(shift))


def day_of_month(r: Reader, i: int, day: int) -> int | None:
    """15 तारीख, इस महीने की 15 तारीख."""
    anchor = r.anchor
    if anchor is None or not anchor.dated:
        return None
    year, month, first = anchor.day.year, anchor.day.month, i
    unit, which = r.kind(i - 2), r.kind(i - 3)
    if r.tokens.key(i - 1) == "की" and unit and unit.value == "month" and which and which.kind in _WHICH:
        year, month = month_after(year, month, which.number)
        first = i - 3
        if r.found and r.found[-1].first == first:
            r.found.pop()
    elif r.tense(i + 2, i) == "future" and day < anchor.day.day:
        year, month = month_after(year, month, 1)
    elif r.tense(i + 2, i) == "past" and day > anchor.day.day:
        year, month = month_after(year, month, -1)
    return r.add_day(first, i + 2, date(year, month, day)) if valid(year, month, day) else None


def overnight(r: Reader, i: int) -> int | None:
    """The night before the anchor's day, as an interval of both."""
    anchor = r.anchor
    if anchor is None:
        return None
    return r.add(Found(i, i + 1, f"{anchor.edtf(anchor.shift(-1))}/{anchor.edtf(anchor.day)}", r.relative))


def from_text(r: Reader, first: int, last: int, shift: int) -> int | None:
    """The day `shift` days after the one told last."""
    told = r.last_told()
    if told is None or told.day is None:
        return None
    day = Anchor(told.day).shift(shift)
    edtf = Anchor(told.day, told.dated).edtf(day)
    return r.add(Found(first, last, edtf, "relative-to-text", day, dated=told.dated))


def same_or_next(r: Reader, i: int) -> int | None:
    """उसी दिन, इसी दिन, the same day, the next day, that evening."""
    key = r.tokens.key
    at = i + 2 if key(i + 1) == "ही" else i + 1
    unit = r.kind(at)
    if unit is None or not (unit.value == "day" or unit.kind == "part"):
        return None
    if key(i) in ("next", "following", "अगले", "अगली"):
        return from_text(r, i, at + 1, 1)
    if key(i) in ("उसी", "इसी", "same", "that"):
        return from_text(r, i, at + 1, 0)
    return None
