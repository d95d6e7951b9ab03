"""Words that stand for somebody named elsewhere."""

from __future__ import annotations

import pytest

from services.contracts.enriched import Mention
from services.enricher.coreference import find_references
from services.language import sentences


def mention(
    text: str, form: str, kind: str, name: str, country: str | None = None, sector: str | None = None
) -> Mention:
    start = text.index(form)
    entity = {"Russia": "Q159", "United States": "Q30", "India": "Q668", "China": "Q148"}.get(name, f"x:{name}")
    return Mention(
        start=start,
        end=start + len(form),
        text=form,
        kind=kind,
        name=name,
        entity=entity,
        country=country,
        sector=sector,
    )


def references(text: str, *mentions: Mention) -> list[tuple[str, str, list[str]]]:
    found = find_references(text, sentences.split(text), mentions)
    for reference in found:
        assert text[reference.start : reference.end] == reference.text
    return [(r.text, r.form, [mentions[i].name for i in r.mentions]) for r in found]


def test_a_pronoun_stands_for_the_person_the_sentence_before_is_about() -> None:
    text = "नरेंद्र मोदी ने शी जिनपिंग से बात की। उन्होंने सीमा का मुद्दा उठाया।"
    modi = mention(text, "नरेंद्र मोदी", "PER", "Narendra Modi", "IND")
    xi = mention(text, "शी जिनपिंग", "PER", "Xi Jinping", "CHN")
    assert references(text, modi, xi) == [("उन्होंने", "pronoun", ["Narendra Modi"])]


def test_a_pronoun_without_anybody_before_it_stands_for_nobody() -> None:
    assert references("He said nothing.") == []


def test_a_title_stands_for_the_person_it_was_given_to() -> None:
    text = "Russian President Vladimir Putin met Joe Biden. The Russian president left early."
    putin = mention(text, "Vladimir Putin", "PER", "Vladimir Putin", "RUS")
    biden = mention(text, "Joe Biden", "PER", "Joe Biden", "USA")
    assert references(text, putin, biden) == [("Russian president", "title", ["Vladimir Putin"])]


def test_the_country_of_a_title_decides() -> None:
    text = "अमेरिकी राष्ट्रपति जो बाइडन और रूसी राष्ट्रपति व्लादिमीर पुतिन मिले। रूसी राष्ट्रपति ने शर्त रखी।"
    biden = mention(text, "जो बाइडन", "PER", "Joe Biden", "USA")
    putin = mention(text, "व्लादिमीर पुतिन", "PER", "Vladimir Putin", "RUS")
    assert references(text, biden, putin) == [("रूसी राष्ट्रपति", "title", ["Vladimir Putin"])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("पुतिन ने बाइडन से बात की। दोनों नेताओं ने सुरक्षा पर चर्चा की।", "दोनों नेताओं"),
        ("पुतिन ने बाइडन से बात की। दोनों नेता जनवरी में मिलेंगे।", "दोनों नेता"),
    ],
)
def test_both_leaders_are_the_two_named_last(text: str, words: str) -> None:
    putin = mention(text, "पुतिन", "PER", "Vladimir Putin", "RUS")
    biden = mention(text, "बाइडन", "PER", "Joe Biden", "USA")
    assert references(text, putin, biden) == [(words, "plural", ["Vladimir Putin", "Joe Biden"])]


def test_both_countries_are_states_not_persons() -> None:
    text = "India and China held talks; Wang Yi led one team. The two countries agreed to meet again."
    india = mention(text, "India", "LOC", "India", "IND")
    china = mention(text, "China", "LOC", "China", "CHN")
    wang = mention(text, "Wang Yi", "PER", "Wang Yi", "CHN")
    assert references(text, india, china, wang) == [("The two countries", "plural", ["India", "China"])]


def test_one_name_is_no_pair() -> None:
    text = "Putin spoke. Both leaders agreed."
    assert references(text, mention(text, "Putin", "PER", "Vladimir Putin", "RUS")) == []


def test_the_party_is_the_party_named_last() -> None:
    text = "The BJP named a candidate. The party will campaign from Monday."
    bjp = mention(text, "BJP", "ORG", "Bharatiya Janata Party", "IND", "PTY")
    assert references(text, bjp) == [("The party", "description", ["Bharatiya Janata Party"])]


def test_words_inside_a_name_are_no_reference() -> None:
    text = "The Party of Regions won. The Party of Regions lost."
    party = mention(text, "The Party of Regions", "ORG", "Party of Regions", "UKR", "PTY")
    again = party.model_copy(update={"start": text.rindex("The Party"), "end": text.rindex(" lost")})
    assert references(text, party, again) == []
