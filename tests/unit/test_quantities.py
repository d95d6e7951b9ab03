"""Numbers get the unit of what they count; dates, times, ages and names are no quantities."""

from __future__ import annotations

import time

import pytest

from services.contracts.enriched import Quantity
from services.enricher import dates, quantities
from services.language import sentences
from services.language.tokens import Tokens


def find(text: str, countries: dict[str, int] | None = None) -> list[Quantity]:
    tokens = Tokens(text)
    times = dates.find(text, tokens, sentences.split(text), "2024-05-15")
    return quantities.find(tokens, times, countries or {})


def units(text: str) -> list[tuple[float, str | None]]:
    return [(q.value, q.unit) for q in find(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("हमले में 11 लोगों की मौत हुई।", (11, "person")),
        ("करीब एक लाख सैनिकों को भेजा गया।", (100_000, "soldier")),
        ("२६,००० लोग बेघर हुए।", (26_000, "person")),
        ("2.4 करोड़ रुपये जब्त किए गए।", (24_000_000, "Indian rupee")),
        ("50-50 हजार रुपए दिए गए।", (50_000, "Indian rupee")),
        ("तीन दिवसीय यात्रा", (3, "day")),
        ("साढ़े चार साल", (4.5, "year")),
        ("120 से ज्यादा सदस्य देशों ने", (120, "country")),
        ("26 सोशल मीडिया मंचों पर रोक", (26, "platform")),
        ("1.6 लाख वर्ग किलोमीटर", (160_000, "square kilometre")),
        ("28.5 फीसदी वोट", (28.5, "percent")),
        ("101 घायल हुए", (101, "person")),
        ("१७ भारतीयों को छुड़ाया", (17, "person")),
        ("A dozen lawyers met.", (12, "lawyer")),
        ("killing 13 at a market", (13, "person")),
        ("a $1.2 billion loan", (1.2e9, "US dollar")),
        ("Rs 45 lakh were found", (4_500_000, "Indian rupee")),
        ("NT$400 billion", (4e11, "New Taiwan dollar")),
        ("60 radar-guided launchers", (60, "launcher")),
        ("five student activists", (5, "activist")),
        ("a week-long strike", (1, "week")),
        ("1.5 percentage points", (1.5, "percentage point")),
        ("9 per cent", (9, "percent")),
        ("आधा दर्जन गाड़ियां", (6, "vehicle")),
        ("a €50m loan", (50_000_000, "euro")),
        ("between 50 and 60 people", (50, "person")),
    ],
)
def test_value_and_unit(text: str, wanted: tuple[float, str]) -> None:
    assert units(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "सुबह 5 बजे बैठक हुई।",
        "24वें दौर की वार्ता",
        "82 वर्षीय गायक",
        "a 25-year-old man",
        "25 साल के युवक",
        "सैकड़ों लोग",
        "hundreds of people",
        "एफ-16 विमान",
        "अनुच्छेद 370 हटाया",
        "10 जनवरी को",
        "in 2019",
        "the 2024 vote",
        "three-way talks",
        "दो दिन पहले",
        "एक नेता ने कहा",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert units(text) == []


def test_a_range_keeps_both_bounds() -> None:
    (found,) = find("तीन से चार घंटे")
    assert (found.value, found.high, found.unit) == (3, 4, "hour")


def test_what_happened_to_those_counted() -> None:
    assert [q.counted for q in find("हमले में 11 लोग मारे गए और 20 घायल हुए।")] == ["killed", "injured"]
    assert [q.counted for q in find("Police arrested 42 people.")] == ["arrested"]


def test_the_country_decides_between_the_rupees() -> None:
    assert [q.unit for q in find("Rs 23 billion", {"PAK": 3, "IND": 1})] == ["Pakistani rupee"]
    assert [q.unit for q in find("12 million rupees", {"LKA": 2})] == ["Sri Lankan rupee"]


def test_the_words_stand_where_the_offsets_say() -> None:
    text = "पुलिस ने करीब 4,000 कैदियों को रिहा किया।"
    (found,) = find(text)
    assert text[found.start : found.end] == found.text == "4,000 कैदियों"
    assert found.approximate


@pytest.mark.parametrize("piece", ["10 ", "लाख ", "एक-", "1,", "$", "five ", "10 और ", "9" * 50, "दो से "])
def test_hostile_repetition_takes_bounded_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 4
