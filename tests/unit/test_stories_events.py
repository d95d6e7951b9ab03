"""Reports of one act become one event, with sources, history and contradictions; without support it is retracted."""

from __future__ import annotations

from typing import Any

import pytest

from services.stories.edtf import span
from services.stories.fusing import independent
from services.stories.happening import Report
from services.stories.likeness import claim, odds
from services.stories.measures import bcubed, pairwise
from services.stories.owners import owner_of
from tests.unit.newsroom import Newsroom, article, event

TEXTS = {
    "a": "Russia and United States officials prepare security talks in Geneva on the Ukraine crisis, diplomats said.",
    "a0": "Envoys of the United States met those of Russia in Geneva to speak of security and the Ukraine crisis.",
    "a1": "The Geneva security talks on Ukraine between Russia and the United States lasted eight hours.",
    "a2": "Security and the crisis over Ukraine were on the table when Russia and the United States met in Geneva.",
    "b": "Diplomats from Moscow landed for the talks: the United States and Russia meet in Geneva over security.",
    "c": "Geneva readies a villa for security talks; Russia wants guarantees on Ukraine, the United States wants calm.",
    "no": "No security talks took place in Geneva, a spokesman said of Russia, the United States and Ukraine.",
}


def talks(
    id: str, published: str, status: str = "future", date: str | None = "2022-01-10", **more: Any
) -> dict[str, Any]:
    """An article on the Geneva talks."""
    where = {"place": "Geneva", "place_country": "CHE", "words": "the security talks in Geneva"}
    told = event(id, 0, "CONSULT", ["United States", "Russia"], [], status=status, date=date, **where)
    return article(
        id, f"{TEXTS[id]} {more.pop('extra', '')}", "Security talks in Geneva", published, events=[told], **more
    )


def test_two_articles_state_one_event() -> None:
    room = Newsroom()
    room.send(talks("a", "2021-12-30"), talks("b", "2021-12-31", extra="Envoys of both sides arrived."))
    (found,) = room.events()
    assert (found.reports, found.independent_sources, found.status) == (2, 2, "future")
    assert found.date == "2022-01-10"
    assert {p.name for p in found.actors} == {"United States", "Russia"}
    assert {s.article_id for s in found.support} == {"a", "b"}


def test_confidence_grows_with_independent_sources_only() -> None:
    room = Newsroom()
    room.send(talks("a", "2021-12-30", source="one.example"))
    alone = room.events()[0].confidence
    room.send(talks("b", "2021-12-31", source="news.one.example", extra="Envoys of both sides arrived."))
    assert room.events()[0].confidence == alone
    assert room.events()[0].independent_sources == 1
    room.send(talks("c", "2021-12-31", source="two.example", extra="The delegations landed at night."))
    assert room.events()[0].confidence > alone


def test_plan_then_fact_is_one_history() -> None:
    room = Newsroom()
    room.send(talks("a", "2022-01-08"))
    room.send(talks("b", "2022-01-10", status="actual", extra="The talks lasted eight hours."))
    (found,) = room.events()
    assert [step.status for step in found.history] == ["planned", "happened"]
    assert found.status == "actual"


def test_a_later_date_of_a_plan_is_a_postponement() -> None:
    room = Newsroom()
    room.send(
        talks("a", "2022-01-07", date="2022-01-10"), talks("b", "2022-01-09", date="2022-01-11", extra="One day later.")
    )
    (found,) = room.events()
    assert [step.status for step in found.history] == ["planned", "postponed"]


def test_a_denial_is_shown_beside_the_reports() -> None:
    room = Newsroom()
    for n in range(3):
        room.send(talks(f"a{n}", "2022-01-10", status="actual", extra=f"Detail number {n} of the talks."))
    before = room.events()[0].confidence
    room.send(talks("no", "2022-01-11", status="negated", extra="A spokesman denied it."))
    (found,) = room.events()
    assert found.status == "actual"
    assert {c.field: c.values for c in found.contradictions}["status"] == {"happened": 3, "denied": 1}
    assert found.confidence < before


