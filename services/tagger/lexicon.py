"""Lists of the tagger: descriptions of unnamed actors, adjectives of nations, and pattern words, with their
inflections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from services.language.scripts import fold, is_deva
from services.language.words import words


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """Folded form of one word."""
    return fold(word)


def keys(phrase: str) -> tuple[str, ...]:
    """Folded words of a phrase."""
    return tuple(key(w.text) for w in words(phrase))


def rows(name: str) -> list[list[str]]:
    """Tab-separated rows of a data file of this package, without comments."""
    text = files("services.tagger").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("# ")]


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of function words of `data/grammar.tsv`."""
    return frozenset(next(words.split("|") for title, words in rows("grammar.tsv") if title == name))


@dataclass(frozen=True, slots=True)
class Description:
    """An unnamed actor: how it is called in English (singular and plural) and its PLOVER sector."""

    singular: str
    plural: str
    sector: str
    default: str


def hindi_forms(word: str) -> set[str]:
    """A Hindi noun with its oblique and plural forms: किसान gives किसानों; मछुआरा gives मछुआरे, मछुआरों."""
    forms = {word, word + "ों", word + "ो"}
    if word.endswith("ा"):
        stem = word[:-1]
        forms |= {stem + "े", stem + "ों", word + "एं", word + "ओं", stem + "ो"}
    elif word.endswith(("ी", "ि")):
        forms |= {word[:-1] + "ियों", word[:-1] + "ियां", word[:-1] + "ियो"}
    elif word.endswith(("ू", "ु")):
        forms |= {word[:-1] + "ुओं"}
    else:
        forms |= {word + "ें"}
    return forms


def plural_of(word: str) -> str:
    """English plural of a noun phrase."""
    if word.endswith(("men", "women", "children", "people", "police", "personnel", "staff", "folk", "youth")):
        return word
    if word.endswith("man"):
        return word[:-3] + "men"
    if word.endswith("child"):
        return word + "ren"
    if word.endswith("y") and word[-2:-1] not in "aeou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


Phrases = dict[str, list[tuple[tuple[str, ...], Description]]]


@cache
def descriptions() -> Phrases:
    """Folded phrases of unnamed actors by their first word, longest first."""
    found: dict[tuple[str, ...], Description] = {}
    for name, sector, english, hindi in rows("descriptions.tsv"):
        forms = english.split(";")
        for form in forms:
            plural = plural_of(form)
            for phrase in (form, plural):
                found.setdefault(keys(phrase), Description(form, plural, sector, phrase))
        for form in filter(None, hindi.split(";")):
            *before, last = form.split(" ")
            for inflected in hindi_forms(last):
                entry = Description(name, name, sector, name)
                found.setdefault(keys(" ".join([*before, inflected])), entry)
    by_first: Phrases = {}
    for form_keys, description in found.items():
        by_first.setdefault(form_keys[0], []).append((form_keys, description))
    for entries in by_first.values():
        entries.sort(key=lambda e: -len(e[0]))
    return by_first


@cache
def demonyms() -> dict[tuple[str, ...], tuple[str, str]]:
    """Folded adjectives of nations (and Hindi names used as such) with (country code, English name)."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for country, name, english, hindi in rows("demonyms.tsv"):
        for form in filter(None, [*english.split(";"), *hindi.split(";")]):
            found.setdefault(keys(form), (country, name))
            if not is_deva(form) and not form.isupper():
                found.setdefault(keys(form + "s"), (country, name))
    return found


@cache
def country_names() -> dict[str, str]:
    """English name of each country code."""
    return {row[0]: row[1] for row in reversed(rows("demonyms.tsv"))}
