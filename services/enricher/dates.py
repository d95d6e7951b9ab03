"""Dates and times told in Hindi and English text, resolved to EDTF with their provenance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.contracts.enriched import TimeExpression
from services.enricher import tense
from services.language import calendar, numerals
from services.language.calendar import Anchor, Entry
from services.language.tokens import Tokens

Provenance = Literal["explicit", "relative-to-publication", "relative-to-text", "unknown"]

_ISO = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:T[0-9:.+Z-]{1,32})?")
_NUMERIC = re.compile(r"(?<![\d./-])([0-9०-९]{1,2})([./-])([0-9०-९]{1,2})\2([0-9०-९]{4}|[0-9०-९]{2})(?![\d/-])")
_CLOCK = re.compile(r"([0-9०-९]{1,2})(?:[:.]([0-9०-९]{2}))?$")
_ORDINAL_END = frozenset(("st", "nd", "rd", "th"))
_HINDI_NTH = {"पहले": 1, "पहली": 1, "दूसरे": 2, "दूसरी": 2, "तीसरे": 3, "तीसरी": 3, "चौथे": 4, "आखिरी": -1, "अंतिम": -1}
_ENGLISH_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_YEAR_BEFORE = frozenset(
    "in since of by until till from during before after year early late mid the a and between through through to वर्ष साल सन सन् ( ,".split()
)
_YEAR_AFTER = frozenset("में से के की का तक और ) को".split())
_NOT_YEAR_AFTER = frozenset("लोग लोगों रुपये रुपए रुपयों people hours km mw metres".split())
_UNTIL_EN = frozenset(("until", "till", "by"))
_SINCE_EN = frozenset(("since", "from"))
_LATE = frozenset(("end", "अंत", "आखिर", "आखिरी", "late", "close"))
_MARCH_BEFORE = frozenset(
    "ने कि को में के से और पर तक का की व तथा लेकिन पर वह वे यह इस अगले पिछले बीते साल वर्ष समझौता तो ही भी अगर गत".split()
)
_MARCH_AFTER = frozenset("में तक से के की को".split())
_ENGLISH_MONTH_BEFORE = frozenset(
    "in of since by until till from during before after last next this early late mid between and to for through previous"
    " every each past".split()
)


@dataclass(slots=True)
class Found:
    """An expression over words `first` to `last - 1`; `day` is its day when it is one, for "the next day" after it."""

    first: int
    last: int
    edtf: str
    provenance: Provenance
    day: date | None = None
    time: str | None = None


@dataclass(slots=True)
class _Reader:
    """Reads one article's expressions in order; what was read before resolves what is told relative to it."""

    tokens: Tokens
    anchor: Anchor | None
    from_text: bool  # the anchor was read in the text, not given as publication date
    found: list[Found] = field(default_factory=list)
    first: int = 0  # of the sentence
    last: int = 0

    # ---- helpers -------------------------------------------------------------------------------------------------

    @property
    def relative(self) -> Provenance:
        return "relative-to-text" if self.from_text else "relative-to-publication"

    def kind(self, i: int) -> Entry | None:
        return calendar.table().get(self.tokens.keys[i]) if self.first <= i < self.last else None

    def is_kind(self, i: int, kind: str) -> bool:
        entry = self.kind(i)
        return entry is not None and entry.kind == kind

    def tense(self, i: int, start: int) -> tense.Tense | None:
        """Tense of the clause of the words `start` to `i - 1`."""
        if self.tokens.keys[start].isascii() and self.tokens.keys[start].isalpha():
            return tense.english(self.tokens, i, self.first, self.last, start)
        if (
            self.tokens.keys[start][:1].isdigit()
            and self.tokens.key(i - 1).isascii()
            and self.tokens.key(i - 1).isalpha()
        ):
            return tense.english(self.tokens, i, self.first, self.last, start)
        return tense.hindi(self.tokens, i, self.last)

    def add(self, found: Found | None) -> int | None:
        if found is None:
            return None
        self.found.append(found)
        return found.last

    def number(self, i: int) -> numerals.Numeral | None:
        if not self.first <= i < self.last or not numerals.starts_number(self.tokens.keys[i]):
            return None
        return numerals.read(self.tokens, i)

    def day_number(self, i: int) -> int | None:
        """1-31 when word `i` alone tells it."""
        if not self.first <= i < self.last:
            return None
        key = self.tokens.keys[i]
        value = numerals.digits(key) if key[:1].isdigit() else None
        if value is None:
            role, worth = numerals.table().get(key, ("", 0.0))
            value = worth if role == "unit" and not key.isascii() else None
        return int(value) if value is not None and value == int(value) and 1 <= value <= 31 else None

    def year_number(self, i: int) -> int | None:
        """1000-2199 in four digits at word `i`."""
        if not self.first <= i < self.last or len(self.tokens.keys[i]) != 4 or not self.tokens.keys[i][0].isdigit():
            return None
        value = numerals.digits(self.tokens.keys[i])
        return int(value) if value is not None and value == int(value) and 1000 <= value <= 2199 else None

    # ---- resolution ----------------------------------------------------------------------------------------------

    def nearest_year(self, month: int, day: int | None, when: tense.Tense | None) -> int | None:
        """The year that puts a month (and day) nearest to the anchor, on the side that the tense tells."""
        if self.anchor is None or not self.anchor.dated:
            return None
        base = self.anchor.day

        def cost(year: int) -> float:
            if day is None:
                gap = float((year - base.year) * 12 + month - base.month)
            else:
                if not calendar.valid(year, month, day):
                    return 1e9
                gap = (date(year, month, day) - base).days / 30.4
            wrong = (when == "past" and gap > 0.05) or (when == "future" and gap < -0.05)
            return abs(gap) + (5.5 if wrong else 0.0)

        years = [y for y in (base.year - 1, base.year, base.year + 1) if 1 <= y <= 9999]
        return min(years, key=cost)

    def day_found(self, first: int, last: int, year: int | None, month: int, day: int) -> Found | None:
        """A day with or without its year."""
        if not calendar.valid(year, month, day):
            return None
        if year is not None:
            return Found(first, last, f"{year:04d}-{month:02d}-{day:02d}", "explicit", date(year, month, day))
        resolved = self.nearest_year(month, day, self.tense(last, first))
        if resolved is None or not calendar.valid(resolved, month, day):
            return Found(first, last, f"XXXX-{month:02d}-{day:02d}", "unknown", date(2000, month, day))
        value = date(resolved, month, day)
        return Found(first, last, value.isoformat(), self.relative, value)

    def last_day_told(self) -> date | None:
        """The day told most recently before."""
        for found in reversed(self.found):
            if found.day is not None:
                return found.day
        return None

    # ---- expressions, each from its word i; they return the index after it, or None -----------------------------

    def month(self, i: int) -> int | None:
        keys, month = self.tokens.keys, self.kind(i)
        assert month is not None
        word = self.tokens.words[i].text
        if keys[i].isascii() and (word[0].islower() or (len(word) <= 4 and word.isupper() and len(keys[i]) != 3)):
            return None
        after = i + 1
        if len(keys[i]) <= 4 and self.tokens.key(after) == "." and keys[i] not in ("may", "june", "july"):
            after += 1
        first, day, high = i, None, None
        before = i - 1
        if keys[before] == "of" and before > self.first:
            before -= 1
        if self.tokens.key(before) in _ORDINAL_END and self.tokens.glued(before):
            before -= 1
        joined = before
        value = self.day_number(before)
        if value is not None and before >= self.first:
            first, day = before, value
            separator = self.tokens.key(before - 1)
            low = self.day_number(before - 2) if separator in "-–—" or separator in ("से", "to") else None
            if low is not None and low < value:
                first, day, high = before - 2, low, value
        del joined
        year: int | None = None
        if day is None and keys[i].isascii():
            value = self.day_number(after)
            if value is not None and keys[after][:1].isdigit():
                day, after = value, after + 1
                if self.tokens.key(after) in _ORDINAL_END and self.tokens.glued(after):
                    after += 1
                if (
                    self.tokens.key(after) in ("-", "–", "to")
                    and self.tokens.keys[after][:1]
                    and self.day_number(after + 1)
                ):
                    high = self.day_number(after + 1)
                    if high is not None and high > day and not self.is_kind(after + 2, "unit"):
                        after += 2
                    else:
                        high = None
        told = self.year_number(after + 1) if self.tokens.key(after) == "," else self.year_number(after)
        if told is not None and not (self.tokens.key(after) == "," and day is None and not keys[i].isascii()):
            year, after = told, after + (2 if self.tokens.key(after) == "," else 1)
        if (
            year is None
            and first > self.first
            and self.year_number(first - 1)
            and self.tokens.key(first) not in _ORDINAL_END
        ):
            year, first = self.year_number(first - 1), first - 1
        if day is None and not self.month_sure(i, year):
            return None
        if year is None:
            year, first, after = self.year_around(i, first, after)
        if day is not None:
            found = self.day_found(first, after, year, month.number, day)
            if found is not None and high is not None and "XXXX" not in found.edtf and found.day is not None:
                if calendar.valid(found.day.year, month.number, high):
                    found.edtf += "/" + found.day.replace(day=high).isoformat()
            return self.add(self.bounded(found))
        return self.whole_month(i, first, after, year, month.number)

    def month_sure(self, i: int, year: int | None) -> bool:
        """Whether a month's name without a day means the month: मार्च and March are also marches, May a verb."""
        if year is not None:
            return True
        keys, before = self.tokens.keys, self.tokens.key(i - 1)
        if self.is_kind(i - 1, "last") or self.is_kind(i - 1, "next") or self.is_kind(i - 1, "this"):
            return True
        if keys[i] == "मार्च":
            free = i == self.first or before in _MARCH_BEFORE or not before[-1:].isalnum()
            return free and self.tokens.key(i + 1) in _MARCH_AFTER
        if keys[i] == "मई":
            return True
        if keys[i] in ("may", "march"):
            return before in _ENGLISH_MONTH_BEFORE or self.is_kind(i + 1, "last")
        return True

    def year_around(self, i: int, first: int, after: int) -> tuple[int | None, int, int]:
        """Year told beside a month: "पिछले साल मार्च", "March last year", "2022 के मार्च", "last October"."""
        if self.anchor is None or not self.anchor.dated:
            return None, first, after
        at = first - 1
        if self.tokens.key(at) in ("के", "की", "में"):
            at -= 1
        unit, which = self.kind(at), self.kind(at - 1)
        if unit and unit.value == "year" and which and which.kind in ("last", "next", "this"):
            return self.anchor.day.year + which.number, at - 1, after
        at = after + 1 if self.tokens.key(after) == "of" else after
        which, unit = self.kind(at), self.kind(at + 1)
        if unit and unit.value == "year" and which and which.kind in ("last", "next", "this"):
            return self.anchor.day.year + which.number, first, at + 2
        which, month = self.kind(first - 1), self.kind(i)
        assert month is not None
        if which and which.kind in ("last", "next") and self.anchor is not None:
            base = self.anchor.day
            if which.kind == "last":
                return base.year - (1 if month.number >= base.month else 0), first - 1, after
            return base.year + (1 if month.number <= base.month else 0), first - 1, after
        return None, first, after

    def whole_month(self, i: int, first: int, after: int, year: int | None, month: int) -> int | None:
        """A month, or a week of it."""
        provenance: Provenance = "explicit"
        if year is None:
            year = self.nearest_year(month, None, self.tense(after, first))
            provenance = "unknown" if year is None else self.relative
        edtf = f"XXXX-{month:02d}" if year is None else f"{year:04d}-{month:02d}"
        nth, start = self.week_of_month(first, after)
        if nth and year is not None:
            length = calendar.last_day(year, month)
            low = length - 6 if nth < 0 else 7 * nth - 6
            edtf = f"{edtf}-{low:02d}/{edtf}-{min(low + 6, length):02d}"
            first = min(first, start)
        if self.tokens.key(first - 1) == "mid" or self.tokens.key(first - 2) == "mid":
            first = first - 1
        return self.add(self.bounded(Found(first, after, edtf, provenance)))

    def week_of_month(self, first: int, after: int) -> tuple[int, int]:
        key = self.tokens.key
        if key(first - 1) == "of" and key(first - 2) in ("week", "सप्ताह") and key(first - 3) in _ENGLISH_NTH:
            return _ENGLISH_NTH[key(first - 3)], first - 3
        unit = self.kind(after + 2)
        if key(after) == "के" and key(after + 1) in _HINDI_NTH and unit and unit.value == "week":
            return _HINDI_NTH[key(after + 1)], first
        return 0, first

    def bounded(self, found: Found | None) -> Found | None:
        """Opens an interval where words before or after say until or since."""
        if found is None or "/" in found.edtf:
            return found
        key = self.tokens.key
        before, after = key(found.first - 1), key(found.last)
        if before == "the":
            before = key(found.first - 2)
        if after in ("को", "की", "सुबह", "शाम", "रात", "दोपहर", "आधी") and key(found.last + 1) in ("तक", "से"):
            after = key(found.last + 1)
        if after == "आधी" and key(found.last + 2) in ("तक", "से"):
            after = key(found.last + 2)
        if self.is_kind(found.first - 1, "this") or any(
            key(at) in _LATE for at in (found.last, found.last + 1, found.first - 2)
        ):
            return found
        if before in _UNTIL_EN or after == "तक":
            found.edtf = f"../{found.edtf}"
        elif before in _SINCE_EN and not (before == "from" and key(found.last) in ("to", "-", "until", "till")):
            found.edtf = f"{found.edtf}/.."
        elif after == "से" and self.ongoing(found.last + 1):
            found.edtf = f"{found.edtf}/.."
        return found

    def ongoing(self, i: int) -> bool:
        """Whether the Hindi clause goes on at the time of writing: बंद है, कर रखा है, जारी है."""
        for at in range(i, min(self.last, i + 14)):
            key = self.tokens.keys[at]
            if key in ("जारी", "रखा", "रखी", "रखे") or (
                key in ("है", "हैं") and self.tokens.keys[at - 1] in ("बंद", "ठप", "पर")
            ):
                return True
            if key in ("कि", "।", ","):
                return False
        return False

    def weekday(self, i: int) -> int | None:
        entry, anchor = self.kind(i), self.anchor
        assert entry is not None
        if self.tokens.keys[i].isascii() and self.tokens.words[i].text[0].islower():
            return None
        first, last = i, i + 1
        which = self.kind(i - 1)
        if which and which.kind in ("last", "next", "this"):
            first = i - 1
        elif which and which.kind == "unit" and which.value == "week" and (wider := self.kind(i - 2)):
            if wider.kind in ("last", "next", "this") and anchor is not None and anchor.dated:  # पिछले हफ्ते मंगलवार
                monday = anchor.shift(7 * wider.number - anchor.day.weekday())
                day = Anchor(monday).shift(entry.number)
                return self.add(self.bounded(Found(i - 2, last, day.isoformat(), self.relative, day)))
        if anchor is None:
            return None
        own = anchor.of_week()
        if own is None:  # a dateline without a year: the lede tells the day it was written
            self.anchor = anchor = anchor._replace(weekday=entry.number)
            return self.add(self.bounded(Found(first, last, anchor.edtf(anchor.day), self.relative, anchor.day)))
        back, ahead = -((own - entry.number) % 7), (entry.number - own) % 7
        if first < i and which is not None and which.kind == "last":
            shift = back or -7
        elif first < i and which is not None and which.kind == "next":
            shift = ahead or 7
        elif back == 0:
            shift = 0
        else:
            when = self.tense(last, first)
            if self.tokens.key(last) == "तक" or self.tokens.key(i - 1) in _UNTIL_EN:
                when = when or "future"
            shift = ahead if when == "future" else back
        day = anchor.shift(shift)
        return self.add(self.bounded(Found(first, last, anchor.edtf(day), self.relative, day)))

    def relative_day(self, i: int) -> int | None:
        """today, कल, परसों, day after tomorrow."""
        entry, anchor, key = self.kind(i), self.anchor, self.tokens.key
        assert entry is not None
        if anchor is None:
            return None
        first, shift = i, entry.number
        if entry.kind == "either":
            if key(i - 1) in ("बीते", "बीता", "गत"):
                when, first = "past", i - 1
            elif key(i - 1) == "वाले" and key(i - 2) == "आने":
                when, first = "future", i - 2
            elif self.is_kind(i + 1, "part") and key(i + 1) == "रात" and key(i + 2) in ("को", "ही", "एक") and False:
                when = "past"
            else:
                when = tense.hindi(self.tokens, i + 1, self.last) or "past"
            shift = -shift if when == "past" else shift
        elif key(i) in ("tomorrow", "yesterday") and key(i - 1) in ("after", "before") and key(i - 2) == "day":
            first, shift = i - 2, 2 * shift
            if key(i - 3) == "the":
                first -= 1
        elif key(i) == "आज" and key(i + 1) in ("के", "की", "का") and key(i + 2) in ("दौर", "समय", "जमाने", "युग"):
            return None
        day = anchor.shift(shift)
        return self.add(self.bounded(Found(first, i + 1, anchor.edtf(day), self.relative, day)))

    def overnight(self, i: int) -> int | None:
        anchor = self.anchor
        if anchor is None:
            return None
        return self.add(Found(i, i + 1, f"{anchor.edtf(anchor.shift(-1))}/{anchor.edtf(anchor.day)}", self.relative))

    def span(self, i: int) -> int | None:
        """this/last/next with a unit: a week, a month, a year, the last three days, बीती रात, this morning."""
        which, anchor, key = self.kind(i), self.anchor, self.tokens.key
        assert which is not None
        at = i + 1
        if key(at) in ("ही", "भी"):
            at += 1
        unit = self.kind(at)
        if unit and unit.kind == "unit" and unit.value == "day" and (which.kind == "next" or key(i) in ("इसी", "same")):
            return self.from_text_day(i, at + 1, 1 if which.kind == "next" else 0)
        if anchor is None:
            return None
        if unit and unit.kind == "part":
            shift = which.number if key(at) in ("रात", "रात्रि", "night", "evening", "शाम") else 0
            if which.kind == "next" or (which.kind == "this" and not key(i).isascii()):
                return None
            day = anchor.shift(shift)
            return self.add(Found(i, at + 1, anchor.edtf(day), self.relative, day))
        if unit and unit.kind == "weekend" and anchor.dated:
            saturday = anchor.shift(5 - anchor.day.weekday() + 7 * (which.number if which.kind != "last" else -1))
            return self.add(
                Found(i, at + 1, f"{saturday.isoformat()}/{Anchor(saturday).shift(1).isoformat()}", self.relative)
            )
        if unit and unit.kind == "unit":
            if self.is_kind(at + 1, "month") or self.is_kind(at + 2, "month") and key(at + 1) in ("के", "की", "में"):
                return None  # पिछले साल मार्च: read from the month
            if self.is_kind(at + 1, "weekday"):
                return None
            edtf = self.unit_at(unit.value, which.number)
            if edtf is None:
                return None
            return self.add(self.bounded(Found(i, at + 1, edtf, self.relative)))
        number = self.number(at)
        if number is not None and which.kind != "this":
            unit = self.kind(number.last)
            if unit and unit.kind == "unit":
                edtf = self.run(unit.value, int(number.value) * (-1 if which.kind == "last" else 1))
                if edtf is not None:
                    return self.add(Found(i, number.last + 1, edtf, self.relative))
        return None

    def unit_at(self, unit: str, n: int) -> str | None:
        """The week, month, year or decade `n` after that of the anchor."""
        anchor = self.anchor
        if anchor is None:
            return None
        day = anchor.day
        if unit == "week" and anchor.dated:
            return calendar.week_of(day, n)
        if unit == "month":
            return anchor.month(*calendar.month_after(day.year, day.month, n))
        if unit == "year":
            return anchor.year(day.year + n)
        if unit == "decade" and anchor.dated:
            return f"{day.year // 10 + n}X"
        if unit == "day" and n == 0:
            return anchor.edtf(day)
        return None

    def run(self, unit: str, n: int) -> str | None:
        """The `n` units up to the anchor (negative) or after it, as an interval."""
        anchor = self.anchor
        if anchor is None or not 0 < abs(n) < 1000:
            return None
        day = anchor.day
        days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
        if days is not None:
            ends = (anchor.shift(days * n), day) if n < 0 else (anchor.shift(1), anchor.shift(days * n))
            return "/".join(anchor.edtf(d) for d in ends)
        if unit in ("hour", "minute"):
            far = anchor.shift(-(-abs(n) // 24) * (1 if n > 0 else -1)) if unit == "hour" else day
            return "/".join(anchor.edtf(d) for d in sorted((far, day)))
        if not anchor.dated:
            return None
        if unit == "month":
            months = sorted(
                (calendar.month_after(day.year, day.month, n), calendar.month_after(day.year, day.month, n > 0))
            )
            return "/".join(anchor.month(*m) for m in months)
        years = n * (10 if unit == "decade" else 1)
        low, high = (day.year + years, day.year) if n < 0 else (day.year + 1, day.year + years)
        return f"{low:04d}/{high:04d}" if low > 0 else None

    def from_text_day(self, first: int, last: int, shift: int) -> int | None:
        """The next day, उसी दिन: from the day told last."""
        base = self.last_day_told()
        anchor = self.anchor
        if base is None or (base.year == 2000 and anchor is not None and anchor.dated and anchor.day.year != 2000):
            return None
        undated = anchor is None or not anchor.dated
        day = Anchor(base).shift(shift)
        plain = self.found[-1].edtf if self.found else ""
        edtf = f"XXXX-{day:%m-%d}" if undated and plain.startswith("XXXX") else day.isoformat()
        return self.add(Found(first, last, edtf, "relative-to-text", day))

    def counted(self, number: numerals.Numeral) -> int | None:
        """Three days ago, दो साल पहले, a week earlier, in two days."""
        key, at = self.tokens.key, number.last
        unit = self.kind(at)
        if unit is None or unit.kind != "unit" or unit.value in ("hour", "minute"):
            return None
        last = at + 1
        if key(last) in ("ही", "भी", "से", "तक"):
            if key(last) == "से" and key(last + 1) in ("जारी", "चल"):
                edtf = self.run(unit.value, -int(number.value))
                return self.add(Found(number.first, last + 1, edtf, self.relative)) if edtf else None
            last += 1
        way = self.kind(last)
        if way is None or way.kind not in ("ago", "later"):
            return None
        if key(last) == "before" or (key(last) in ("later", "after") and key(last + 1) in ("than", "the", "a")):
            return None
        n = int(number.value) * way.number
        told = self.last_day_told()
        near = unit.value in ("day", "week")
        from_text = (
            told is not None
            and near
            and (key(last) in ("earlier", "later", "बाद") or (n == -1 and unit.value == "day"))
        )
        if key(number.first - 1) in ("इससे", "उससे", "इसके", "उसके"):
            from_text = told is not None and near
        base = Anchor(told) if from_text and told is not None else self.anchor
        if base is None or (way.kind == "later" and not from_text):
            return None
        if near:
            day = base.shift(n * (7 if unit.value == "week" else 1))
            edtf = day.isoformat() if base.dated and (self.anchor is None or self.anchor.dated) else f"XXXX-{day:%m-%d}"
            return self.add(
                Found(number.first, last + 1, edtf, "relative-to-text" if from_text else self.relative, day)
            )
        if not base.dated:
            return None
        scale = {"fortnight": 0, "month": 1, "year": 12, "decade": 120}[unit.value]
        if scale == 0:
            day = base.shift(14 * n)
            return self.add(Found(number.first, last + 1, day.isoformat(), self.relative, day))
        year, month = calendar.month_after(base.day.year, base.day.month, n * scale)
        if not 1 <= year <= 9999:
            return None
        edtf = f"{year:04d}" if scale >= 12 else f"{year:04d}-{month:02d}"
        return self.add(Found(number.first, last + 1, edtf, self.relative))

    def year(self, i: int) -> int | None:
        """A bare year, a run of years, or a decade."""
        key = self.tokens.key
        value = self.year_number(i)
        if value is None or (i > self.first and key(i - 1) in ("$", "₹", "€", "£", "-", "/", "%", "#", "रु", "rs")):
            return None
        after, last = key(i + 1), i + 1
        if after == "s" and self.tokens.glued(i + 1) and value % 10 == 0:
            return self.add(Found(i, i + 2, f"{value // 10}X", "explicit"))
        if after == "के" and (unit := self.kind(i + 2)) and unit.value == "decade" and value % 10 == 0:
            return self.add(Found(i, i + 3, f"{value // 10}X", "explicit"))
        if after in ("-", "–", "से", "to") and value >= 1500:
            end = self.year_number(i + 2)
            short = (
                numerals.digits(key(i + 2))
                if key(i + 2)[:1].isdigit() and len(key(i + 2)) == 2 and after in "-–"
                else None
            )
            if short is not None:
                end = value // 100 * 100 + int(short)
            if end is not None and end > value:
                return self.add(Found(i, i + 3, f"{value:04d}/{end:04d}", "explicit"))
        if not 1700 <= value <= 2150 or after in _NOT_YEAR_AFTER or self.is_kind(i + 1, "unit"):
            return None
        before = key(i - 1) if i > self.first else ""
        sure = before in _YEAR_BEFORE or after in _YEAR_AFTER or i == self.first
        if not sure or after in ("%", "रुपये", "रुपए", "percent", "लाख", "करोड़", "million"):
            return None
        if (
            before in ("the", "a", "and", ",", "to", "of", "के", "(")
            and after[:1].isalpha()
            and after.isascii()
            and after.endswith("s")
        ):
            return None  # "the 2000 protesters"
        return self.add(self.bounded(Found(i, last, f"{value:04d}", "explicit")))

    def season(self, i: int) -> int | None:
        entry = self.kind(i)
        assert entry is not None
        key = self.tokens.key
        if self.anchor is None or not self.anchor.dated or key(i - 1) not in ("the", "this", "next", "last", "in"):
            return None
        year = self.anchor.day.year
        month = 3 * (entry.number - 20) + 1
        if key(i - 1) in ("next", "last"):
            year += 1 if key(i - 1) == "next" else -1
        else:
            year = self.nearest_year(month, None, self.tense(i + 1, i)) or year
        return self.add(Found(i, i + 1, f"{year:04d}-{entry.value}", self.relative))

    def clock(self, i: int) -> int | None:
        """A clock time: "शाम पांच बजे", "5:30 pm", "17:00 GMT"; joins the day told just before it."""
        key = self.tokens.key
        match = _CLOCK.match(key(i))
        hour = minute = None
        last = i + 1
        if match:
            hour, minute = int(match[1]), int(match[2] or 0)
        else:
            number = self.number(i)
            if number is not None and key(number.last) == "बजे" and number.value * 2 == int(number.value * 2):
                hour, minute, last = int(number.value), int(number.value * 60) % 60, number.last
        if hour is None or minute is None or hour > 24 or minute > 59:
            return None
        colon = match is not None and ":" in key(i)
        half, end = "", last
        if key(last) == "बजे":
            end = last + 1
        elif key(last) in ("am", "pm", "a.m.", "p.m.", "a.m", "p.m"):
            half, end = key(last)[0], last + 1
        elif key(last) in ("a", "p") and key(last + 1) == "." and key(last + 2) == "m":
            half, end = key(last), last + 3
        elif key(last) == "o'clock" or key(last) == "hrs":
            end = last + 1
        elif not colon:
            return None
        first = i
        part = self.kind(i - 1)
        if part and part.kind == "part":
            first = i - 1
            if part.value in ("afternoon", "evening") or (part.value == "night" and hour >= 6):
                half = "p"
            elif part.value in ("morning", "night"):
                half = "a"
        if half == "p" and hour < 12:
            hour += 12
        elif half == "a" and hour == 12:
            hour = 0
        zone = self.kind(end)
        time = f"{hour % 24:02d}:{minute:02d}"
        if zone and zone.kind == "zone":
            time, end = f"{time} {zone.value}", end + 1
        before = self.found[-1] if self.found else None
        if before and before.last >= self.first and before.time is None and first - before.last <= 3:
            before.last, before.time = max(before.last, end), time
            return end
        if before and before.first >= self.first:
            edtf, provenance, day = before.edtf, before.provenance, before.day
        elif self.anchor is not None:
            edtf, provenance, day = self.anchor.edtf(self.anchor.day), self.relative, None
        else:
            edtf, provenance, day = "XXXX-XX-XX", "unknown", None
        return self.add(Found(first, end, edtf, provenance, day, time))

    # ---- the pass ------------------------------------------------------------------------------------------------

    def read(self, first: int, last: int) -> None:
        """Read the sentence of words `first` to `last - 1`."""
        self.first, self.last = first, last
        table, keys, words = calendar.table(), self.tokens.keys, numerals.table()
        at = first
        while at < last:
            key = keys[at]
            entry = table.get(key)
            after: int | None = None
            if entry is not None:
                after = self.word(at, entry)
            elif key[:1].isdigit() or (key in words and words[key][0] != "all"):
                after = self.numeric(at)
            elif key in ("उसी", "same", "next", "following") or (
                key == "that" and self.tokens.key(at + 1) in ("day", "evening")
            ):
                after = self.same_day(at)
            at = after if after is not None and after > at else at + 1

    def word(self, i: int, entry: Entry) -> int | None:
        if entry.kind == "month":
            return self.month(i)
        if entry.kind == "weekday":
            return self.weekday(i)
        if entry.kind in ("day", "either"):
            return self.relative_day(i)
        if entry.kind in ("this", "last", "next"):
            found = self.span(i)
            return found if found is not None else self.same_day(i)
        if entry.kind == "overnight":
            return self.overnight(i)
        if entry.kind == "season":
            return self.season(i)
        return None

    def numeric(self, i: int) -> int | None:
        clock = self.clock(i)
        if clock is not None:
            return clock
        key = self.tokens.key
        if self.day_number(i) is not None and self.is_kind(i + 1, "month"):
            return None  # read from the month
        number = self.number(i)
        if number is None:
            if key(i) in ("a", "an") and self.is_kind(i + 1, "unit"):
                return self.counted(numerals.Numeral(i, i + 1, 1.0, None, False))
            return None
        found = self.counted(number)
        if found is not None:
            return found
        if self.year_number(i) is not None:
            return self.year(i)
        return number.last if number.last > i + 1 and not self.is_kind(number.last, "month") else None

    def same_day(self, i: int) -> int | None:
        """उसी दिन, इसी दिन, the same day, the next day, that evening."""
        key = self.tokens.key
        at = i + 1
        if key(at) == "ही":
            at += 1
        unit = self.kind(at)
        if unit is None or not (unit.value == "day" or unit.kind == "part"):
            return None
        if key(i) in ("next", "following") or key(i) in ("अगले", "अगली"):
            return self.from_text_day(i, at + 1, 1) if key(i - 1) != "day" else None
        if key(i) in ("उसी", "इसी", "same", "that"):
            return self.from_text_day(i, at + 1, 0)
        return None


def anchor_of(published: str | None, text: str, tokens: Tokens) -> tuple[Anchor | None, bool]:
    """The day that relative words count from, and whether it was read in the text (a dateline) because none was given."""
    if published:
        match = re.match(r"(\d{4})-(\d{2})-(\d{2})", published)
        if match:
            year, month, day = map(int, match.groups())
            if calendar.valid(year, month, day):
                return Anchor(date(year, month, day)), False
    reader = _Reader(tokens, None, True)
    reader.first, reader.last = 0, min(len(tokens), 14)  # a dateline stands at the very beginning
    table = calendar.table()
    for i in range(reader.first, reader.last):
        if tokens.keys[i] in ("।", ":", "—", "ने") and i > 1:
            reader.last = i
            break
    for i in range(reader.first, reader.last):
        entry = table.get(tokens.keys[i])
        if entry is not None and entry.kind == "month" and reader.month(i) is not None:
            found = reader.found[-1]
            if found.day is not None and "/" not in found.edtf:
                return Anchor(found.day, dated=not found.edtf.startswith("XXXX")), True
    return None, True


def _numeric_dates(text: str, tokens: Tokens) -> list[Found]:
    """Dates in figures: 2024-01-10, 10/01/2024, 10.01.24; the day comes first unless it cannot."""
    found = []
    for pattern in (_ISO, _NUMERIC):
        for match in pattern.finditer(text):
            if pattern is _ISO:
                year, month, day = (int(g) for g in match.groups())
            else:
                day, month, year = int(match[1]), int(match[3]), int(match[4])
                if year < 100:
                    if match[2] == ".":
                        continue
                    year += 2000 if year < 70 else 1900
                if month > 12 >= day:
                    day, month = month, day
            if calendar.valid(year, month, day) and year >= 1000:
                value = date(year, month, day)
                first, last = tokens.at(match.start()), tokens.at(match.end())
                if last > first:
                    found.append(Found(first, last, value.isoformat(), "explicit", value))
    return found


def find(
    text: str, tokens: Tokens, sentences: Sequence[tuple[int, int]], published: str | None
) -> list[TimeExpression]:
    """Time expressions of `text` in order.

    `sentences` are its sentence ranges; `published` is an ISO date or date-time, or None: then years stay unspecified.
    """
    anchor, from_text = anchor_of(published, text, tokens)
    reader = _Reader(tokens, anchor, from_text)
    numeric = {f.first: f for f in _numeric_dates(text, tokens)}
    for start, end in sentences:
        first, last = tokens.at(start), tokens.at(end)
        begin = first
        for at in sorted(k for k in numeric if first <= k < last):
            reader.read(begin, at)
            reader.found.append(numeric[at])
            begin = numeric[at].last
        reader.read(begin, last)
    return [
        TimeExpression(
            start=tokens.words[f.first].start,
            end=tokens.words[f.last - 1].end,
            text=text[tokens.words[f.first].start : tokens.words[f.last - 1].end],
            edtf=f.edtf,
            provenance=f.provenance,
            time=f.time,
        )
        for f in sorted(reader.found, key=lambda f: f.first)
    ]
