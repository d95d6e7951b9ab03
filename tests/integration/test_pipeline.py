"""The real stages on real Kafka over the seeds: every article accounted for, every message valid, every fact there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from services.commands import schemas, stages
from services.commands.follow import Followed, Follower, trace_of
from services.commands.inprocess import Pipeline
from services.commands.replay import send
from services.commands.sources import Source, read_all
from services.contracts import topics as declared
from services.contracts.stage import Message
from services.contracts.tagged import TaggedArticle
from services.knowledge.shared import ROOT
from services.runtime import topics, worker
from services.runtime.deadletters import read_reason
from services.runtime.settings import KafkaSettings, Settings

SEEDS = [str(path) for path in sorted((ROOT / "seeds").glob("*.txt"))]
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "seeds" / "expected.yaml").read_text(encoding="utf-8"))
FRENCH = "Le président a rencontré le premier ministre à Paris pour parler du budget de l'année prochaine. " * 3
OTHERS = [
    Source("french", Message(FRENCH.encode(), b"french", (("content-type", b"text/plain"),))),
    Source("broken", Message(b'{"text": ', b"broken", (("content-type", b"application/json"),))),
]
PROFILE = "accurate"


@pytest.fixture(scope="module")
async def run(bootstrap: str) -> AsyncIterator[Followed]:
    """All stages as workers in this process, on the declared topics; what came through."""
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=bootstrap),
        group_prefix="pipeline",
        heartbeat_seconds=1,
        session_timeout_ms=20_000,
    )
    await topics.apply(settings)
    follower = Follower(settings)
    await follower.start()
    stop = asyncio.Event()
    loaded = [stages.load(name, PROFILE) for name in stages.STAGES]
    running = asyncio.ensure_future(worker.run(loaded, settings, stop=stop))
    try:
        count = await send(settings, [*read_all(SEEDS), *OTHERS])
        yield await follower.until_ended(count, 120, lambda _: not running.done() or running.result() is None)
    finally:
        stop.set()
        await running
        await follower.stop()


@pytest.fixture(scope="module")
def articles(run: Followed) -> dict[str, TaggedArticle]:
    """Tagged articles by the seed's name."""
    sent = {trace_of(record): record.key.decode() for record in run.records[declared.RAW]}
    return {
        sent[trace_of(record)]: TaggedArticle.model_validate_json(record.value)
        for record in run.records.get(declared.TAGGED, [])
    }


def test_every_article_ends_as_tagged_as_another_language_or_as_a_dead_letter(run: Followed) -> None:
    sent = {trace_of(record): record.key.decode() for record in run.records[declared.RAW]}
    ends = {sent[trace]: topic for trace, topic in run.ended.items()}
    assert ends == {
        **dict.fromkeys(EXPECTED, declared.TAGGED),
        "french": declared.OTHER,
        "broken": declared.dead_letters("normalizer"),
    }
    counts = run.counts()
    assert counts[declared.NORMALIZED] == counts[declared.ENRICHED] == counts[declared.TAGGED] == len(EXPECTED)


def messages(run: Followed) -> Iterator[tuple[str, Any]]:
    for topic, records in run.records.items():
        for record in records:
            yield topic, record


def test_every_message_follows_its_published_schema(run: Followed) -> None:
    contracts = {topic.name: topic.message for topic in declared.TOPICS}
    validators = {
        name: Draft202012Validator(json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")))
        for name in schemas.messages()
    }
    seen = set()
    for topic, record in messages(run):
        published = contracts[topic] in validators and topic != declared.RAW and not topic.endswith(".dlq")
        if not published or record.value is None:  # crawlers' and refused messages are of any form, state is private
            continue
        seen.add(topic)
        errors = [
            f"{topic}: {e.json_path} {e.message[:120]}"
            for e in validators[contracts[topic]].iter_errors(json.loads(record.value))
        ]
        assert errors == []
    assert {declared.NORMALIZED, declared.ENRICHED, declared.TAGGED, declared.EVENTS, declared.OTHER} <= seen


def test_every_message_is_a_cloud_event_with_the_trace_of_its_article(run: Followed) -> None:
    validator = Draft202012Validator(schemas.CLOUD_EVENT_HEADERS)
    traces = {trace_of(record) for record in run.records[declared.RAW]}
    for topic, record in messages(run):
        if topic.endswith(".state"):
            continue
        headers = {name: value.decode() for name, value in record.headers}
        assert [e.message for e in validator.iter_errors(headers)] == [], topic
        assert trace_of(record) in traces, topic
    ids = [dict(r.headers)["ce_id"] for r in run.records[declared.EVENTS]]
    assert len(set(ids)) == len(ids)


def test_routes_carry_what_events_tagged_carries(run: Followed) -> None:
    def ids(topic: str, quads: set[int]) -> set[str]:
        values = (json.loads(record.value) for record in run.records.get(topic, []))
        return {value["id"] for value in values if value["quad"] in quads}

    everything = {1, 2, 3, 4}
    assert ids(declared.COOPERATION, everything) == ids(declared.EVENTS, {1, 2})
    assert ids(declared.CONFLICT, everything) == ids(declared.EVENTS, {3, 4})


def test_events_are_those_of_their_articles(run: Followed, articles: dict[str, TaggedArticle]) -> None:
    alone = {json.loads(record.value)["id"] for record in run.records[declared.EVENTS]}
    assert alone == {event.id for article in articles.values() for event in article.events}


def test_the_dead_letter_tells_what_was_wrong(run: Followed) -> None:
    (letter,) = run.dead()
    reason = read_reason(letter.headers)
    assert (reason.stage, reason.topic, letter.value) == ("normalizer", declared.RAW, b'{"text": ')
    assert "JSON" in reason.message


def test_the_same_events_come_without_kafka(articles: dict[str, TaggedArticle]) -> None:
    for result in Pipeline(PROFILE).run(read_all(SEEDS)):
        assert result.tagged is not None
        assert result.tagged == articles[result.source.name]


def test_offsets_point_at_the_words_beside_them(articles: dict[str, TaggedArticle]) -> None:
    for article in articles.values():
        spans = [*article.mentions, *article.times, *article.quantities, *article.quotes, *article.references]
        spans += [event.evidence for event in article.events]
        for span in spans:
            assert article.text[span.start : span.end] == span.text


@pytest.mark.parametrize("name", EXPECTED)
def test_facts_of_the_seeds(name: str, articles: dict[str, TaggedArticle]) -> None:
    facts, article = EXPECTED[name], articles[name]
    assert article.language == facts["language"]
    assert article.published == facts["published"]
    for words in facts.get("gone", []):
        assert words not in article.text
    for words in facts.get("kept", []):
        assert article.text.count(words) == 1
    if facts.get("repeats"):
        paragraphs = [p for p in re.split(r"\n+", article.text) if len(p) > 80]
        assert len(set(paragraphs)) == len(paragraphs)
    assert set(facts["names"].values()) <= {mention.qid for mention in article.mentions}
    told = [
        (event.event_type, event.event_mode, event.status, {p.name for p in (*event.actors, *event.recipients)})
        for event in article.events
    ]
    for fact in facts["events"]:
        kind, _, mode = fact["type"].partition("/")
        assert any(
            t == kind and (not mode or m == mode) and s == fact["status"] and set(fact["parties"]) <= parties
            for t, m, s, parties in told
        ), f"{fact} is not among {told}"
