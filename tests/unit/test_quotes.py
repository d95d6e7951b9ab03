"""Quotations are told from names and apostrophes, and get the speaker that the sentence names."""

from __future__ import annotations

import time

import pytest

from services.contracts.enriched import Mention, Quotation
from services.enricher import quotes
from services.language import sentences
from services.language.tokens import Tokens


def mention(text: str, words: str, name: str, kind: str = "PER", acts_for: str | None = None) -> Mention:
    start = text.index(words)
    return Mention(
        start=start, end=start + len(words), text=words, kind=kind, name=name, entity=name, acts_for=acts_for
    )  # type: ignore[arg-type]


def find(text: str, *mentions: Mention) -> list[Quotation]:
    return quotes.find(text, Tokens(text), sentences.split(text), sorted(mentions, key=lambda m: m.start))


def test_a_hindi_speaker_stands_before_the_words() -> None:
    text = 'शरणार्थी नेता मोहम्मद ज़ुबैर ने कहा, "गारंटी के बग़ैर हम नहीं लौटेंगे।" मामला पुराना है।'
    (found,) = find(text, mention(text, "मोहम्मद ज़ुबैर", "Mohammad Zubair"))
    assert (found.text, found.speaker, found.direct) == ("गारंटी के बग़ैर हम नहीं लौटेंगे।", "Mohammad Zubair", True)
    assert text[found.start : found.end] == found.text


def test_an_english_speaker_stands_after_the_words() -> None:
    text = "“It was no swimmer,” said Kiros Belay of the University of Poitiers."
    (found,) = find(text, mention(text, "Kiros Belay", "Kiros Belay"))
    assert found.speaker == "Kiros Belay"


def test_a_pronoun_is_the_person_named_before() -> None:
    text = (
        "Foreign Minister Rafael Ibarra called it a whim. “We will answer every sanction in kind,” he told reporters."
    )
    (found,) = find(text, mention(text, "Rafael Ibarra", "Rafael Ibarra"))
    assert found.speaker == "Rafael Ibarra"
    assert found.speaker_mention == 0


def test_a_capital_speaks_for_its_state() -> None:
    text = 'बीजिंग ने कहा कि वह इस कदम से "बेहद चिंतित" है।'
    (found,) = find(text, mention(text, "बीजिंग", "Beijing", "LOC", acts_for="China"))
    assert found.speaker == "China"


def test_a_speaker_without_a_name_is_described() -> None:
    (found,) = find('किसान नेता बोले, "पैरों में छाले हैं मगर मन हल्का है"।')
    assert found.speaker == "farmer leader"


def test_reported_speech_runs_to_the_end_of_the_sentence() -> None:
    text = "पुतिन ने कहा कि रूस बातचीत के लिए तैयार है।"
    (found,) = find(text, mention(text, "पुतिन", "Vladimir Putin"))
    assert (found.text, found.direct, found.speaker) == ("रूस बातचीत के लिए तैयार है", False, "Vladimir Putin")


def test_a_chain_names_the_relay_first() -> None:
    text = "TASS quoted Peskov as saying: “There will be no talks this week.”"
    (found,) = find(text, mention(text, "TASS", "TASS", "ORG"), mention(text, "Peskov", "Dmitry Peskov"))
    assert found.chain == ["TASS", "Dmitry Peskov"]
    assert found.speaker == "Dmitry Peskov"


@pytest.mark.parametrize(
    "text",
    [
        "The students' union and the farmers' union met.",
        "It’s the country’s oldest band.",
        "क्यूबा का सबसे पुराना 'सोन' बैंड सालगिरह मना रहा है।",
        "केरल के चिट फंड समूह 'पोन्नुम' पर छापा पड़ा।",
        'An open mark " is no quotation',
    ],
)
def test_what_is_no_quotation(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("piece", ['"', "“", "'a ", "”“", '"a" ', "कहा कि ", "said that a b c d ", "«"])
def test_hostile_repetition_takes_bounded_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 4
