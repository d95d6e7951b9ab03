"""Numbers with their units: how many of what, how long, how much money, and what happened to those counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from services.contracts.enriched import Quantity, TimeExpression
from services.knowledge import countables, nations
from services.knowledge.countables import Countable
from services.language import numerals
from services.language.numerals import Numeral
from services.language.tokens import Tokens, form

_SYMBOLS = {"$": "US dollar", "€": "euro", "£": "British pound", "₹": "Indian rupee", "¥": "Japanese yen"}
_PREFIXES = {
    "us": "US dollar",
    "nt": "New Taiwan dollar",
    "hk": "Hong Kong dollar",
    "a": "Australian dollar",
    "c": "Canadian dollar",
}
_SHORT = {"k": 1e3, "m": 1e6, "b": 1e9}
_BEFORE_MONEY = {"rs": "Indian rupee", "रु": "Indian rupee", "inr": "Indian rupee", "usd": "US dollar", "eur": "euro"}
_RUPEES = {"IND": "Indian rupee", "PAK": "Pakistani rupee", "LKA": "Sri Lankan rupee", "NPL": "Nepalese rupee"}
_JOINS = frozenset(("और", "and", ",", "से", "or", "या", "to", "of", "बनाम"))
_HYPHENS = frozenset("-‐‑–")
_DIGITS = frozenset("0123456789०१२३४५६७८९")
_PERCENT = "%"
_PEOPLE = frozenset(("लोग", "आरोपी"))  # never the first part of a compound
_REACH = 5  # words between a number and its noun


@cache
def _words() -> dict[str, str]:
    return _table("quantity_words.tsv")


@cache
def _outcomes() -> dict[str, str]:
    return _table("outcomes.tsv")


def _table(name: str) -> dict[str, str]:
    text = files("services.enricher").joinpath("data", name).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {form(word): kind for word, kind in rows}


def _lettered(key: str) -> bool:
    return key[:1].isalpha()


@cache
def _wanted() -> frozenset[str]:
    """Folded words, other than digits, that can begin a number, and hyphens ("week-long")."""
    return frozenset((*(word for word, (role, _) in numerals.table().items() if role != "all"), *_HYPHENS))


class _Finder:
    """One pass over an article's words."""

    def __init__(self, tokens: Tokens, times: Sequence[TimeExpression], countries: Mapping[str, int]) -> None:
        self.tokens = tokens
        self.rupee = _RUPEES[max(_RUPEES, key=lambda c: (countries.get(c, 0), c == "IND"))]
        self.taken: set[int] = set()
        for t in times:
            self.taken.update(range(tokens.at(t.start), tokens.at(t.end)))
        self.found: list[Quantity] = []
        self.bare: list[tuple[Numeral, int]] = []

    def run(self) -> list[Quantity]:
        tokens, wanted = self.tokens, _wanted()
        done = 0
        for i, key in enumerate(tokens.keys):
            if i < done or not (key in wanted or key[0] in _DIGITS):
                continue
            if key in _HYPHENS:
                self.long(i)
                continue
            number = numerals.read(tokens, i)
            if number is None:
                self.article(i)
                continue
            self.number(number)
            done = number.last
        return self.found

    # ---- what a number is not ------------------------------------------------------------------------------------

    def excluded(self, number: Numeral) -> bool:
        tokens, i, last = self.tokens, number.first, number.last
        before, after = tokens.key(i - 1), tokens.key(last)
        if number.first in self.taken and not self.duration(last):
            return True
        if number.digits:
            if _words().get(after) == "ordinal" and tokens.glued(last):
                return True
            if tokens.glued(i) and before in _HYPHENS and tokens.glued(i - 1) and _lettered(tokens.key(i - 2)):
                return True  # C-60, एफ-16
            if tokens.glued(i) and _lettered(before) and before not in _PREFIXES and before not in _BEFORE_MONEY:
                return True  # G20
            if tokens.glued(i) and before in ("/", "#", ":"):
                return True
        if _words().get(before) == "name" and countables.match(tokens, last) is None:
            return True
        return before in ("aged", "age") or (after in _HYPHENS and self.old(last + 1)) or self.old(last)

    def old(self, i: int) -> bool:
        """An age: 25-year-old, 25 वर्षीय युवक, 25 साल के."""
        key = self.tokens.key
        if key(i) in ("year", "years", "month", "months"):
            at = i + 2 if key(i + 1) in _HYPHENS else i + 1
            return key(at) == "old"
        if key(i) in ("साल", "वर्ष", "माह", "महीने") and key(i + 1) in ("के", "की", "का"):
            following = countables.match(self.tokens, i + 2)
            return following is not None and following.kind == "person"  # 25 साल के युवक
        if key(i) == "वर्षीय":
            following = countables.match(self.tokens, i + 1)
            return following is None or following.kind == "person"
        return False

    def duration(self, i: int) -> bool:
        """Whether a number inside a time expression measures time ("the last three days") and is not "3 days ago"."""
        if self.tokens.key(i) in _HYPHENS:
            i += 1
        noun = countables.match(self.tokens, i)
        if noun is None or noun.kind != "time":
            return False
        after = self.tokens.key(i + 1)
        return after not in ("पहले", "पूर्व", "ago", "ही")

    # ---- numbers -------------------------------------------------------------------------------------------------

    def number(self, number: Numeral) -> None:
        tokens = self.tokens
        if self.excluded(number):
            return
        money, first = self.money_before(number)
        if money is not None:
            noun = countables.match(tokens, number.last)
            last = number.last + len(noun.keys) if noun and noun.kind == "money" else number.last
            if tokens.key(last) in _SHORT and tokens.glued(last):  # €50m
                number, last = number._replace(value=number.value * _SHORT[tokens.key(last)]), last + 1
            self.add(number, first, last, money)
            return
        if tokens.key(number.last) == _PERCENT:
            self.add(number, number.first, number.last + 1, "percent")
            return
        noun, at = self.noun(number)
        if noun is not None:
            if not self.plausible(number, noun, at):
                return
            unit, last = self.unit(noun, at + len(noun.keys))
            self.add(number, number.first, last, unit, noun.kind)
            return
        self.without_noun(number)

    def unit(self, noun: Countable, last: int) -> tuple[str, int]:
        """The unit of a noun and the word after it; speeds and daily amounts are units of their own."""
        if noun.unit == "Indian rupee":
            return self.rupee, last
        key = self.tokens.key
        if noun.kind == "measure" and key(last) in ("प्रति", "per", "a", "an", "रोजाना", "प्रतिदिन"):
            time = countables.match(self.tokens, last + 1)
            if time is not None and time.kind == "time":
                return f"{noun.unit} per {time.unit}", last + 1 + len(time.keys)
        return noun.unit, last

    def plausible(self, number: Numeral, noun: Countable, at: int) -> bool:
        """ "एक" and "one" are articles as often as numbers: they count only time and measures."""
        if number.value == 2 and self.tokens.key(number.first - 1) == "the" and noun.kind in ("person", "thing"):
            return False  # "the two leaders" says which, not how many
        if 0 < number.value <= 1 and not number.digits:
            near = at == number.last or (number.value < 1 and at == number.last + 1)
            return near and (
                noun.kind in ("time", "measure") or (noun.kind == "person" and self.tokens.keys[at].isascii())
            )
        if number.digits and number.last == number.first + 1 and 1900 <= number.value < 2100 and noun.bare:
            return "," in self.tokens.texts[number.first] or not noun.keys[0].isascii()  # the 2024 vote
        return True

    def money_before(self, number: Numeral) -> tuple[str | None, int]:
        """The currency written before a number and the word where it starts."""
        tokens, i = self.tokens, number.first
        before = tokens.key(i - 1)
        if before in _SYMBOLS:
            country = tokens.key(i - 2)
            if before == "$" and tokens.glued(i - 1) and country in _PREFIXES:
                return _PREFIXES[country], i - 2
            return _SYMBOLS[before], i - 1
        at = i - 2 if before == "." and tokens.key(i - 2) in _BEFORE_MONEY else i - 1
        if tokens.key(at) in _BEFORE_MONEY:
            unit = _BEFORE_MONEY[tokens.key(at)]
            return (self.rupee if unit == "Indian rupee" else unit), at
        return None, i

    def noun(self, number: Numeral) -> tuple[Countable | None, int]:
        """The noun that a number counts, and where it stands."""
        tokens, words = self.tokens, _words()
        at, last = number.last, min(len(tokens), number.last + 2 * _REACH)
        if number.value == 0.5 and tokens.key(at) in ("a", "an"):
            at += 1
        hyphen = tokens.key(at) in _HYPHENS and tokens.glued(at)
        if hyphen:
            noun = countables.match(tokens, at + 1)
            if noun is not None and noun.kind in ("time", "measure", "money"):
                return noun, at + 1
            if tokens.key(at + 1) == "strong":
                return Countable(("strong",), "person", "person", True), at + 1
            if tokens.key(at + 1).isascii() and tokens.glued(at + 1):
                return None, at  # three-way, seven-point
        steps = 0
        while at < last and steps <= _REACH:
            key = tokens.keys[at]
            if key in ("से", "के") and words.get(tokens.key(at + 1)) in ("more", "approx"):
                at += 2
                if tokens.key(at) in ("अधिक", "ज्यादा", "कम"):
                    at += 1
                continue
            noun = countables.match(tokens, at)
            if noun is not None:
                return self.head(number, noun, at)
            kind = words.get(key)
            if kind == "stop" or not (key[0].isalpha() or key in _HYPHENS) or numerals.starts_number(key):
                return None, at
            if key.isascii() and kind is None and self.plural(number, at):
                return self.unknown(at)
            steps += 0 if kind == "filler" or key in _HYPHENS or tokens.glued(at) else 1
            at += 1
        return None, at

    def head(self, number: Numeral, noun: Countable, at: int) -> tuple[Countable, int]:
        """The last noun of a compound: "26 सदस्य देशों" counts countries, "five student activists" activists."""
        while noun.kind in ("person", "thing") and noun.bare and noun.keys[0] not in _PEOPLE and number.value != 1:
            after = at + len(noun.keys)
            if self.tokens.key(after) in _HYPHENS and self.tokens.glued(after):  # radar-guided launchers
                after += 2
            following = countables.match(self.tokens, after)
            if following is None and after < len(self.tokens) and noun.keys[0].isascii() and self.plural(number, after):
                other, _ = self.unknown(after)
                following = other._replace(unit=f"{noun.unit} {other.unit}") if other.kind == "thing" else None
            if following is None or following.kind not in ("person", "thing"):
                break
            noun, at = following, after
        return noun, at

    def plural(self, number: Numeral, at: int) -> bool:
        """Whether an English word outside the table looks like the plural noun that is counted."""
        word = self.tokens.texts[at]
        return (
            number.value != 1
            and word.isascii()
            and _words().get(word) is None
            and len(word) > 3
            and word.endswith("s")
            and not word.endswith(("ss", "us", "is"))
        )

    def unknown(self, at: int) -> tuple[Countable, int]:
        word = self.tokens.texts[at]
        if word[0].isupper():  # 12 Indians
            return Countable((word,), "person", "person", False), at
        key = self.tokens.keys[at]
        single = (
            key[:-3] + "y" if key.endswith("ies") else key[:-2] if key.endswith(("ches", "shes", "xes")) else key[:-1]
        )
        return Countable((key,), single, "thing", False), at

    def without_noun(self, number: Numeral) -> None:
        """A number that stands alone: casualties, a bound of a range, a part of a whole, votes."""
        tokens, words, outcomes = self.tokens, _words(), _outcomes()
        key, first, last = tokens.key, number.first, number.last
        at = last
        if key(at) in ("से", "के") and words.get(key(at + 1)) in ("more", "approx"):
            at += 2
        ahead, before = key(at), key(first - 1)
        back = first - 1
        while words.get(key(back)) in ("approx", "more") or key(back) in ("at", "than"):
            back -= 1
        before = key(back) if key(back).isascii() else before
        unit: str | None = None
        if key(last) == "of" and key(last + 1) in ("them", "whom"):
            unit, last = "person", last + 2
        elif self.found and (ahead in ("मार", "मारे") or key(at + 1) == "मार") and "गिरा" in key(at + 1) + key(at + 2):
            unit = self.found[-1].unit  # 90 ड्रोन … 71 मार गिराए
        elif (
            ahead in outcomes
            or ahead == "अन्य"
            or (ahead == "की" and key(at + 1) in outcomes)
            or (before in outcomes and before.endswith(("ing", "ed")))
            or words.get(key(back)) == "people"
            or (key(back) == "से" and words.get(key(back - 1)) == "people")
        ):
            unit = "person"
        elif words.get(key(at)) == "rupees" or (key(at) in ("का", "की", "के") and words.get(key(at + 1)) == "rupees"):
            unit = self.rupee
        elif self.whole(back) is not None:
            unit = self.whole(back)
        elif (key(last) == "to" or before == "to") and any(
            k.startswith(("vote", "voting")) for k in tokens.keys[max(0, first - 6) : first]
        ):
            unit = "vote"
        elif key(last) in _JOINS:
            unit = self.shared(last + 1)
        elif number.value > 1 and any(words.get(k) == "tally" for k in tokens.keys[max(0, first - 6) : first]):
            unit = "person" if key(last) in ("है", "हो", "रही", "थी", "पहुंच", ".", "।") else None
        elif self.nationals(at):
            unit, last = "person", at + 1
        if unit is not None:
            self.add(number, first, last, unit, "person" if unit == "person" else "thing")

    def whole(self, i: int) -> str | None:
        """The unit of the whole that a number is a part of: "294 सीटों में से 90"."""
        if self.tokens.key(i) != "से" or self.tokens.key(i - 1) != "में" or not self.found:
            return None
        before = self.found[-1]
        return before.unit if before.end >= self.tokens.ends[i - 2] else None

    def shared(self, i: int) -> str | None:
        """The unit of the number that follows within a few words and ends the list: "40 और 50 किलोमीटर"."""
        for at in range(i, min(len(self.tokens), i + 4)):
            if numerals.starts_number(self.tokens.keys[at]):
                following = numerals.read(self.tokens, at)
                if following is None or following.value < 1:
                    return None
                money, _ = self.money_before(following)
                noun, where = self.noun(following)
                if money is None and noun is not None and where <= following.last + 1:
                    return self.unit(noun, where)[0]
                return money
        return None

    def nationals(self, i: int) -> bool:
        """Whether word `i` names people by their nation: 17 भारतीयों, 9 भारतीय."""
        word = self.tokens.key(i)
        stem = word.removesuffix("ों")
        return not word.isascii() and (stem in nations.adjectives() or stem + "ी" in nations.adjectives())

    def long(self, i: int) -> None:
        """ "week-long" is one week."""
        tokens = self.tokens
        noun = countables.match(tokens, i - 1) if tokens.key(i + 1) == "long" else None
        if noun is not None and noun.kind == "time" and noun.bare and not numerals.starts_number(tokens.key(i - 2)):
            before = tokens.key(i - 2)
            if before not in _HYPHENS:
                self.add(Numeral(i - 1, i, 1.0, None, False), i - 1, i + 2, noun.unit)

    def article(self, i: int) -> None:
        """ "a week", "an hour": time told without a number."""
        tokens = self.tokens
        key = tokens.keys[i]
        if key in ("a", "an") and i not in self.taken:
            noun = countables.match(tokens, i + 1)
            if (
                noun is not None
                and noun.kind == "time"
                and noun.bare
                and noun.unit not in ("day", "second")
                and not self.rate(i)
            ):
                self.add(Numeral(i, i + 1, 1.0, None, False), i, i + 1 + len(noun.keys), noun.unit)

    def rate(self, i: int) -> bool:
        """ "three times a week", "$3 a day": a rate, not a span."""
        before = self.tokens.key(i - 1)
        return (
            numerals.starts_number(before)
            or before in ("times", "once", "twice")
            or countables.match(self.tokens, i - 1) is not None
        )

    def add(self, number: Numeral, first: int, last: int, unit: str, kind: str = "thing") -> None:
        tokens = self.tokens
        start, end = tokens.starts[first], tokens.ends[last - 1]
        around = {tokens.key(first - 1), tokens.key(first - 2)} | set(tokens.keys[number.last : number.last + 3])
        self.found.append(
            Quantity.model_construct(
                start=start,
                end=end,
                text=tokens.text[start:end],
                value=round(number.value, 9),
                unit=unit,
                high=None if number.high is None else round(number.high, 9),
                approximate=any(_words().get(key) in ("approx", "more") for key in around),
                counted=self.counted(first, last) if kind in ("person", "thing") else None,
            )
        )

    def counted(self, first: int, last: int) -> str | None:
        """What the clause says happened to those counted."""
        keys, outcomes = self.tokens.keys, _outcomes()
        for at in range(last, min(len(keys), last + 8)):
            if keys[at] in ("।", ".", ",", ";", "कि") or (numerals.starts_number(keys[at]) and at > last):
                break
            if keys[at] in outcomes:
                return outcomes[keys[at]]
        for at in range(first - 1, max(-1, first - 4), -1):
            if keys[at] in outcomes and keys[at].isascii():
                return outcomes[keys[at]]
        return None


def find(tokens: Tokens, times: Sequence[TimeExpression], countries: Mapping[str, int]) -> list[Quantity]:
    """Quantities in order of the text.

    `times` are its time expressions, whose numbers do not count; `countries` says how often the text names each
    (ISO 3166-1 alpha-3), which decides between the rupees.
    """
    return _Finder(tokens, times, countries).run()
