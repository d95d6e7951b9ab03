"""Exports keep what the other format can say, and leave out what it cannot."""

from __future__ import annotations

from services.commands import formats
from services.contracts.base import Span
from services.contracts.tagged import Party, TaggedEvent


def event(**changes: object) -> TaggedEvent:
    given = {
        "id": "e1",
        "article_id": "a1",
        "event_type": "CONSULT",
        "event_mode": "phone",
        "status": "actual",
        "actors": [Party(name="Joe Biden", country="USA", sector="GOV", qid="Q6279")],
        "recipients": [Party(name="Vladimir Putin", country="RUS", sector="GOV")],
        "date": "2021-12-30",
        "evidence": Span(start=0, end=4, text="a\tb\nc"),
        "confidence": 0.9,
        "quad": 1,
        "intensity": 1.5,
        "cameo_root": "04",
        "language": "en",
        "published": "2021-12-31",
    }
    return TaggedEvent.model_validate({**given, **changes})


def cameo_rows(**changes: object) -> list[dict[str, str]]:
    return [dict(zip(formats.CAMEO_COLUMNS, row, strict=True)) for row in formats.cameo(event(**changes))]


def test_cooperation_to_come_is_an_agreement() -> None:
    assert formats.plover(event(status="future"))["event"] == "AGREE"
    assert "mode" not in formats.plover(event(status="future"))
    assert cameo_rows(status="future")[0]["EventRootCode"] == "03"
    assert formats.plover(event(status="future", event_type="ASSAULT", event_mode=None, quad=4))["event"] == "ASSAULT"


def test_cameo_leaves_out_what_has_not_happened() -> None:
    assert cameo_rows(status="negated") == []
    assert cameo_rows(status="hypothetical") == []
    assert cameo_rows(status="future", event_type="ASSAULT", event_mode=None, quad=4) == []
    assert len(cameo_rows(status="historical")) == 1


def test_cameo_has_a_row_for_each_pair_of_parties() -> None:
    both = [Party(name="India", country="IND"), Party(name="China", country="CHN")]
    rows = cameo_rows(actors=both, recipients=[])
    assert {(row["Actor1CountryCode"], row["Actor2CountryCode"]) for row in rows} == {("IND", "CHN"), ("CHN", "IND")}
    assert len(cameo_rows(actors=both)) == 2
    assert [row["Actor1Name"] for row in cameo_rows(actors=[])] == [""]


def test_cameo_dates_are_full_days_or_the_day_of_publication() -> None:
    assert cameo_rows()[0]["SQLDATE"] == "20211230"
    assert cameo_rows(date="XXXX-01-10")[0]["SQLDATE"] == "20211231"
    assert cameo_rows(date="2022-01", published=None)[0]["SQLDATE"] == ""


def test_polecat_has_one_row_an_event_with_its_status() -> None:
    row = dict(zip(formats.POLECAT_COLUMNS, formats.polecat(event(status="hypothetical")), strict=True))
    assert row["Status"] == "hypothetical"
    assert row["Wikidata Actor ID"] == "Q6279"
    assert row["Recipient Country"] == "RUS"


def test_no_value_breaks_a_line_of_columns() -> None:
    line = formats.tsv(formats.polecat(event()))
    assert line.count("\t") == len(formats.POLECAT_COLUMNS) - 1
    assert "\n" not in line
