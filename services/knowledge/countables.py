"""What news counts and measures: nouns of both languages with the unit, in singular English, that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast

from services.language import inflection
from services.language.tokens import Tokens, form

Class = Literal["person", "thing", "time", "measure", "money"]


class Countable(NamedTuple):
    """A noun as it is written: its folded words, the unit, what kind of thing it is, and whether the form is bare."""

    keys: tuple[str, ...]
    unit: str
    kind: Class
    bare: bool


def _entries() -> Iterator[tuple[str, Countable]]:
    text = files("services.knowledge").joinpath("data", "countables.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        unit, kind, hindi, english = [*line.split("\t"), ""][:4]
        for lemma in filter(None, hindi.split(",")):
            for written in dict.fromkeys(inflection.hindi(lemma)):
                keys = tuple(form(word) for word in written.split())
                yield keys[0], Countable(keys, unit, cast(Class, kind), written == lemma)
        for lemma in filter(None, english.split(",")):
            for written in dict.fromkeys(inflection.english(lemma)):
                keys = tuple(Tokens(written).keys)
                yield keys[0], Countable(keys, unit, cast(Class, kind), written == lemma)


@cache
def table() -> dict[str, tuple[Countable, ...]]:
    """Nouns by their first folded word, the longest first; the first meaning of a form in the file stays."""
    found: dict[str, dict[tuple[str, ...], Countable]] = {}
    for first, entry in _entries():
        found.setdefault(first, {}).setdefault(entry.keys, entry)
    return {first: tuple(sorted(e.values(), key=lambda c: -len(c.keys))) for first, e in found.items()}


def match(tokens: Tokens, i: int) -> Countable | None:
    """The longest noun of the table that starts at word `i`."""
    for entry in table().get(tokens.key(i), ()):
        n = len(entry.keys)
        if n == 1 or tuple(tokens.keys[i : i + n]) == entry.keys:
            return entry
    return None
