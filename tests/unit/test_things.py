"""The alias table."""

from __future__ import annotations

import pytest

from services.knowledge.rules import heads, local_bodies, offices, parts
from services.knowledge.things import demonyms, things
from services.language.words import key_of


def best(form: str, kind: str) -> str | None:
    found = [t for t in things().find(key_of(form)) if t.kind == kind]
    return max(found, key=lambda t: t.weight).name if found else None


@pytest.mark.parametrize(
    ("kind", "forms"),
    [
        ("PER", ["बाइडन", "बिडेन", "बाइडेन", "Biden", "Joe Biden"]),
        ("PER", ["ट्रंप", "ट्रम्प", "Trump"]),
        ("LOC", ["यूक्रेन", "युक्रेन", "Ukraine"]),
        ("LOC", ["मॉस्को", "मास्को", "Moscow"]),
        ("LOC", ["नई दिल्ली", "नयी दिल्ली", "New Delhi"]),
        ("ORG", ["भाजपा", "बीजेपी", "BJP", "Bharatiya Janata Party"]),
        ("ORG", ["नाटो", "NATO", "North Atlantic Treaty Organization"]),
    ],
)
def test_spellings_and_scripts_meet_in_one_thing(kind: str, forms: list[str]) -> None:
    names = {best(form, kind) for form in forms}
    assert len(names) == 1
    assert None not in names


def test_every_thing_has_an_id_and_a_kind() -> None:
    for thing in things().all:
        assert thing.id
        assert thing.name
        assert thing.kind in ("PER", "LOC", "ORG")


def test_verified_identifiers_are_wikidata_items() -> None:
    for thing in things().all:
        assert thing.qid is None or (thing.qid[0] == "Q" and thing.qid[1:].isdigit())


def test_every_state_of_the_demonyms_is_known() -> None:
    assert {iso for iso in demonyms().values() if iso != "IGO" and things().state(iso) is None} == set()


def test_seats_of_government_act_for_their_states() -> None:
    for form, iso in (
        ("क्रेमलिन", "RUS"),
        ("White House", "USA"),
        ("नई दिल्ली", "IND"),
        ("Beijing", "CHN"),
        ("तेहरान", "IRN"),
    ):
        assert things().find(key_of(form))[0].acts_for == iso, form


def test_an_office_is_no_part_of_a_persons_name() -> None:
    for form in ("प्रधानमंत्री मोदी", "President Biden"):
        assert key_of(form) not in things().forms


def test_tables_of_rules_are_read_whole() -> None:
    assert "{}" in heads()[key_of("पुलिस")].template
    assert local_bodies()[key_of("सुप्रीम कोर्ट")]["IND"] == "Supreme Court of India"
    assert offices()[key_of("राष्ट्रपति")] == "GOV"
    assert parts()[key_of("विश्वविद्यालय")] == "University"
