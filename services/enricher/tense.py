"""Whether the clause around a word tells of the past or of the future: what "Friday" and "कल" are resolved by."""

from __future__ import annotations

import re
from typing import Literal

from services.language.calendar import tenses
from services.language.tokens import Tokens

Tense = Literal["past", "future"]

# करेगा, होंगे, जाएगी, पहुंचूंगा; folded forms, so candrabindu is anusvara and nukta is gone
_WILL = re.compile(r"(?:े|ें|ू|ूं|ए|एं|ऊं|ओ|ो|ों)(?:गा|गी|गे|गीं)$")
_INFINITIVE = re.compile(r"[क-ह]ा?(?:ना|नी|ने)$|ोना$|ोनी$|ोने$|जाना$|जानी$|जाने$")
_WILL_BE = frozenset(("वाला", "वाले", "वाली"))
_ABOUT_TO = frozenset(("होने", "जाने", "आने", "मिलने"))
_IS = frozenset(("है", "हैं", "हे"))
_WINDOW = 40  # words; enough for the longest clauses of news


def hindi(tokens: Tokens, i: int, last: int) -> Tense | None:
    """Tense of the first verb after word `i`: Hindi clauses end with theirs."""
    known = tenses()
    for at in range(i, min(last, i + _WINDOW)):
        key = tokens.keys[at]
        kind = known.get(key)
        if kind == "stop":
            return None
        if kind == "future" or (kind is None and _future_form(key)):
            return "future"
        if key in _WILL_BE and tokens.keys[at - 1] in _ABOUT_TO and at > i:
            return "future"  # होने वाली वार्ता
        if kind is None and key in _IS and at > i and _INFINITIVE.search(tokens.keys[at - 1]):
            return "future"  # होनी है, जाना है
        if kind == "past" or (kind == "maybe" and tokens.key(at + 1) in _PERFECT):
            for later in range(at + 1, min(last, at + 4)):  # किया जाएगा, दी जा सकती
                word = tokens.keys[later]
                if known.get(word) == "stop":
                    break
                if _future_form(word) or known.get(word) == "future":
                    return "future"
            return "past"
    return None


_PERFECT = frozenset((*_IS, "थी", "थीं", "।", "."))


def _future_form(key: str) -> bool:
    return _WILL.search(key) is not None and tenses().get(key) != "verbless"


def english(tokens: Tokens, i: int, first: int, last: int, start: int) -> Tense | None:
    """Tense of the verb nearest before word `start` in its clause, else of the first after word `i`."""
    for at in range(start - 1, max(first - 1, start - _WINDOW), -1):
        key = tokens.keys[at]
        if key in ";:—" or (key == "," and at < start - 1 and start - at > 6):
            break
        found = _english_verb(tokens, at, first)
        if found:
            return found
    for at in range(i, min(last, i + _WINDOW)):
        if tokens.keys[at] in ";—":
            break
        found = _english_verb(tokens, at, first)
        if found:
            return found
    return None


def _english_verb(tokens: Tokens, at: int, first: int) -> Tense | None:
    key = tokens.keys[at]
    kind = tenses().get(key)
    if kind == "future":
        if key == "to" and tokens.key(at - 1) not in _LEADS_TO:
            return None
        if key == "may" and tokens.texts[at] != "may":
            return None
        return "future"
    if kind == "planned" and tokens.key(at + 1) in ("for", "on", "to", "next", "this"):
        return "future"
    if kind in ("past", "planned") or (kind is None and len(key) > 4 and key.endswith("ed") and key.isascii()):
        if kind is None and tokens.key(at + 1) == "by" and tenses().get(tokens.key(at - 1)) != "past":
            return None  # "the tea hosted by the Speaker"
        for before in range(at - 1, max(first - 1, at - 4), -1):  # "will be deployed", "to be held"
            word = tokens.keys[before]
            if tenses().get(word) == "future" and (word != "to" or tokens.key(before - 1) in _LEADS_TO):
                return "future"
            if tenses().get(word) == "past" or word in (",", ";", "—"):
                break
        return "past"
    return None


_LEADS_TO = frozenset(
    [
        "is",
        "are",
        "be",
        "was",
        "were",
        "due",
        "set",
        "plans",
        "plan",
        "planned",
        "scheduled",
        "expected",
        "expects",
        "about",
        "likely",
        "slated",
        "ready",
        "promised",
        "vowed",
        "agreed",
        "agree",
        "agrees",
        "threatened",
        "threatens",
        "intends",
        "intend",
        "intended",
        "want",
        "wants",
        "hopes",
        "hope",
        "offered",
        "pledged",
    ]
)