def test_other_parties_another_date_or_another_type_make_another_event() -> None:
    room = Newsroom()
    first = talks("a", "2022-01-08")
    second = talks("b", "2022-01-08", extra="More on the subject.")
    second["events"] = [
        event("b", 0, "CONSULT", ["Narendra Modi", "Sri Lanka"], [], status="future", date="2022-01-10"),
        event("b", 1, "CONSULT", ["United States", "Russia"], [], status="future", date="2022-02-20", place="Geneva"),
        event("b", 2, "ACCUSE", ["United States"], ["Russia"], date="2022-01-07"),
    ]
    room.send(first, second)
    assert len(room.events()) == 4


def test_a_corrected_article_takes_its_support_back() -> None:
    room = Newsroom()
    room.send(talks("a", "2021-12-30"))
    (found,) = room.events()
    corrected = talks("a", "2021-12-30")
    corrected["events"] = []
    room.send(corrected)
    assert room.latest["events.resolved", found.id].retracted
    assert room.latest["events.resolved", found.id].reports == 0


def test_a_corrected_article_that_still_states_the_event_keeps_its_id() -> None:
    room = Newsroom()
    room.send(talks("a", "2021-12-30"))
    (before,) = room.events()
    room.send(talks("a", "2021-12-30", extra="Corrected: the talks begin at noon."))
    (after,) = room.events()
    assert after.id == before.id
    assert after.reports == 1


def test_a_withdrawn_article_retracts_what_it_alone_stated() -> None:
    room = Newsroom()
    room.send(talks("a", "2021-12-30"), talks("b", "2021-12-31", extra="Envoys of both sides arrived."))
    (found,) = room.events()
    room.withdraw("a")
    assert room.events()[0].reports == 1
    room.withdraw("b")
    assert room.latest["events.resolved", found.id].retracted
    assert not room.stage.engine.resolving.events


def test_copies_and_owners_are_one_source() -> None:
    def report(article: str, owner: str, copy_of: str | None = None) -> Report:
        return Report(article, "s", 0, True, "en", owner, None, None, copy_of, {})

    reports = [
        report("a", "pti"),
        report("b", "x", "a"),
        report("c", "y", "a"),
        report("d", "pti"),
        report("e", "z"),
        report("f", ""),
    ]
    assert sorted(len(group) for group in independent(reports)) == [1, 1, 4]


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2022-01-10", "2022-01-10", "2022-01-10"),
        ("XXXX-01-10", "2022-01-10", "2022-01-10"),
        ("XXXX-12-07", "2021-12-07", "2021-12-07"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2021-12-27/2022-01-02", "2021-12-27", "2022-01-02"),
        ("2022", "2022-01-01", "2022-12-31"),
    ],
)
def test_dates_are_ranges_and_unknown_years_are_near(edtf: str, first: str, last: str) -> None:
    from datetime import date

    near = date(2021, 12, 31).toordinal()
    assert span(edtf, near) == (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


@pytest.mark.parametrize("edtf", [None, "", "soon", "2022-13-40", "XXXX", "../.."])
def test_what_is_no_date_is_none(edtf: str | None) -> None:
    assert span(edtf, 738_000) is None


def test_a_state_and_its_leader_are_alike_and_two_ministers_are_not() -> None:
    def told(*names: str) -> Any:
        return claim(event("a", 0, "CONSULT", list(names), [], date="2022-01-10"), 1_641_800_000, "en")

    leaders = odds(told("Joe Biden", "Vladimir Putin"), told("United States", "Russia"))
    others = odds(told("Joe Biden", "Vladimir Putin"), told("Narendra Modi", "Sri Lanka"))
    assert leaders > 0 > others


def test_outlets_of_one_owner() -> None:
    assert owner_of({"host": "www.thehindubusinessline.com"}) == owner_of({"source": "The Hindu"})
    assert owner_of({"url": "https://africa.chinadaily.com.cn/a"}) == owner_of({"host": "europe.chinadaily.com.cn"})
    assert owner_of({"host": "a.example", "agency": "PTI"}) == owner_of({"host": "b.example", "agency": "भाषा"})
    assert owner_of({}) == ""


def test_measures_of_clusterings() -> None:
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    assert bcubed(truth, truth).f1 == pairwise(truth, truth).f1 == 1.0
    together = dict.fromkeys(truth, 0)
    assert (bcubed(together, truth).precision, bcubed(together, truth).recall) == (0.5, 1.0)
    apart = {key: n for n, key in enumerate(truth)}
    assert (bcubed(apart, truth).precision, bcubed(apart, truth).recall) == (1.0, 0.5)
    assert pairwise(together, truth).precision == pytest.approx(1 / 3)
