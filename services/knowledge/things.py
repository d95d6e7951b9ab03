"""What names mean: persons, organisations and places with their forms in both scripts, in one alias table."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from services.language.scripts import fold_latin
from services.language.words import key_of

DATA = Path(__file__).parent / "data"
NOWHERE = "LOC"  # country column of seas and regions in places.tsv


@dataclass(slots=True)
class Thing:
    """One entity; `weight` is its prior among things that share a form, `sure` whether its forms alone
    make a mention.
    """

    id: str
    name: str
    kind: str
    country: str | None = None
    sector: str | None = None
    qid: str | None = None
    geonames: int | None = None
    acts_for: str | None = None
    office: str = ""
    start: int = 0
    end: int = 9999
    weight: float = 1.0
    sure: bool = True
    is_state: bool = False

    def held_in(self, year: int | None) -> bool:
        """Whether the years of the entity include `year`; an unknown year excludes nothing."""
        return year is None or self.start <= year <= self.end


# Forms that hold a description or an article beside the name.
_DESCRIBED = re.compile(
    " विद्रोही| विद्रोहियों| लड़ाक| के विदेश| के रक्षा| के गृह"
    "|^The (?!Hague|Resistance|New York|Washington|Wall|Guard|Gambia|Bah)"
)

# What a table adds in brackets to keep two entries apart is no part of the usual name.
_QUALIFIER = re.compile(r" \((?:India|J&K|Twitter|Korea|Artsakh|US Department of Defense)\)$")


# Words that British and American English spell differently inside names.
_PAIRS = (
    ("Organisation", "Organization"),
    ("Defence", "Defense"),
    ("Labour", "Labor"),
    ("Centre", "Center"),
    ("Co-operation", "Cooperation"),
)


def _respelled(names: Iterable[str]) -> Iterator[str]:
    """The names in the other spelling."""
    for name in names:
        for one, other in _PAIRS:
            if one in name:
                yield name.replace(one, other)
            elif other in name:
                yield name.replace(other, one)


def _split(cell: str) -> list[str]:
    return [form for form in cell.split("|") if form]


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield row + [""] * (columns - len(row))


class Things:
    """The alias table: `forms` maps the key of a name to indices of `all`, `loose` does so for ambiguous forms."""

    def __init__(self) -> None:
        self.all: list[Thing] = []
        self.forms: dict[str, list[int]] = {}
        self.loose: dict[str, list[int]] = {}
        self.upper: set[str] = set()
        self.states: dict[str, int] = {}
        self.longest: dict[str, int] = {}
        self.lines: list[str] = []
        self.places: dict[str, list[int]] = {}
        self._read: dict[int, Thing] = {}

    def add(self, thing: Thing, names: Sequence[str], loose: Iterable[str] = ()) -> int:
        """Enter a thing under its forms; a form that ends in `?` is ambiguous."""
        self.all.append(thing)
        self.extend(len(self.all) - 1, names, loose)
        return len(self.all) - 1

    def extend(self, index: int, names: Sequence[str], loose: Iterable[str] = ()) -> None:
        """Further forms of a thing."""
        for name in (*names, *_respelled(names)):
            if name.endswith("?"):
                self._enter(self.loose, name[:-1], index)
            else:
                self._enter(self.forms, name, index)
        for name in loose:
            self._enter(self.loose, name, index)

    def _enter(self, table: dict[str, list[int]], form: str, index: int) -> None:
        key = key_of(form)
        if not key:
            return
        if len(form) <= 5 and form.isascii() and form.replace(".", "").isupper():
            self.upper.add(key)
        held = table.get(key)
        if held is None:
            table[key] = [index]
            first, _, rest = key.partition(" ")
            length = rest.count(" ") + 2 if rest else 1
            if self.longest.get(first, 0) < length:
                self.longest[first] = length
        elif index not in held:
            held.append(index)

    def find(self, key: str) -> list[Thing]:
        """Things that go by the form with this key: sure forms first, then ambiguous ones, then the
        places of the gazetteer.
        """
        found: dict[str, Thing] = {}
        for table in (self.forms, self.loose):
            for index in table.get(key, ()):
                found.setdefault(self.all[index].id, self.all[index])
        numbers = {thing.geonames for thing in found.values() if thing.geonames}
        for index in self.places.get(key, ()):
            place = self.place(index)
            if place.geonames not in numbers:
                found.setdefault(place.id, place)
        return list(found.values())

    def knows(self, key: str) -> bool:
        """Whether any thing goes by the form with this key."""
        return key in self.forms or key in self.loose or key in self.places

    def place(self, index: int) -> Thing:
        """The place in line `index` of the gazetteer."""
        held = self._read.get(index)
        if held is None:
            held = self._read[index] = _place(self.lines[index])
        return held

    def same(self, name: str, kind: str, country: str | None) -> int | None:
        """The thing of this name, kind and country, if the table has it."""
        for index in self.forms.get(key_of(name), ()):
            thing = self.all[index]
            if thing.kind == kind and (thing.country == country or country is None or thing.country is None):
                return index
        return None

    def state(self, iso3: str | None) -> Thing | None:
        """The state with this ISO 3166-1 alpha-3 code."""
        index = self.states.get(iso3 or "")
        return None if index is None else self.all[index]


def _ranks() -> frozenset[str]:
    """Words of offices, as they stand before names."""
    return frozenset(word for _sector, words in _rows("titles.tsv", 2) for word in words.split("|")) | {"us", "former"}


def _entities(table: Things) -> None:
    ranks = _ranks()
    for line in (DATA / "entities.jsonl").read_bytes().splitlines():
        record = orjson.loads(line)
        name = _QUALIFIER.sub("", record["name"]).replace(" (Pakistan)", ", Pakistan")
        country = record.get("country")
        if record["kind"] == "LOC" and country in ("IGO", "XXX"):
            country = None
        names = [
            record["name"],
            name,
            record.get("name_hi", ""),
            *record.get("aliases_en", ()),
            *record.get("aliases_hi", ()),
        ]
        if record["kind"] == "PER":  # the office is no part of a name
            names = [n for n in names if n.split(" ", 1)[0].casefold() not in ranks or " " not in n]
        names = [n for n in names if not _DESCRIBED.search(n)]
        names = [n for n in names if n.count(".") < 4]  # "I.N.D.I.A." has the key of the country
        start, end = record.get("from"), record.get("to")
        person = record["kind"] == "PER"
        thing = Thing(
            id=record.get("qid") or f"x:{fold_latin(name).replace(' ', '-')}",
            name=name,
            kind=record["kind"],
            country=country,
            sector=record.get("sector"),
            qid=record.get("qid"),
            office=record.get("office", ""),
            start=int(start[:4]) if person and start else 0,
            end=int(end[:4]) if person and end else 9999,
            weight=3.0,
        )
        table.add(thing, [n for n in names if n], record.get("aliases_ambiguous", ()))


def _countries(table: Things) -> dict[str, str]:
    capitals: dict[str, str] = {}
    for _iso2, iso3, qid, english, hindi, capital, _geonames, is_state in _rows("countries.tsv", 8):
        names = _split(english)
        index = table.same(names[0], "LOC", iso3)
        if index is None:
            thing = Thing(
                qid or f"iso:{iso3}", names[0], "LOC", iso3, None, qid or None, weight=5.0 if is_state else 2.0
            )
            index = table.add(thing, names + _split(hindi))
        else:
            table.extend(index, names + _split(hindi))
        table.all[index].is_state = bool(is_state)
        table.states[iso3] = index
        if capital:
            capitals[f"{capital}\t{iso3}"] = iso3
    return capitals


def _gazetteer(table: Things) -> None:
    """Cities and subdivisions: most are never asked for, so a line stays text until somebody looks at it."""
    text = (DATA / "gazetteer.tsv").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        index = len(table.lines)
        table.lines.append(line)
        for key in line.rpartition("\t")[2].split("|"):
            table.places.setdefault(key, []).append(index)


def _place(line: str) -> Thing:
    ident, english, country, inhabitants, _keys = line.split("\t")
    kind, _, number = ident.partition(":")
    people = int(inhabitants or 0)
    return Thing(
        id=ident,
        name="".join(c for c in unicodedata.normalize("NFD", english) if not unicodedata.combining(c)),
        kind="LOC",
        country=country or None,
        qid=ident if kind.startswith("Q") else None,
        geonames=int(number) if kind == "geo" else None,
        weight=0.3 + min(people, 5_000_000) / 5_000_000 + (0.2 if country == "IND" else 0.0),
        sure=False,
    )


def _written(table: Things) -> None:
    for name, country, sector, english, hindi in _rows("organisations.tsv", 5):
        _merge(
            table,
            Thing("", name, "ORG", country or None, sector or None, weight=2.0),
            [*_split(english), *_split(hindi)],
        )
    for name, country, sector, start, end, english, hindi in _rows("people.tsv", 7):
        thing = Thing("", name, "PER", country or None, sector or None, weight=2.0)
        thing.start, thing.end = int(start or 0), int(end or 9999)
        _merge(table, thing, [*_split(english), *_split(hindi)])
    for name, country, english, hindi in _rows("places.tsv", 4):
        place = Thing("", name, "LOC", None if country == NOWHERE else country or None, weight=4.0)
        _merge(table, place, [*_split(english), *_split(hindi)])


def _merge(table: Things, thing: Thing, names: list[str]) -> None:
    """Enter a hand-written row, as further forms of a thing the other tables have, or as a new one."""
    own = thing.name.startswith(
        "+"
    )  # a thing of its own, though another table has the name among the forms of something else
    thing.name = thing.name.removeprefix("+")
    known = [thing.name, *(n for n in names if " " in n)]
    found = (table.same(form, thing.kind, thing.country) for form in known)
    index = None if own else next((i for i in found if i is not None), None)
    if own:
        for form in (thing.name, *names):
            table.forms.pop(key_of(form), None)
    if index is None:
        thing.id = f"x:{fold_latin(thing.name).replace(' ', '-')}"
        table.add(thing, [thing.name, *names])
        return
    held = table.all[index]
    held.name = thing.name
    held.weight = max(held.weight, thing.weight)
    held.sector = held.sector or thing.sector
    table.extend(index, [thing.name, *names])


def _numbered(table: Things) -> None:
    """The same city in the gazetteer gives its GeoNames number."""
    for thing in table.all:
        if thing.kind != "LOC" or thing.geonames or thing.is_state or not thing.country:
            continue
        twins = map(table.place, table.places.get(key_of(thing.name), ()))
        twin = max((t for t in twins if t.country == thing.country), key=lambda t: t.weight, default=None)
        if twin is not None:
            thing.geonames, thing.qid = twin.geonames, thing.qid or twin.qid
            thing.id = thing.qid or twin.id


def _acting(table: Things, capitals: dict[str, str]) -> None:
    """Seats of government act for their states."""
    for name, iso3 in _rows("metonyms.tsv", 2):
        for index in table.forms.get(key_of(name), ()):
            table.all[index].acts_for = iso3
    for entry, iso3 in capitals.items():
        name, _, country = entry.partition("\t")
        for thing in table.find(key_of(name)):
            if thing.kind == "LOC" and thing.country == country and not thing.is_state and thing.acts_for is None:
                thing.acts_for = iso3


@cache
def things() -> Things:
    """The alias table, read once."""
    table = Things()
    _entities(table)
    capitals = _countries(table)
    _gazetteer(table)
    _written(table)
    _numbered(table)
    _acting(table, capitals)
    return table


@cache
def demonyms() -> dict[str, str]:
    """ISO 3166-1 alpha-3 code by the key of an adjective of a nation, in both languages."""
    found: dict[str, str] = {}
    for iso3, english, hindi in _rows("demonyms.tsv", 3):
        for form in _split(english) + _split(hindi):
            found.setdefault(key_of(form), iso3)
    return found
