"""Whether two reported events are one act: parties, date, place, mode and words weighed against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.knowledge.things import DATA
from services.language.scripts import fold
from services.stories.edtf import Range, gap, ordinal, span

SYMMETRIC = frozenset(("CONSULT", "AGREE", "COOPERATE"))
NARROW = 3  # days a date may cover and still tell one event from the next
ASIDE = frozenset(("historical",))

Parties = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Side:
    """One party of an act, ready to compare."""

    who: str
    country: str | None
    state: bool
    sector: str | None


@cache
def _states() -> dict[str, str]:
    """ISO 3166-1 alpha-3 code by English name (folded) and by QID."""
    table: dict[str, str] = {}
    for line in (DATA / "countries.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            _, iso3, qid, names, *_ = line.split("\t")
            table |= {fold(name): iso3 for name in names.split("|")}
            if qid:
                table[qid] = iso3
    return table


def side(party: Mapping[str, Any]) -> Side:
    """A party of a TaggedEvent as something to compare: who it is by QID, else by entity, else by name."""
    name = fold(party["name"])
    entity = party.get("entity") or ""
    states = _states()
    state = states.get(party.get("qid") or entity) or states.get(name) or (entity[4:] if entity[:4] == "iso:" else None)
    if state:
        return Side(f"iso:{state}", state, True, "GOV")
    known = entity if entity and not entity.startswith("x:") else ""
    return Side(party.get("qid") or known or name, party.get("country"), False, party.get("sector"))


def parties_alike(one: Side, two: Side) -> float:
    """From 0 (others) to 1 (the same)."""
    if one.who == two.who:
        return 1.0
    if one.country is None or two.country is None:
        return 0.0 if one.country or two.country else 0.1
    if one.country != two.country:
        return 0.0
    if one.state or two.state:
        return 0.8
    if one.sector != two.sector:
        return 0.35
    return 0.25


def sides_alike(ones: Sequence[Side], twos: Sequence[Side]) -> float:
    """How well two sides of an act agree, from 0 to 1: 0.5 where one of them is not told."""
    if not ones or not twos:
        return 0.5
    fewer, more = (ones, twos) if len(ones) <= len(twos) else (twos, ones)
    left = list(more)
    total = 0.0
    for party in fewer:
        best = max(left, key=lambda other: parties_alike(party, other))
        total += parties_alike(party, best)
        left.remove(best)
    return total / len(fewer) - 0.08 * min(len(more) - len(fewer), 2)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one report, or the reports of one event together, say of an act."""

    type: str
    mode: str | None
    status: str
    actors: tuple[Side, ...]
    recipients: tuple[Side, ...]
    when: Range | None
    told: bool
    place: str | None
    place_country: str | None
    words: frozenset[int]
    language: str
    day: int


def claim(event: Mapping[str, Any], time: int, language: str) -> Claim:
    """The claim of one report."""
    day = ordinal(time)
    when = span(event.get("date"), day)
    place = event.get("place")
    return Claim(
        type=event["event_type"],
        mode=event.get("event_mode"),
        status=event["status"],
        actors=tuple(side(party) for party in event["actors"]),
        recipients=tuple(side(party) for party in event["recipients"]),
        when=when,
        told=when is not None,
        place=event.get("place_entity") or (fold(place) if place else None),
        place_country=event.get("place_country"),
        words=frozenset(event.get("words") or ()),
        language=language,
        day=day,
    )


def odds(one: Claim, two: Claim) -> float:
    """Log-odds that two claims tell the same act, story aside; minus infinity for acts of different types."""
    if one.type != two.type:
        return float("-inf")
    return _parties(one, two) + _dates(one, two) + _places(one, two) + _modes(one, two) + _words(one, two)


def _parties(one: Claim, two: Claim) -> float:
    straight = (sides_alike(one.actors, two.actors) + sides_alike(one.recipients, two.recipients)) / 2
    if one.type in SYMMETRIC:
        together = sides_alike((*one.actors, *one.recipients), (*two.actors, *two.recipients))
        straight = max(straight, together)
    return 7.0 * (straight - 0.55)


def _dates(one: Claim, two: Claim) -> float:
    if one.when and two.when:
        apart = gap(one.when, two.when)
        if apart == 0:
            narrow = max(one.when[1] - one.when[0], two.when[1] - two.when[0]) < NARROW
            return 1.6 if narrow else 0.5
        return -0.8 if apart == 1 else -2.5 if apart <= 3 else -5.0
    if one.status in ASIDE or two.status in ASIDE:
        return -1.0  # background of unknown date may be anything earlier
    if one.when or two.when:
        known, other = (one, two) if one.when else (two, one)
        assert known.when is not None
        planned = known.status in ("future", "hypothetical") or other.status in ("future", "hypothetical")
        apart = gap(known.when, (other.day - 2, other.day + 1))
        return 0.0 if apart == 0 or planned else -1.5 * min(apart, 4)
    return -1.2 * min(max(abs(one.day - two.day) - 1, 0), 5)


def _places(one: Claim, two: Claim) -> float:
    if not one.place or not two.place:
        return 0.0
    if one.place == two.place:
        return 0.8
    if one.place_country and two.place_country and one.place_country != two.place_country:
        return -2.0
    return -0.3


def _modes(one: Claim, two: Claim) -> float:
    if not one.mode or not two.mode:
        return 0.0
    return 0.6 if one.mode == two.mode else -1.5


def _words(one: Claim, two: Claim) -> float:
    if one.language != two.language or not one.words or not two.words:
        return 0.0
    return 2.5 * (len(one.words & two.words) / min(len(one.words), len(two.words)) - 0.25)
