"""Candidates, roles by grammar, casting, merging, routes and the stage."""

from __future__ import annotations

import json
import time

import pytest

from services.contracts.enriched import EnrichedArticle, Mention, Quantity, Quotation, Sentence, TimeExpression
from services.contracts.stage import Message, Reject
from services.contracts.tagged import TaggedArticle, TaggedEvent
from services.language.sentences import split
from services.tagger import ontology, routes
from services.tagger.acts import Act
from services.tagger.candidates import PartyInfo, read
from services.tagger.casting import Settings, cast
from services.tagger.circumstances import attribution_of, date_of, places_of, size_of
from services.tagger.features import sentence_features
from services.tagger.lexicon import hindi_forms, key
from services.tagger.roles import Row, rows_of
from services.tagger.stage import TaggerStage, tag

NAMES = {
    "Iran": ("LOC", "IRN"), "Israel": ("LOC", "ISR"), "Geneva": ("LOC", "CHE"), "Chile": ("LOC", "CHL"), "Gabriel Boric": ("PER", None),  # noqa: E501
    "रूस": ("LOC", "RUS"), "यूक्रेन": ("LOC", "UKR"), "कीव": ("LOC", "UKR"), "नॉर्वे": ("LOC", "NOR"), "एरिक सोलहाइम": ("PER", None),  # noqa: E501
}  # fmt: skip


def article(text: str, language: str = "en", published: str = "2024-05-03", **more: object) -> EnrichedArticle:
    mentions = []
    for form, (kind, country) in NAMES.items():
        at = text.find(form)
        while at >= 0:
            mentions.append(
                Mention(
                    start=at, end=at + len(form), text=form, kind=kind, name=form, entity="x:" + form, country=country
                )
            )
            at = text.find(form, at + 1)
    mentions.sort(key=lambda m: m.start)
    sentences = [Sentence(start=a, end=b, language=language) for a, b in split(text)]
    return EnrichedArticle(
        id="a1", text=text, language=language, script="Deva" if language == "hi" else "Latn", published=published,
        content_hash="h", sentences=sentences, mentions=mentions, **more,
    )  # fmt: skip


def names(text: str, language: str = "en") -> list[tuple[str, str | None]]:
    return [(p.name, p.country) for c in read(article(text, language)).candidates for p in c.parties]


def act(text: str, event_type: str, trigger: str, sentence: int = 0, **scores: list[float]) -> Act:
    at = text.index(trigger)
    return Act(sentence, event_type, 0.9, (at, at + len(trigger)), {"": 1.0}, {"actual": 1.0}, **scores)


def test_unnamed_actors_are_found_in_both_languages_with_their_inflections() -> None:
    assert ("farmers", None) in names("Farmers blocked the road.")
    assert ("farmers", "IND") in names("किसानों ने सड़क जाम की।", "hi")
    assert hindi_forms("मछुआरा") >= {"मछुआरे", "मछुआरों"}
    assert {"लड़कियों"} <= hindi_forms("लड़की")


def test_adjectives_of_nations_and_possessives_give_the_country() -> None:
    assert ("Greece", "GRC") in names("Greek soldiers arrived in Chile.") or ("soldiers", "GRC") in names(
        "Greek soldiers arrived in Chile."
    )
    found = read(article("Iran said Chile's trade minister Gabriel Boric left."))
    boric = next(p for c in found.candidates for p in c.parties if p.name == "Gabriel Boric")
    assert boric.country == "CHL"
    hindi = read(article("यूक्रेन में नॉर्वे के राजदूत एरिक सोलहाइम ने कहा।", "hi"))
    assert next(p for c in hindi.candidates for p in c.parties if p.name == "एरिक सोलहाइम").country == "NOR"


def test_an_office_before_a_name_is_no_actor_of_its_own() -> None:
    assert [n for n, _ in names("President Gabriel Boric spoke.")] == ["Gabriel Boric"]


def test_the_hindi_case_is_a_feature_of_the_candidate() -> None:
    text = "रूस ने यूक्रेन पर हमला किया।"
    rows = rows_of(read(article(text, "hi")), act(text, "ASSAULT", "हमला"), "-", "actual")
    by_name = {r.party.name: r.features for r in rows if r.candidate}
    assert "hi|b|ने" in by_name["रूस"]
    assert "hi|b|पर" in by_name["यूक्रेन"]


def test_the_english_preposition_and_the_passive_are_features() -> None:
    text = "Iran was attacked by Israel."
    rows = rows_of(read(article(text)), act(text, "ASSAULT", "attacked"), "-", "actual")
    by_name = {r.party.name: r.features for r in rows if r.candidate}
    assert "en|p:True|b" in by_name["Iran"]
    assert "en|a|by" in by_name["Israel"]


