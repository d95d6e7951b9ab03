"""How names are made: heads of organisations, bodies that every country has, parts of names, offices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.knowledge.things import DATA
from services.language.words import key_of


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a composed name: `template` holds {} for the place or country, {a} for the adjective."""

    template: str
    sector: str
    before: str


@cache
def heads() -> dict[str, Head]:
    """Heads of composed names ("पुलिस" in "हरियाणा पुलिस") by key."""
    return {key_of(head): Head(template, sector, before) for head, template, sector, before in _rows("heads.tsv")}


@cache
def local_bodies() -> dict[str, dict[str, str]]:
    """For the key of a body named without its country: name by country, "*" for every other country."""
    found: dict[str, dict[str, str]] = {}
    forms: list[str] = []
    for words, country, name in _rows("local.tsv"):
        if words != "*":
            forms = [key_of(form) for form in words.split("|")]
        for form in forms:
            found.setdefault(form, {}).setdefault(country, name)
    return found


@cache
def parts() -> dict[str, str]:
    """English for the words that names of organisations and places are made of, by key."""
    return {key_of(hindi): english for hindi, english in _rows("parts.tsv")}


@cache
def offices() -> dict[str, str]:
    """PLOVER sector by the key of a word that names an office."""
    return {
        key_of(word): sector for sector, words in _rows("titles.tsv") if len(sector) > 1 for word in words.split("|")
    }


# A leader of farmers is a farmer, a police chief police: these words only say that somebody leads.
GENERAL = frozenset({"PTY"})


@cache
def before_names() -> frozenset[str]:
    """Keys of the words that stand before names and are no part of them: offices, ranks and forms of address."""
    rows = _rows("titles.tsv")
    return frozenset(key_of(word) for sector, words in rows if sector != "~" for word in words.split("|"))


@cache
def address() -> frozenset[str]:
    """Keys of the forms of address alone (श्री, Ms): what follows is a person."""
    return frozenset(
        key_of(word) for sector, words in _rows("titles.tsv") if sector == "-" for word in words.split("|")
    )


@cache
def ranks() -> frozenset[str]:
    """Those, and the titles that stay in a mention but not in the name it means (Ayatollah)."""
    return frozenset(key_of(word) for _, words in _rows("titles.tsv") for word in words.split("|"))


@cache
def adjectives() -> dict[str, str]:
    """The English adjective of a nation by ISO 3166-1 alpha-3 code."""
    return {row[0]: row[1].split("|")[0] for row in _rows("demonyms.tsv")}


@cache
def institutions() -> frozenset[str]:
    """Keys of bodies whose common name is a name wherever it stands ("संसद")."""
    return frozenset(key_of(row[0]) for row in _rows("institutions.tsv"))


@cache
def headwords() -> dict[str, str]:
    """Kind of a name by the key of its last word ("Ambassador Bridge" is a place)."""
    return {key_of(word): kind for kind, words in _rows("headwords.tsv") for word in words.split("|")}
