"""What the readers of single kinds of dates share: the words, the day counted from, and what was told before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from services.enricher import tense
from services.enricher.tense import Tense
from services.language import calendar, numerals
from services.language.calendar import Anchor, Entry
from services.language.tokens import Tokens, form

Provenance = Literal["explicit", "relative-to-publication", "relative-to-text", "unknown"]

_GOING_ON = frozenset(("जारी", "रखा", "रखी", "रखे"))
_CLOSED = frozenset(("बंद", "ठप", "पर"))
_AFTER_PARTS = frozenset(("को", "की", "सुबह", "शाम", "रात", "दोपहर", "आधी"))


@cache
def words_of(role: str) -> frozenset[str]:
    """Folded words of a role in data/date_words.tsv."""
    text = files("services.enricher").joinpath("data", "date_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset(form(word) for word, kind in rows if kind == role)


@dataclass(slots=True)
class Found:
    """An expression over words `first` to `last - 1`; `day` is its day when it is one, for "the next day" after it.

    `dated` is false when the year of `day` only stands in for an unknown one.
    """

    first: int
    last: int
    edtf: str
    provenance: Provenance
    day: date | None = None
    time: str | None = None
    dated: bool = True
    weekday: bool = False


@dataclass(slots=True)
class Reader:
    """Reads one article's expressions in order; what was read before resolves what is told relative to it."""

    tokens: Tokens
    anchor: Anchor | None
    from_text: bool  # the anchor was read in the text, not given as publication date
    found: list[Found] = field(default_factory=list)
    told: Found | None = None  # the last of those found that is a day
    durations: list[numerals.Numeral] = field(default_factory=list)  # of the sentence, until its days are known
    first: int = 0  # of the sentence
    last: int = 0

    @property
    def relative(self) -> Provenance:
        """Provenance of what is resolved against the anchor."""
        return "relative-to-text" if self.from_text else "relative-to-publication"

    def kind(self, i: int) -> Entry | None:
        """Calendar entry of word `i` of the sentence."""
        return calendar.table().get(self.tokens.keys[i]) if self.first <= i < self.last else None

    def is_kind(self, i: int, kind: str) -> bool:
        """Whether word `i` is a calendar word of this kind."""
        entry = self.kind(i)
        return entry is not None and entry.kind == kind

    def tense(self, i: int, start: int) -> Tense | None:
        """Tense of the clause of the words `start` to `i - 1`."""
        keys = self.tokens.keys
        if any(keys[at].isascii() and keys[at].isalpha() for at in range(start, i)):
            return tense.english(self.tokens, i, self.first, self.last, start)
        return tense.hindi(self.tokens, i, self.last)

    def add(self, found: Found | None) -> int | None:
        """Keep an expression; the index of the word after it."""
        if found is None:
            return None
        self.found.append(found)
        if found.day is not None:
            self.told = found
        return found.last

    def add_day(self, first: int, last: int, day: date, bounded: bool = True) -> int | None:
        """Keep a day resolved against the anchor."""
        anchor = self.anchor
        assert anchor is not None
        found = Found(first, last, anchor.edtf(day), self.relative, day, dated=anchor.dated)
        return self.add(self.bounded(found) if bounded else found)

    def number(self, i: int) -> numerals.Numeral | None:
        """The number that starts at word `i` of the sentence."""
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

    def last_told(self) -> Found | None:
        """The day told most recently before."""
        return self.told

    def nearest_year(self, month: int, day: int | None, when: Tense | None) -> int | None:
        """The year that puts a month (and day) nearest to the anchor, on the side that the tense tells."""
        if self.anchor is None or not self.anchor.dated:
            return None
        base = self.anchor.day

        def cost(year: int) -> float:
            if day is None:
                gap = float((year - base.year) * 12 + month - base.month)
            elif calendar.valid(year, month, day):
                gap = (date(year, month, day) - base).days / 30.4
            else:
                return 1e9
            wrong = (when == "past" and gap > 0.05) or (when == "future" and gap < -0.05)
            return abs(gap) + (5.5 if wrong else 0.0)

        return min((y for y in (base.year - 1, base.year, base.year + 1) if 1 <= y <= 9999), key=cost)

    def bounded(self, found: Found | None) -> Found | None:
        """Opens an interval where words before or after say until or from."""
        if found is None or "/" in found.edtf:
            return found
        key, last = self.tokens.key, found.last
        before = key(found.first - 2) if key(found.first - 1) == "the" else key(found.first - 1)
        for _ in range(2):  # शनिवार शाम से, बुधवार आधी रात तक
            if key(last) in _AFTER_PARTS:
                last += 1
        if any(key(at) in words_of("late") for at in (found.last, found.last + 1, found.first - 2)):
            return found
        if before in words_of("until") or key(last) == "तक":
            found.edtf = f"../{found.edtf}"
        elif (before in words_of("since") and key(found.last) not in ("to", "-", "until", "till", "through")) or (
            key(last) == "से" and self.ongoing(last + 1)
        ):
            found.edtf = f"{found.edtf}/.."
        return found

    def ongoing(self, i: int) -> bool:
        """Whether the Hindi clause goes on at the time of writing: बंद है, कर रखा है, जारी है."""
        for at in range(i, min(self.last, i + 14)):
            key = self.tokens.keys[at]
            if key in _GOING_ON or (key in ("है", "हैं") and self.tokens.keys[at - 1] in _CLOSED):
                return True
            if key in ("कि", "।", ","):
                return False
        return False
