"""Names in running text: found, put in shape, linked by what the article tells."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.enriched import Mention
from services.enricher.mentions import find_mentions
from services.knowledge.shared import models
from services.language import sentences

pytestmark = pytest.mark.skipif(not models("mentions", "mentions.npz").exists(), reason="the mention model is missing")


def find(text: str, language: str, published: str | None = None) -> list[Mention]:
    spans = [(start, end, language) for start, end in sentences.split(text)]
    return find_mentions(text, spans, published)


def names(text: str, language: str = "hi", published: str | None = None) -> dict[str, tuple[str, str]]:
    return {m.text: (m.kind, m.name) for m in find(text, language, published)}


def test_spellings_of_both_scripts_get_one_id() -> None:
    hindi = find("जो बाइडेन ने यूक्रेन पर रूस को चेताया।", "hi")
    english = find("Joe Biden warned Russia over Ukraine.", "en")
    assert {m.entity for m in hindi} == {m.entity for m in english}
    assert all(m.qid for m in hindi)


def test_an_unknown_name_meets_itself_across_scripts() -> None:
    (hindi,) = [m for m in find("किसान नेता गुरमेल सिंह ढींडसा ने कहा कि धरना जारी रहेगा।", "hi") if m.kind == "PER"]
    (english,) = [
        m for m in find("Farmers' leader Gurmel Singh Dhindsa said the sit-in would go on.", "en") if m.kind == "PER"
    ]
    assert hindi.entity == english.entity
    assert hindi.name == english.name == "Gurmel Singh Dhindsa"
    assert hindi.via == "phonetic"


def test_the_year_tells_which_sharif_is_prime_minister() -> None:
    text = "पाकिस्तान के प्रधानमंत्री शरीफ ने सोमवार को भारत को चेतावनी दी।"
    assert names(text, "hi", "2016-05-01")["शरीफ"] == ("PER", "Nawaz Sharif")
    assert names(text, "hi", "2023-05-01")["शरीफ"] == ("PER", "Shehbaz Sharif")


def test_ambiguity_is_reported_with_candidates() -> None:
    (sharif,) = [
        m for m in find("Prime Minister Sharif warned India on Monday.", "en", "2023-05-01") if m.text == "Sharif"
    ]
    assert {c.name for c in sharif.candidates} == {"Nawaz Sharif", "Shehbaz Sharif"}
    assert sharif.confidence < 0.9


def test_a_surname_means_the_person_the_article_names_in_full() -> None:
    found = names("Kenyan police chief Joseph Onyango said Kisumu was calm. Onyango spoke in Nairobi.", "en")
    assert found["Onyango"] == ("PER", "Joseph Onyango")


def test_the_office_beside_a_name_tells_country_and_sector() -> None:
    (chief,) = [m for m in find("केन्या के पुलिस प्रमुख जोसेफ ओनयांगो ने कहा कि शहर में शांति है।", "hi") if m.kind == "PER"]
    assert (chief.country, chief.sector) == ("KEN", "COP")


@pytest.mark.parametrize(
    ("text", "form", "state"),
    [
        ("क्रेमलिन ने बयान जारी किया।", "क्रेमलिन", "Russia"),
        ("तेहरान ने आरोप से इनकार किया।", "तेहरान", "Iran"),
        ("व्हाइट हाउस ने बयान जारी किया।", "व्हाइट हाउस", "United States"),
    ],
)
def test_a_metonym_keeps_the_thing_and_the_state_it_acts_for(text: str, form: str, state: str) -> None:
    (mention,) = [m for m in find(text, "hi") if m.text == form]
    assert mention.acts_for == state
    assert mention.name != state


def test_offices_and_honorifics_are_no_part_of_a_mention() -> None:
    found = names("प्रधानमंत्री नरेंद्र मोदी और श्री राजनाथ सिंह जी दिल्ली में थे।")
    assert "नरेंद्र मोदी" in found
    assert "राजनाथ सिंह" in found


def test_adjectives_of_nations_are_no_mentions() -> None:
    assert not {"रूसी", "अमेरिकी"} & set(names("रूसी और अमेरिकी अधिकारियों ने जिनेवा में बात की।"))
    assert not {"Russian", "American"} & set(names("Russian and American officials met in Geneva.", "en"))


def test_latin_names_inside_hindi_text_are_found() -> None:
    assert names("TASS के अनुसार NATO ने कीव को सहायता दी।")["NATO"][0] == "ORG"


def test_bodies_named_without_their_country_belong_to_the_one_at_hand() -> None:
    found = names("ताइवान के रक्षा मंत्रालय ने कहा कि चीनी विमान आए। बिहार पुलिस ने पटना में छापा मारा।")
    assert found["रक्षा मंत्रालय"] == ("ORG", "Ministry of Defence of Taiwan")
    assert found["बिहार पुलिस"] == ("ORG", "Bihar Police")


def test_without_text_there_are_no_mentions() -> None:
    assert find("", "hi") == []
    assert find_mentions("रूस", [], None) == []


@given(st.text(max_size=200), st.sampled_from(["hi", "en"]))
def test_any_text_gives_mentions_that_stand_in_it_in_order(text: str, language: str) -> None:
    found = find(text, language)
    assert all(text[m.start : m.end] == m.text and m.name and m.entity for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


PIECES = [
    "रूस",
    "मोदी",
    "ने",
    "की.",
    ",",
    "दिल्ली",
    "NATO",
    "Biden's",
    "U.S.",
    "(एमाले)",
    "‘",
    "”",
    "-",
    "संसद",
    "रूसी",
    "जी",
    "श्री",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_order_of_names_and_signs_gives_mentions_without_overlaps(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = find(text, "hi")
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("piece", ["रूस ", "राष्ट्रपति पुतिन ने ", "Boris Johnson met Khan. ", "U.S.", "(‘"])
def test_cost_grows_with_the_length_of_a_text_and_no_faster(piece: str) -> None:
    def cost(times: int) -> float:
        text = piece * times
        began = time.process_time()
        find_mentions(text, [(0, len(text), "hi")])
        return time.process_time() - began

    cost(300)  # load the tables
    assert cost(8000) < 40 * max(cost(1000), 0.02)  # eight times the text; a square would be 64 times the cost
