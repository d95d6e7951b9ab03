"""Clock times with their zone; they join the day told just before them."""

from __future__ import annotations

import re

from services.enricher.dates.reader import Found, Reader
from services.language import numerals

_CLOCK = re.compile(r"([0-9०-९]{1,2})(?:[:.]([0-9०-९]{2}))?$")
_HALVES = frozenset(("am", "pm", "a.m.", "p.m.", "a.m", "p.m"))


def read(r: Reader, i: int) -> int | None:
    """The clock time that starts at word `i`: "शाम पांच बजे", "5:30 pm", "17:00 GMT"; the index after it."""
    key, last = r.tokens.key, i + 1
    match = _CLOCK.match(key(i))
    colon = match is not None and ":" in key(i)
    figures = numerals.digits(key(i)) if len(key(i)) == 4 and r.is_kind(last, "zone") else None
    if figures is not None:  # 2030 GMT
        hour, minute, colon = int(figures) // 100, int(figures) % 100, True
    elif match is not None:
        hour, minute = int(match[1]), int(match[2] or 0)
    else:
        number = r.number(i)
        if number is None or key(number.last) != "बजे" or not 0 <= number.value <= 24:
            return None
        hour, minute, last = int(number.value), int(number.value * 60) % 60, number.last
    if hour > 24 or minute > 59:
        return None
    half, end = _half(r, last)
    if end == last and not colon:
        return None
    first, part = i, r.kind(i - 1)
    if part is not None and part.kind == "part":
        first = i - 1
        late = part.value in ("afternoon", "evening") or (part.value == "night" and hour >= 6)
        half = "p" if late else "a"
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    time, zone = f"{hour % 24:02d}:{minute:02d}", r.kind(end)
    if zone is not None and zone.kind == "zone":
        time, end = f"{time} {zone.value}", end + 1
    return _place(r, first, end, time)


def _half(r: Reader, last: int) -> tuple[str, int]:
    """Half of the day, and the word after the words that say it is a time of day."""
    key = r.tokens.key
    if key(last) in ("बजे", "o'clock", "hrs"):
        return "", last + 1
    if key(last) in _HALVES:
        return key(last)[0], last + 1
    if key(last) in ("a", "p") and key(last + 1) == "." and key(last + 2) == "m":
        return key(last), last + 3
    return "", last


def _place(r: Reader, first: int, end: int, time: str) -> int | None:
    """Joins the time to the day told before it in the sentence, else tells it of the anchor's day."""
    before = r.found[-1] if r.found else None
    if before is not None and before.last >= r.first and before.time is None and 0 <= first - before.last <= 3:
        before.last, before.time = max(before.last, end), time
        return end
    if before is not None and before.first >= r.first and before.day is not None:
        return r.add(Found(first, end, before.edtf, before.provenance, before.day, time, before.dated))
    told = r.last_told()
    if r.anchor is None and told is not None:
        return r.add(Found(first, end, told.edtf, "relative-to-text", told.day, time, told.dated))
    if r.anchor is not None:
        return r.add(Found(first, end, r.anchor.edtf(r.anchor.day), r.relative, None, time))
    return r.add(Found(first, end, "XXXX-XX-XX", "unknown", None, time))