def row(name: str, country: str, actor: float, recipient: float) -> Row:
    return Row(PartyInfo(name, "LOC", name, None, country, "GOV"), None, None, [], actor, recipient)


def test_casting_takes_the_likely_parties_and_leaves_roles_empty() -> None:
    rows = [row("Iran", "IRN", 0.95, 0.03), row("Israel", "ISR", 0.05, 0.9), row("Chile", "CHL", 0.02, 0.05)]
    actors, recipients = cast(rows, 0.01, 0.05, Settings())
    assert [r.party.name for r in actors] == ["Iran"]
    assert [r.party.name for r in recipients] == ["Israel"]
    _, recipients = cast(rows, 0.01, 0.97, Settings())
    assert recipients == []


def test_casting_takes_all_parties_of_a_meeting() -> None:
    rows = [row("Iran", "IRN", 0.95, 0.03), row("Israel", "ISR", 0.93, 0.05), row("Chile", "CHL", 0.05, 0.05)]
    actors, recipients = cast(rows, 0.01, 0.97, Settings())
    assert {r.party.name for r in actors} == {"Iran", "Israel"}
    assert recipients == []


def test_a_date_counts_for_the_clause_that_it_stands_in() -> None:
    text = "Chile protested, while Iran attacked Israel on Monday."
    at = text.index("on Monday")
    time_ = TimeExpression(
        start=at, end=at + 9, text="on Monday", edtf="2024-04-29", provenance="relative-to-publication"
    )
    reading = read(article(text, times=[time_]))
    assert date_of(reading, 0, (5, 5)) == time_
    protested = [w.text for w in reading.words[0]].index("protested")
    assert date_of(reading, 0, (protested, protested)) is None


def test_places_stand_in_a_locative() -> None:
    text = "Iran met Israel in Geneva."
    found = places_of(read(article(text)), 0, (1, 1), {"Iran", "Israel"})
    assert [m.name for m in found] == ["Geneva"]


def test_size_counts_the_dead_and_the_injured() -> None:
    text = "A blast killed 4 people and injured 61."
    quantities = [
        Quantity(start=15, end=23, text="4 people", value=4, unit="person", counted="killed"),
        Quantity(start=36, end=38, text="61", value=61, unit="person", counted="injured"),
    ]
    size = size_of(article(text, quantities=quantities), 0, len(text))
    assert size is not None
    assert (size.dead, size.injured, size.arrested) == (4, 61, None)


def test_the_speaker_of_a_quotation_is_the_attribution() -> None:
    text = "“Israel attacked Iran,” Gabriel Boric said."
    quote = Quotation(start=0, end=23, text="Israel attacked Iran,", speaker="Gabriel Boric", chain=["TASS"])
    found = attribution_of(read(article(text)), 0, (2, 2), [quote], {"Iran"})
    assert found is not None
    assert (found.speaker, found.chain, found.is_party) == ("Gabriel Boric", ["TASS"], False)


def test_every_mode_has_a_code_of_its_type() -> None:
    for event_type in ontology.TYPES:
        for mode in ontology.modes(event_type):
            code = ontology.code(event_type, mode)
            assert code.quad == ontology.code(event_type, None).quad
            assert (code.intensity > 0) == (code.quad <= 2) or event_type == "REQUEST"
    assert ontology.canonical_mode("PROTEST", "Demonstrate") == "demo"
    with pytest.raises(KeyError):
        ontology.code("AGREE", "phone")


def test_features_stay_bounded_on_long_sentences() -> None:
    assert len(sentence_features([key("word")] * 100_000)) <= 200


def test_default_routes_split_by_quad(tmp_path) -> None:  # type: ignore[no-untyped-def]
    event = TaggedEvent(
        id="e", article_id="a", event_type="ASSAULT", status="actual", evidence={"start": 0, "end": 1, "text": "x"},
        confidence=0.5, quad=4, intensity=-9, cameo_root="18", language="en", actors=[{"name": "Iran", "country": "IRN"}],  # noqa: E501
    )  # fmt: skip
    assert routes.load().topics_of(event) == ["events.conflict"]
    path = tmp_path / "routes.yaml"
    path.write_text("routes:\n  - {topic: iran, country: IRN, confidence: 0.4}\n  - {topic: sure, confidence: 0.9}\n")
    assert routes.load(path).topics_of(event) == ["iran"]
    path.write_text("routes:\n  - {topic: iran, type: WAR}\n")
    with pytest.raises(ValueError, match=r"routes\.0\.type.*WAR|WAR"):
        routes.load(path)


