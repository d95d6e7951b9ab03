"""The calendar of news text: words of months, days and spans in both languages, and dates as EDTF."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from services.language.tables import lines
from services.language.tokens import form


class Entry(NamedTuple):
    """What a calendar word is and tells (month 5, weekday 0 for Monday, unit "week")."""

    kind: str
    value: str

    @property
    def number(self) -> int:
        return int(self.value)


@cache
def table() -> dict[str, Entry]:
    """Calendar words by folded form."""
    rows = (line.split("\t") for line in lines("calendar.tsv"))
    return {form(word): Entry(kind, value) for word, kind, value in rows}


@cache
def tenses() -> dict[str, str]:
    """Tense words by folded form: future, past, maybe, verbless, stop."""
    rows = (line.split("\t") for line in lines("tense.tsv"))
    return {form(word): kind for word, _, kind in rows}


class Anchor(NamedTuple):
    """The day that relative words count from; `dated` is false when its year is not known."""

    day: date
    dated: bool = True
    weekday: int | None = None

    def of_week(self) -> int | None:
        """Weekday of the anchor, Monday 0; None when the year is unknown and nothing else tells it."""
        return self.day.weekday() if self.dated else self.weekday

    def edtf(self, day: date) -> str:
        """`day` in EDTF, its year unspecified when the anchor's is."""
        return day.isoformat() if self.dated else f"XXXX-{day:%m-%d}"

    def year(self, year: int) -> str | None:
        return f"{year:04d}" if self.dated else None

    def month(self, year: int, month: int) -> str:
        return f"{year:04d}-{month:02d}" if self.dated else f"XXXX-{month:02d}"

    def shift(self, days: int) -> date:
        """The day `days` later; stays at the ends of the calendar."""
        try:
            return self.day + timedelta(days=days)
        except OverflowError:
            return date.max if days > 0 else date.min


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Year and month `months` later (negative: earlier)."""
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def last_day(year: int, month: int) -> int:
    """Days of a month."""
    return monthrange(year, month)[1]


def valid(year: int | None, month: int, day: int) -> bool:
    """Whether the day exists; 29 February does when the year is unknown."""
    if not 1 <= month <= 12 or (year is not None and not 1 <= year <= 9999):
        return False
    return 1 <= day <= last_day(2000 if year is None else year, month)


def week_of(day: date, weeks: int = 0) -> str:
    """The week, Monday to Sunday, `weeks` after that of `day`, as an EDTF interval."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
