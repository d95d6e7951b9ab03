"""Weeks, months, years and runs of them: this week, last year, the past three days, two years ago, 1990s."""

from __future__ import annotations

from datetime import date

from services.enricher.dates import days
from services.enricher.dates.reader import Found, Reader, words_of
from services.language import numerals
from services.language.calendar import Anchor, last_day, month_after, week_of
from services.language.numerals import Numeral

_NIGHT = ("रात", "रात्रि", "night", "evening", "शाम")
_MONTHS = {"month": 1, "year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_NOT_MONEY = frozenset(("$", "₹", "€", "£", "-", "/", "%", "#", "रु", "rs"))
_STARTS = frozenset(("began", "begin", "begins", "start", "started", "starts", "शुरू", "आरंभ"))
_FEW = 8  # durations of one sentence
_ENDS = frozenset(("completed", "ended", "concluded", "wrapped"))


def which(r: Reader, i: int) -> int | None:
    """this, last or next at word `i` with a unit: a week, a month, बीती रात, this morning, the last three days."""
    entry, anchor, key = r.kind(i), r.anchor, r.tokens.key
    assert entry is not None
    at = i + 2 if key(i + 1) in ("ही", "भी") else i + 1
    unit = r.kind(at)
    if unit and unit.value == "day" and (entry.kind == "next" or key(i) == "इसी"):
        return days.from_text(r, i, at + 1, 1 if entry.kind == "next" else 0)
    if anchor is None:
        return None
    if unit and unit.kind == "part":
        if entry.kind == "next" or (entry.kind == "this" and not key(i).isascii()):
            return None
        return r.add_day(i, at + 1, anchor.shift(entry.number if key(at) in _NIGHT else 0), bounded=False)
    if unit and unit.kind == "weekend" and anchor.dated:
        saturday = Anchor(anchor.shift(5 - anchor.day.weekday() + 7 * entry.number))
        return r.add(Found(i, at + 1, f"{saturday.day.isoformat()}/{saturday.shift(1).isoformat()}", r.relative))
    if unit and unit.kind == "unit":
        joined = key(at + 1) in ("के", "की", "में")
        if r.is_kind(at + 1, "month") or (joined and r.is_kind(at + 2, "month")) or r.is_kind(at + 1, "weekday"):
            return None  # पिछले साल मार्च is read from the month
        edtf = _unit(r, unit.value, entry.number)
        return r.add(Found(i, at + 1, edtf, r.relative)) if edtf else None
    number = r.number(at)
    unit = r.kind(number.last) if number is not None else None
    if number is not None and unit and unit.kind == "unit" and entry.kind != "this":
        edtf = run(r, unit.value, int(number.value) * (-1 if entry.kind == "last" else 1))
        return r.add(Found(i, number.last + 1, edtf, r.relative)) if edtf else None
    return None


def _unit(r: Reader, unit: str, n: int) -> str | None:
    """The week, month, year or decade `n` after that of the anchor."""
    anchor = r.anchor
    assert anchor is not None
    day = anchor.day
    if unit == "month":
        return anchor.month(*month_after(day.year, day.month, n))
    if unit == "year":
        return anchor.year(day.year + n)
    if not anchor.dated:
        return None
    if unit == "week":
        return week_of(day, n)
    return f"{day.year // 10 + n}X" if unit == "decade" else None


def run(r: Reader, unit: str, n: int) -> str | None:
    """The `n` units up to the anchor (negative) or after it, as an interval."""
    anchor = r.anchor
    if anchor is None or not 0 < abs(n) < 1000:
        return None
    day, length = anchor.day, _DAYS.get(unit)
    if unit in ("hour", "minute"):
        far = anchor.shift((1 if n > 0 else -1) * -(-abs(n) // 24)) if unit == "hour" else day
        return "/".join(anchor.edtf(d) for d in sorted((far, day)))
    if length is not None:
        ends = (anchor.shift(length * n), day) if n < 0 else (anchor.shift(1), anchor.shift(length * n))
        return "/".join(anchor.edtf(d) for d in ends)
    if not anchor.dated:
        return None
    if unit == "month":
        ends_ = sorted((month_after(day.year, day.month, n), month_after(day.year, day.month, 1 if n > 0 else 0)))
        return "/".join(anchor.month(*m) for m in ends_)
    years = n * (10 if unit == "decade" else 1)
    low, high = (day.year + years, day.year) if n < 0 else (day.year + 1, day.year + years)
    return f"{low:04d}/{high:04d}" if low > 0 and high <= 9999 else None


def counted(r: Reader, number: Numeral) -> int | None:
    """Three days ago, दो साल पहले, a week earlier, a day after; चार दिन से जारी."""
    key, at = r.tokens.key, number.last
    unit = r.kind(at)
    if unit is None or unit.kind != "unit" or unit.value == "minute":
        return None
    last = at + 1
    if unit.value == "hour":  # 24 घंटे पहले
        ago = r.kind(last)
        days_ago = round(number.value / 24)
        if r.anchor is None or ago is None or ago.kind != "ago" or not 1 <= days_ago < 100:
            return None
        return r.add_day(number.first, last + 1, r.anchor.shift(-days_ago), bounded=False)
    if key(last) == "से" and key(last + 1) in ("जारी", "चल"):
        edtf = run(r, unit.value, -int(number.value))
        return r.add(Found(number.first, last + 1, edtf, r.relative)) if edtf else None
    if key(last) in ("ही", "भी"):
        last += 1
    way = r.kind(last)
    after = key(last) == "after" and r.tokens.keys[at].isascii()  # "a day after X": X was a day before
    if not after and (way is None or way.kind not in ("ago", "later")):
        return None
    later = not after and way is not None and way.kind == "later"
    n, near, told = int(number.value) * (1 if later else -1), unit.value in ("day", "week"), r.last_told()
    here = key(number.first - 1) in ("इससे", "उससे", "इसके", "उसके")
    beside = after or here or later or key(last) == "earlier" or (n == -1 and unit.value == "day")
    from_text = told is not None and near and beside
    base = Anchor(told.day, told.dated) if from_text and told and told.day else r.anchor
    if base is None or (later and not from_text):
        return None
    if unit.value in _DAYS:
        day = base.shift(n * _DAYS[unit.value])
        provenance = "relative-to-text" if from_text else r.relative
        return r.add(Found(number.first, last + 1, base.edtf(day), provenance, day, dated=base.dated))
    if not base.dated:
        return None
    year, month = month_after(base.day.year, base.day.month, n * _MONTHS[unit.value])
    if not 1 <= year <= 9999:
        return None
    edtf = f"{year:04d}-{month:02d}" if unit.value == "month" else f"{year:04d}"
    return r.add(Found(number.first, last + 1, edtf, r.relative))


def lasting(r: Reader) -> None:
    """A duration beside its first or last day: "a five-day exercise began on Tuesday", "सोमवार से तीन दिन की हड़ताल"."""
    key, told, durations = r.tokens.key, r.last_told(), r.durations[:_FEW]
    r.durations = []
    if not durations or told is None or told.day is None or not told.dated or told.first < r.first:
        return
    words = r.tokens.keys[r.first : r.last]
    starts = key(told.last) == "से" or any(w in _STARTS for w in words)
    if not starts and not any(w in _ENDS for w in words):
        return
    for number in durations:
        at = number.last
        hyphen = key(at) == "-"
        at += hyphen
        unit = r.kind(at)
        if unit is None or unit.value not in ("day", "week") or not 1 <= number.value < 100:
            continue
        if not (hyphen or key(at) == "दिवसीय" or key(at + 1) in ("की", "का", "के")):
            continue
        length = int(number.value) * _DAYS[unit.value] - 1
        first, last = (
            (told.day, Anchor(told.day).shift(length)) if starts else (Anchor(told.day).shift(-length), told.day)
        )
        r.add(Found(number.first, at + 1, f"{first.isoformat()}/{last.isoformat()}", "relative-to-text"))


def year(r: Reader, i: int) -> int | None:
    """A bare year, a run of years, or a decade."""
    key, value = r.tokens.key, r.year_number(i)
    before, after = (key(i - 1) if i > r.first else ""), key(i + 1)
    if value is None or before in _NOT_MONEY:
        return None
    if value % 10 == 0 and after == "s" and r.tokens.glued(i + 1):
        return r.add(Found(i, i + 2, f"{value // 10}X", "explicit"))
    if value % 10 == 0 and after == "के" and (unit := r.kind(i + 2)) and unit.value == "decade":
        return r.add(Found(i, i + 3, f"{value // 10}X", "explicit"))
    if after in ("-", "–", "से", "to") and value >= 1500:
        end, short = r.year_number(i + 2), key(i + 2)
        if after in "-–" and len(short) == 2 and short[0].isdigit() and (two := numerals.digits(short)) is not None:
            end = value // 100 * 100 + int(two)
        if end is not None and end > value:
            return r.add(Found(i, i + 3, f"{value:04d}/{end:04d}", "explicit"))
    if not 1700 <= value <= 2150 or after in words_of("not-year") or r.is_kind(i + 1, "unit"):
        return None
    if before not in words_of("year-before") and after not in words_of("year-after") and i != r.first:
        return None
    if before in ("the", "a", "and", ",", "to", "of", "(") and after.isascii() and after.isalpha() and after[-1] == "s":
        return None  # "the 2000 protesters"
    return r.add(r.bounded(Found(i, i + 1, f"{value:04d}", "explicit")))


def end_of(r: Reader, i: int) -> int | None:
    """The end of the month or year, as its last day; "by" makes it a limit."""
    key, unit = r.tokens.key, r.kind(i + 3)
    if r.anchor is None or not r.anchor.dated or key(i + 1) != "of" or key(i + 2) not in ("the", "this"):
        return None
    if unit is None or unit.value not in ("month", "year"):
        return None
    year, month = r.anchor.day.year, 12 if unit.value == "year" else r.anchor.day.month
    day = date(year, month, last_day(year, month))
    limit = key(i - 1) in words_of("until") or key(i - 2) in words_of("until")
    return r.add(Found(i, i + 4, f"{'../' if limit else ''}{day.isoformat()}", r.relative, None if limit else day))


def season(r: Reader, i: int) -> int | None:
    """A season, as EDTF has it: 2026-23 for the autumn."""
    entry, before = r.kind(i), r.tokens.key(i - 1)
    assert entry is not None
    if r.anchor is None or not r.anchor.dated or before not in ("the", "this", "next", "last", "in"):
        return None
    base, month = r.anchor.day, 3 * entry.number - 59  # an undated season is the coming one
    value = base.year + ({"next": 1, "last": -1}.get(before) or (1 if month + 2 < base.month else 0))
    return r.add(Found(i, i + 1, f"{value:04d}-{entry.value}", r.relative))
