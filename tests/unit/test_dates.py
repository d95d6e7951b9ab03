"""Dates are read back in both languages and scripts; relative ones by the publication day, the tense, and the text."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.enriched import TimeExpression
from services.enricher import dates
from services.language import sentences
from services.language.calendar import table
from services.language.tokens import Tokens

DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
HINDI = {e.number: w for w, e in reversed(table().items()) if e.kind == "month" and not w.isascii()}
ENGLISH = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
HINDI_DAYS = ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"]
ENGLISH_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def find(text: str, published: str | None = None) -> list[TimeExpression]:
    return dates.find(text, Tokens(text), sentences.split(text), published)


def edtfs(text: str, published: str | None = None) -> list[str]:
    return [t.edtf for t in find(text, published)]


@given(days, st.booleans())
def test_a_full_hindi_date_is_read_back(day: date, devanagari: bool) -> None:
    text = f"बैठक {day.day} {HINDI[day.month]} {day.year} को दिल्ली में हुई।"
    assert edtfs(text.translate(DEVANAGARI) if devanagari else text) == [day.isoformat()]


@given(days, st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{d}th of {m} {y}", "{m} {d} {y}"]))
def test_a_full_english_date_is_read_back(day: date, pattern: str) -> None:
    told = pattern.format(d=day.day, m=ENGLISH[day.month - 1], y=day.year)
    found = find(f"They met on {told} in Delhi.")
    assert [(t.edtf, t.provenance) for t in found] == [(day.isoformat(), "explicit")]


@given(days, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]), st.booleans())
def test_figures_are_read_back(day: date, pattern: str, devanagari: bool) -> None:
    told = day.strftime(pattern)
    if devanagari and pattern != "%Y-%m-%d":
        told = told.translate(DEVANAGARI)
    assert edtfs(f"तारीख {told} थी।") == [day.isoformat()]


@given(days, st.integers(0, 6))
def test_a_weekday_in_the_past_is_the_last_such_day(day: date, weekday: int) -> None:
    wanted = [(day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat()]
    assert edtfs(f"उन्होंने {HINDI_DAYS[weekday]} को इस्तीफा दिया।", day.isoformat()) == wanted
    assert edtfs(f"He resigned on {ENGLISH_DAYS[weekday]}.", day.isoformat()) == wanted


@given(days, st.integers(0, 6))
def test_a_weekday_in_the_future_is_the_next_such_day(day: date, weekday: int) -> None:
    wanted = [(day + timedelta(days=(weekday - day.weekday()) % 7)).isoformat()]
    assert edtfs(f"वे {HINDI_DAYS[weekday]} को दिल्ली जाएंगे।", day.isoformat()) == wanted
    assert edtfs(f"He will fly to Delhi on {ENGLISH_DAYS[weekday]}.", day.isoformat()) == wanted


@given(days, st.integers(1, 28), st.integers(1, 12))
def test_without_a_publication_day_the_year_stays_open(day: date, d: int, month: int) -> None:
    assert edtfs(f"दोनों देश {d} {HINDI[month]} को मिलेंगे।") == [f"XXXX-{month:02d}-{d:02d}"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("वे कल दिल्ली आए थे।", "2024-05-14"),
        ("वे कल दिल्ली आएंगे।", "2024-05-16"),
        ("परसों बातचीत हुई थी।", "2024-05-13"),
        ("परसों बातचीत होगी।", "2024-05-17"),
        ("आज सुबह बैठक हुई।", "2024-05-15"),
        ("बीती रात पुलिस ने छापा मारा।", "2024-05-14"),
        ("इस हफ्ते वार्ता होगी।", "2024-05-13/2024-05-19"),
        ("पिछले हफ्ते छापे पड़े थे।", "2024-05-06/2024-05-12"),
        ("अगले महीने चुनाव होंगे।", "2024-06"),
        ("पिछले साल युद्ध हुआ था।", "2023"),
        ("पिछले साल मार्च में युद्ध हुआ था।", "2023-03"),
        ("3 महीने पहले समझौता हुआ था।", "2024-02"),
        ("दो दिन पहले हमला हुआ था।", "2024-05-13"),
        ("दो साल पहले हमला हुआ था।", "2022"),
        ("बीते तीन दिनों में 40 लोग मारे गए।", "2024-05-12/2024-05-15"),
        ("कर्फ्यू 20 मई तक लागू रहेगा।", "../2024-05-20"),
        ("दिसंबर में चुनाव हुए थे।", "2023-12"),
        ("दिसंबर में चुनाव होंगे।", "2024-12"),
        ("1990 के दशक में शांति थी।", "199X"),
        ("They met yesterday.", "2024-05-14"),
        ("They will meet the day after tomorrow.", "2024-05-17"),
        ("Talks resume next week.", "2024-05-20/2024-05-26"),
        ("The law was passed three weeks ago.", "2024-04-24"),
        ("Police fired on crowds overnight.", "2024-05-14/2024-05-15"),
        ("He was convicted last November.", "2023-11"),
        ("Both sides must withdraw by July 1.", "../2024-07-01"),
        ("The talks of 3-5 May failed.", "2024-05-03/2024-05-05"),
        ("They will meet in the first week of June.", "2024-06-01/2024-06-07"),
        ("They are to meet in the autumn.", "2024-23"),
        ("Unions have called a strike for Friday.", "2024-05-17"),
        ("बुधवार (12 जून) को बैठक हुई।", "2024-06-12"),
        ("12 जून (बुधवार) को बैठक हुई।", "2024-06-12"),
        ("They met on Wednesday, June 12, in Delhi.", "2024-06-12"),
        ("इस महीने की 20 तारीख को बैठक होगी।", "2024-05-20"),
        ("प्रधानमंत्री 5 और 6 जून को रूस जाएंगे।", "2024-06-05/2024-06-06"),
        ("They met on June 5 and 6 in Delhi.", "2024-06-05/2024-06-06"),
        ("जनवरी-मार्च में निर्यात बढ़ा।", "2024-01/2024-03"),
        ("1 जनवरी 2020 से 31 दिसंबर 2021 तक प्रतिबंध था।", "2020-01-01/2021-12-31"),
        ("They were held between May and August 2023.", "2023-05/2023-08"),
        ("The talks ran from May 5 to May 9.", "2024-05-05/2024-05-09"),
        ("24 घंटे पहले हमला हुआ था।", "2024-05-14"),
        ("मार्च महीने में चुनाव हुए थे।", "2024-03"),
        ("They signed it in mid-May.", "2024-05"),
        ("The money will come by the end of the year.", "../2024-12-31"),
    ],
)
def test_what_news_tells_on_15_may_2024(text: str, wanted: str) -> None:
    assert edtfs(text, "2024-05-15") == [wanted]


def test_a_clock_time_joins_its_day_and_keeps_its_zone_apart() -> None:
    found = find("संघर्षविराम शनिवार शाम पांच बजे से लागू होगा।", "2025-05-09")
    assert [(t.edtf, t.time) for t in found] == [("2025-05-10", "17:00")]
    assert [t.time for t in find("The truce began on Saturday at 17:00 GMT.", "2025-05-11")] == ["17:00 GMT"]
    assert [t.time for t in find("The call begins at 2030 GMT.", "2025-05-11")] == ["20:30 GMT"]


def test_the_next_day_counts_from_the_day_told_before() -> None:
    found = find("ओटावा ने सोमवार को राजनयिक को निकाला। अगले ही दिन दिल्ली ने जवाब दिया।", "2023-09-20")
    assert [(t.edtf, t.provenance) for t in found] == [
        ("2023-09-18", "relative-to-publication"),
        ("2023-09-19", "relative-to-text"),
    ]


def test_a_dateline_stands_in_for_the_publication_day() -> None:
    found = find("कोच्चि, 3 दिसंबर। एजेंसी ने मंगलवार को छापा मारा।")
    assert [t.edtf for t in found] == ["XXXX-12-03", "XXXX-12-03"]


@pytest.mark.parametrize(
    "text",
    ["वे संसद मार्च में शामिल हुए।", "He may resign.", "They march on.", "एफ-16 विमान", "the 2000 protesters", "31 फरवरी को"],
)
def test_what_is_no_date(text: str) -> None:
    assert edtfs(text, "2024-05-15") == []


@pytest.mark.parametrize(
    "piece", ["1-", "सोमवार ", "10 ", "पिछले ", "तीन से ", "May ", "12:30 ", "9" * 40 + " ", "2020-", "-", "अगले साल "]
)
def test_hostile_repetition_takes_bounded_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    find(text, "2024-05-15")
    assert time.process_time() - started < 4
