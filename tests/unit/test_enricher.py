"""The enricher stage: what goes in comes out, with everything that was found in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import topics as kafka
from services.contracts.enriched import EnrichedArticle
from services.contracts.normalized import NormalizedArticle
from services.contracts.stage import Message, Reject
from services.enricher import evaluation, topics
from services.enricher.fingerprint import vectors
from services.enricher.stage import EnricherStage, enrich
from services.knowledge import mediatopics
from services.knowledge.shared import shared
from services.language.tokens import Tokens

TEXT = (
    "नई दिल्ली, 10 मई। भारत और पाकिस्तान शनिवार शाम पांच बजे से सैन्य कार्रवाई रोकने पर राजी हो गए। "
    'विदेश सचिव विक्रम मिसरी ने कहा, "दोनों अधिकारी 12 मई को फिर बात करेंगे।" हमलों में 11 लोग मारे गए थे।'
)
ARTICLE = NormalizedArticle(
    id="a1",
    title="युद्धविराम पर सहमति",
    text=TEXT,
    language="hi",
    script="Deva",
    published="2025-05-10",
    content_hash="h",
)
needs_gold = pytest.mark.skipif(not shared("gold", "seeds.jsonl").exists(), reason="the shared gold data is not here")


def message(article: NormalizedArticle) -> Message:
    return Message(article.model_dump_json().encode())


def test_an_article_is_published_enriched_under_its_id() -> None:
    (output,) = EnricherStage().process(message(ARTICLE))
    assert (output.topic, output.key) == (kafka.ENRICHED, "a1")
    assert isinstance(output.value, EnrichedArticle)
    again = EnrichedArticle.model_validate_json(output.value.model_dump_json())
    assert again.text == TEXT
    assert [t.edtf for t in again.times] == ["2025-05-10", "2025-05-10", "2025-05-12"]
    assert [(q.value, q.unit, q.counted) for q in again.quantities] == [(11, "person", "killed")]
    assert [q.text for q in again.quotes if q.direct] == ["दोनों अधिकारी 12 मई को फिर बात करेंगे।"]
    assert again.fingerprint.vector
    assert again.topics


def test_every_span_holds_the_words_it_says() -> None:
    found = enrich(ARTICLE)
    for span in [*found.mentions, *found.times, *found.quantities, *found.quotes]:
        assert TEXT[span.start : span.end] == span.text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_is_enriched(text: str) -> None:
    found = enrich(ARTICLE.model_copy(update={"text": text}))
    for span in [*found.mentions, *found.references, *found.times, *found.quantities, *found.quotes]:
        assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "piece", ["पुतिन ", "भारत ", '"a" ', "10-12 मई से ", "उन्होंने कहा कि ", "Xi said “a”, ", "।", "श्री "]
)
def test_a_hostile_article_takes_time_in_proportion(piece: str) -> None:
    started = time.process_time()
    enrich(ARTICLE.model_copy(update={"text": piece * (20_000 // len(piece))}))
    assert time.process_time() - started < 4


def test_the_same_article_gives_the_same_result() -> None:
    assert enrich(ARTICLE).model_dump_json() == enrich(ARTICLE).model_dump_json()


@pytest.mark.parametrize("value", [None, b"", b"not json", b'{"id": "x"}'])
def test_what_is_no_article_is_refused_in_the_users_terms(value: bytes | None) -> None:
    with pytest.raises(Reject, match="expected a normalized article"):
        EnricherStage().process(Message(value))


def test_a_batch_refuses_only_what_is_bad() -> None:
    good, bad = EnricherStage("fast").process_many([message(ARTICLE), Message(b"{}")])
    assert isinstance(good, list)
    assert isinstance(bad, Reject)


def test_an_empty_text_is_enriched_with_nothing() -> None:
    found = enrich(ARTICLE.model_copy(update={"text": "", "title": None}))
    assert (found.sentences, found.times, found.quantities, found.topics) == ([], [], [], [])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ईरान के विदेश मंत्री ने राजदूत को तलब किया और दोनों देशों के राजनयिकों ने वार्ता की।", "20000639"),
        ("The ambassador was summoned and the foreign ministry expelled two diplomats.", "20000639"),
        ("विश्व कप के फाइनल में कप्तान ने शतक लगाया और टीम ने मैच जीता।", "15000000"),
        ("The captain scored in the final and the team won the world cup.", "15000000"),
        ("अदालत ने याचिका खारिज कर दोषी को उम्रकैद की सजा सुनाई।", "20000106"),
        ("Voters go to the polls in the parliamentary election; turnout was high.", "20000574"),
    ],
)
def test_topics_are_found_in_both_languages_with_their_ancestors(text: str, topic: str) -> None:
    keys = Tokens(text).keys
    found = {t.id: t for t in topics.find(keys, vectors().document(keys))}
    assert topic in found
    for ancestor in mediatopics.lineage(topic):
        assert found[ancestor.id].confidence >= found[topic].confidence


@needs_gold
def test_the_seeds_get_their_topics() -> None:
    shares = [row[2] for row in evaluation.seed_topics().rows]
    assert min(float(share or 0) for share in shares) >= 0.6