TEXT = (
    "Iran on Thursday accused Israel of shelling its embassy. Israel rejected the accusation. "
    "Police arrested 40 protesters in Geneva. The lake is 70 kilometres long."
)


def test_the_stage_publishes_events_the_article_and_the_routes_under_the_article_id() -> None:
    stage = TaggerStage("fast")
    source = article(TEXT)
    good, bad = stage.process_many([Message(source.model_dump_json().encode()), Message(b"{}")])
    assert isinstance(bad, Reject)
    assert bad.code == "bad-message"
    assert isinstance(good, list)
    assert {o.key for o in good} == {"a1"}
    events = [o.value for o in good if o.topic == "events.tagged"]
    assert events
    routed = [o for o in good if o.topic in ("events.cooperation", "events.conflict")]
    assert len(routed) == len(events)
    (whole,) = [o.value for o in good if o.topic == "articles.tagged"]
    assert isinstance(whole, TaggedArticle)
    assert [e.id for e in whole.events] == [e.id for e in events]
    assert stage.process(Message(source.model_dump_json().encode()))[0].value == events[0]


def test_events_point_at_their_words_and_say_why() -> None:
    source = article(TEXT)
    (tagged,) = tag([source], "fast")
    assert {"ACCUSE", "COERCE"} <= {e.event_type for e in tagged.events}
    for event in tagged.events:
        assert source.text[event.evidence.start : event.evidence.end] == event.evidence.text
        assert event.trigger is not None
        assert source.text[event.trigger.start : event.trigger.end] == event.trigger.text
        assert {w.what for w in event.why} >= {"type", "status"}
        assert 0 < event.confidence <= 1
        for party in event.actors:
            assert party.text is None or source.text[party.start : party.end] == party.text
    json.loads(tagged.model_dump_json())


def test_the_same_article_gives_the_same_events() -> None:
    assert tag([article(TEXT)], "fast") == tag([article(TEXT)], "fast")


@pytest.mark.parametrize(
    "text",
    ["", "।", "a " * 30_000, "(((" * 5_000, "रूस ने " * 8_000 + "कहा।", "\u200d" * 2_000, "Iran Israel " * 3_000],
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    source = article(text)
    tag([article("Iran.")], "fast")
    begun = time.process_time()
    tag([source], "fast")
    assert time.process_time() - begun < 1.5  # seconds for the whole article, on a busy machine


def test_two_readers_are_joined_by_sentence_and_type() -> None:
    from services.tagger.linear import LinearReader
    from services.tagger.stage import models
    from services.tagger.together import Together

    text = read(article(TEXT)).text
    linear = LinearReader(models("tagger", "linear.npz"))
    alone = {(a.sentence, a.event_type): a.probability for a in linear.read([text])[0]}

    class Other:
        def read(self, texts: object) -> list[list[Act]]:
            return [[act(TEXT, "ACCUSE", "accused", actor=[0.9], recipient=[0.1])]]

    joined = {(a.sentence, a.event_type): a for a in Together(Other(), linear).read([text])[0]}
    accused = joined[0, "ACCUSE"]
    assert accused.actor == [0.9]
    assert accused.probability > 0.5
    assert abs(sum(accused.statuses.values()) - 1) < 1e-6
    only_linear = set(joined) - {(0, "ACCUSE")}
    assert only_linear
    assert all(joined[k].probability < alone[k] for k in only_linear)


def test_dyad_figures_are_macro_averaged_over_gold_classes() -> None:
    from services.tagger.dyads import figures

    f = figures(["AID", "AID", "REJECT"], ["AID", "REJECT", "REJECT"])
    assert f["accuracy"] == pytest.approx(2 / 3, abs=1e-3)
    assert f["macro-F1"] == pytest.approx((2 / 3 + 2 / 3) / 2, abs=1e-3)


def test_calibration_counts_right_types_by_stated_confidence() -> None:
    from services.knowledge.shared import shared
    from services.tagger.evaluation import calibration, confusion, scorer

    if not shared("gold", "score.py").exists():
        pytest.skip("the scorer is in the folder of development data (VARTA_SHARED), which is absent")
    (tagged,) = tag([article(TEXT)], "fast")
    gold = [{"event_type": e.event_type, "evidence": e.evidence.text, "status": "actual"} for e in tagged.events[:1]]
    record = {"id": "a1", "text": TEXT, "events": gold}
    predicted = {"a1": {"id": "a1", "events": [e.model_dump() for e in tagged.events]}}
    rows = calibration([record], predicted, scorer().Folder())
    assert 0 <= rows["expected calibration error"] <= 1
    assert confusion([record], {"a1": tagged.events}) == {gold[0]["event_type"]: "found 1"}
