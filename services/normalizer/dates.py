"""Dates of the page: publication and crawl told apart, each with its evidence; impossible ones are refused."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from services.language.characters import ascii_digits, reading

EARLIEST = date(1990, 1, 1)  # no news page is older
_SLACK = timedelta(days=2)  # clocks and time zones of crawlers

_HINDI_DAYS = (
    "एक दो तीन चार पांच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस "
    "इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस"
)


class Day(NamedTuple):
    """A calendar day; the year is None where it is not told."""

    year: int | None
    month: int
    day: int

    def edtf(self) -> str:
        """EDTF of the day."""
        return (
            f"{self.year:04d}-{self.month:02d}-{self.day:02d}" if self.year else f"XXXX-{self.month:02d}-{self.day:02d}"
        )


@cache
def months() -> dict[str, int]:
    """Month names, in the reading, with their number."""
    text = files("services.normalizer").joinpath("data", "months.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {reading(form): int(number) for number, forms in rows for form in forms.split()}


@cache
def _day_words() -> dict[str, int]:
    return {reading(word): i + 1 for i, word in enumerate(_HINDI_DAYS.split())}


@cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    words = "|".join(sorted(map(re.escape, _day_words()), key=len, reverse=True))
    end = r"(?![\w\u0900-\u0963])"  # a vowel sign is no word character to the regular expression
    return re.compile(
        rf"(?<![\w.])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?(?P<month>{month}){end}\.?,?"
        r"(?:[ ,-]{1,2}(?P<year>\d{4}))?"
        rf"|(?P<month2>{month}){end}\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}}))?"
        rf"|(?P<word>{words}) (?P<month3>{month}){end}(?:,? (?P<year3>\d{{4}}))?"
        r"|(?P<year4>(?:19|20)\d\d)[-/.](?P<month4>\d\d?)[-/.](?P<day4>\d\d?)(?!\d)"
        r"|(?P<day5>\d\d?)[-/.](?P<month5>\d\d?)[-/.](?P<year5>(?:19|20)\d\d)(?!\d))"
    )


def find_day(text: str) -> Day | None:
    """The first calendar day in a short text of either language; None when there is none or it does not exist."""
    for match in _pattern().finditer(reading(text)):
        groups = {re.sub(r"\d", "", k): v for k, v in match.groupdict().items() if v}
        name = groups.get("month", "")
        month = months().get(name) or (int(name) if name.isdigit() else 0)
        day = _day_words()[groups["word"]] if "word" in groups else int(groups.get("day", 0))
        year = int(groups["year"]) if "year" in groups else None
        if exists(year, month, day):
            return Day(year, month, day)
    return None


def exists(year: int | None, month: int, day: int) -> bool:
    """Whether the day is in the calendar."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def read_iso(value: str) -> str | None:
    """An ISO 8601 date or date-time in its shortest exact form (`2024-06-20`, `2024-06-20T10:30:00+05:30`).

    Also reads the forms that feeds and pages use: RFC 2822, `2024-06-20 10:30:00`, `20 June 2024`. None when no
    full date is told.
    """
    text = ascii_digits(value.strip())
    try:
        if len(text) <= 10 and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
        return moment.isoformat(timespec="seconds")
    except ValueError:
        pass
    if re.match(r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} ", text) or re.match(r"\d{1,2} [A-Za-z]{3} \d{4} \d\d:", text):
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(text).isoformat(timespec="seconds")
        except (ValueError, IndexError):
            return None
    day = find_day(text) if len(text) <= 80 else None
    return day.edtf() if day and day.year else None


def refuse(value: str, latest: date | None) -> str | None:
    """Why a date of publication cannot be true: before the web, or after `latest` (crawl or arrival); else None."""
    day = date.fromisoformat(value[:10])
    if day < EARLIEST:
        return f"{value} is before {EARLIEST.isoformat()}"
    if latest is not None and day > latest + _SLACK:
        return f"{value} is after the article came in ({latest.isoformat()})"
    return None


def with_year(value: str, latest: date) -> str:
    """A day without a year in the last year in which it was not after `latest`; other values as they are."""
    if not value.startswith("XXXX-"):
        return value
    month, day = int(value[5:7]), int(value[8:10])
    for year in (latest.year + 1, latest.year, latest.year - 1, latest.year - 4):
        if exists(year, month, day) and date(year, month, day) <= latest + _SLACK:
            return date(year, month, day).isoformat()
    return value
