"""Names of the alias table in a text: the longest forms that match, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from services.knowledge.rules import heads, institutions
from services.knowledge.things import Things, demonyms, things
from services.language.scripts import is_deva
from services.language.words import Word, word_key

key = lru_cache(maxsize=1 << 17)(word_key)

LONGEST = 9


class Match(NamedTuple):
    """Words `start:end` carry a form of the table; `sure` when the form alone makes it a name."""

    start: int
    end: int
    kind: str
    sure: bool
    key: str


@lru_cache(maxsize=1 << 16)
def lemmas(form: str) -> tuple[str, ...]:
    """Dictionary forms that the last word of a key may be an inflection of ("दर्रे" of "दर्रा", "हूतियों" of "हूती")."""
    if form.endswith("ियों"):
        return (form[:-4] + "ी",)
    if form.endswith("ों"):
        return (form[:-2], form[:-2] + "ा")
    if form.endswith("े") and len(form) > 3:
        return (form[:-1] + "ा",)
    return ()


# In Hindi text Latin names are also typed small ("moscow", "us"); these small words are English ones.
_ENGLISH = frozenset(
    [
        "a",
        "all",
        "am",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "for",
        "go",
        "he",
        "i",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "so",
        "the",
        "to",
        "up",
        "we",
        "who",
    ]
)
_OBLIQUE = frozenset("ेों")


@cache
def _openers() -> frozenset[str]:
    """Words that a form of the tables, an adjective of a nation or an institution begins with."""
    table = things()
    known = (table.forms, table.loose, table.places, demonyms(), institutions())
    return frozenset(form.partition(" ")[0] for forms in known for form in forms)


def matches(words: Sequence[Word], keys: Sequence[str], hindi: bool) -> list[Match]:
    """Longest matches from left to right over one sentence; `keys` are those of `words`, empty for
    signs inside names.
    """
    table = things()
    forms, loose, places, longest = table.forms, table.loose, table.places, table.longest
    adjectives, parts, openers = demonyms(), heads(), _openers()
    found: list[Match] = []
    i, n = 0, len(words)
    while i < n:
        first = keys[i]
        if first not in openers and not (hindi and first[-1:] in _OBLIQUE):
            i += 1  # nearly every word leaves here
            continue
        if not (_capital(words[i].text) or (hindi and first not in _ENGLISH)):
            i += 1
            continue
        reach = longest.get(first, 0)
        hit = None
        if reach > 1:
            hit = _longest(words, keys, i, min(reach, LONGEST), table)
        if hit is None:
            if first in forms:
                if first not in table.upper or words[i].text.isupper() or is_deva(first) or hindi:
                    hit = Match(i, i + 1, _kind(table, first), True, first)
            elif hindi and first in institutions():
                hit = Match(i, i + 1, "ORG", True, first)
            elif first in loose or first in places:
                hit = Match(i, i + 1, _kind(table, first), False, first)
            elif hindi:
                for lemma in lemmas(first):
                    if lemma in forms:
                        hit = Match(i, i + 1, _kind(table, lemma), True, lemma)
                        break
        # a place or an adjective of a nation before a head makes a longer name ("हरियाणा पुलिस", "रूसी विदेश मंत्रालय")
        end = hit.end if hit is not None else i + 1
        if (hit is not None and hit.kind == "LOC") or first in adjectives:
            grown = _composed(keys, i, end, parts, place=hit is not None and hit.kind == "LOC")
            if grown is not None:
                found.append(grown)
                i = grown.end
                continue
        if hit is None:
            i += 1
        else:
            found.append(hit)
            i = hit.end
    return found


def _capital(text: str) -> bool:
    return text[0].isupper() or text[0].isdigit() or is_deva(text)


def _kind(table: Things, form: str) -> str:
    held = table.forms.get(form) or table.loose.get(form)
    return table.all[held[0]].kind if held else "LOC"


def _longest(words: Sequence[Word], keys: Sequence[str], at: int, reach: int, table: Things) -> Match | None:
    """The longest form of two words or more that begins at word `at`."""
    joined, best = keys[at], None
    end, count = at + 1, 1
    n = len(words)
    while end < n and count < reach:
        part = keys[end]
        end += 1
        if not part:
            if words[end - 1].text in "()":  # brackets stand inside names ("नेकपा (एमाले)")
                continue
            if words[end - 1].text not in "-‐‑–.·'’":
                break
            continue
        joined = f"{joined} {part}"
        count += 1
        if joined in table.forms or joined in table.loose:
            best = Match(at, end, _kind(table, joined), joined in table.forms, joined)
        elif count > 1:
            for lemma in lemmas(part):
                lemmatised = joined[: -len(part)] + lemma
                if lemmatised in table.forms:
                    best = Match(at, end, _kind(table, lemmatised), True, lemmatised)
    if (
        best is not None
        and best.end < n
        and words[best.end].text == ")"
        and "(" in [w.text for w in words[at : best.end]]
    ):
        best = best._replace(end=best.end + 1)
    return best


def _composed(
    keys: Sequence[str], start: int, end: int, parts: dict[str, object] | object, place: bool
) -> Match | None:
    """A name that a head makes of the words `start:end` and those after them."""
    table = heads()
    for length in (3, 2, 1):
        if end + length > len(keys):
            continue
        head = table.get(" ".join(keys[end : end + length]))
        if head is None or not (head.before == "country" or place):
            continue
        if (
            head.sector in ("GOV", "LEG") and not place and keys[end] != "सुरक्षा"
        ):  # "रूसी विदेश मंत्रालय": the adjective is no part of the name
            continue
        if head.sector == "MIL" and keys[end] in ("सेना", "army"):
            continue
        return Match(
            start, end + length, "ORG", head.before == "place", " ".join(filter(None, keys[start : end + length]))
        )
    return None
