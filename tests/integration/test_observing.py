"""What a worker tells of itself: metrics, health, heartbeats."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.contracts import topics
from services.contracts.stage import Message, OneByOne, Output
from services.runtime.health import Health, LaneHealth
from services.runtime.topics import apply
from services.runtime.worker import MissingTopics, run
from tests.integration.kafka import Stream
from tests.integration.stages import Checked, PassThrough


def _get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def _ask(port: int, path: str) -> tuple[int, str]:
    return await asyncio.to_thread(_get, port, path)


async def _samples(port: int) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    _, text = await _ask(port, "/metrics")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_count_what_was_committed(stream: Stream) -> None:
    ports: list[int] = []
    stop = asyncio.Event()
    task = asyncio.ensure_future(run([Checked(stream.name)], stream.settings, stop=stop, started=ports.append))
    try:
        good = [json.dumps({"id": n, "text": "x"}).encode() for n in range(40)]
        await stream.send([*good, b"bad", b"bad", None])
        await stream.read("out", 40)
        await stream.read("dlq", 3)
        await asyncio.sleep(0.5)
        found = await _samples(ports[0])
        status, body = await _ask(ports[0], "/readyz")
        assert status == 200
        assert len(json.loads(body)["assigned"][stream.name]) == 4
        assert (await _ask(ports[0], "/healthz"))[0] == 200
        assert (await _ask(ports[0], "/elsewhere"))[0] == 404
    finally:
        stop.set()
        await task
    stage, source = ("stage", stream.name), ("topic", f"{stream.name}.in")
    assert found["varta_messages_received_total", (stage, source)] == 43
    assert found["varta_messages_published_total", (stage, ("topic", f"{stream.name}.out"))] == 40
    assert found["varta_messages_rejected_total", (("code", "bad-json"), stage, source)] == 2
    assert found["varta_messages_rejected_total", (("code", "null-value"), stage, source)] == 1
    assert found["varta_processing_seconds_count", (stage,)] == 43
    assert 0 < found["varta_end_to_end_seconds_count", (stage,)] <= 43
    assert found["varta_transaction_seconds_count", (stage,)] >= 1
    assert found["varta_messages_in_progress", (stage,)] == 0
    assert found["varta_partitions_assigned", (stage,)] == 4
    assert time.time() - found["varta_last_processed_timestamp_seconds", (stage,)] < 60
    lags = [value for (name, _), value in found.items() if name == "varta_lag_messages"]
    # what is left of the log's end are commit markers of the producer's own, never messages
    assert len(lags) == 4
    assert max(lags) <= 1


def test_health_reports_progress_and_not_mere_life() -> None:
    health = Health(stall_seconds=1.0)
    lane = LaneHealth("tagger", ["articles.enriched/0"], ready=True)
    assert health.ready(["tagger"])[0] is False
    health.joined("tagger", [lane])
    assert health.ready(["tagger"])[0]
    lane.moved -= 5
    assert health.healthy()[0], "nothing waits, so standing still is no fault"
    lane.waiting = 3
    good, body = health.healthy()
    assert not good
    assert "tagger has stood still on articles.enriched/0" in str(body["problems"])
    lane.progress()
    assert health.healthy()[0]
    health.loop_ticked -= 5
    assert not health.healthy()[0]


class _Next(OneByOne):
    """Passes articles on from one topic of the stream to the next."""

    def __init__(self, name: str, source: str, target: str) -> None:
        self.name = name
        self.inputs = (source,)
        self.target = target

    def process(self, message: Message) -> list[Output]:
        """The same value."""
        return [Output(self.target, "k", message.value)]


async def test_a_heartbeat_goes_through_all_stages_and_its_age_is_told(stream: Stream) -> None:
    chain = [topics.RAW, topics.NORMALIZED, topics.ENRICHED, topics.TAGGED]
    await apply(stream.settings)
    stages = [_Next(n, chain[i], chain[i + 1]) for i, n in enumerate(("normalizer", "enricher", "tagger"))]
    settings = stream.settings.model_copy(update={"heartbeat_seconds": 0.5})
    ports: list[int] = []
    stop = asyncio.Event()
    task = asyncio.ensure_future(run(stages, settings, stop=stop, started=ports.append))
    ages: dict[str, float] = {}
    try:
        for _ in range(200):
            await asyncio.sleep(0.1)
            found = await _samples(ports[0])
            ages = {
                dict(labels)["stage"]: value
                for (n, labels), value in found.items()
                if n == "varta_heartbeat_age_seconds"
            }
            if len(ages) == 3:
                break
    finally:
        stop.set()
        await task
    assert set(ages) == {"normalizer", "enricher", "tagger"}
    assert max(ages.values()) < 10


async def test_missing_topics_are_named_with_the_way_out(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.worker.TOPIC_PATIENCE", 0.5)
    with pytest.raises(MissingTopics, match=r"nowhere\.dlq, nowhere\.in.*varta topics apply"):
        await asyncio.wait_for(run([PassThrough("nowhere")], stream.settings), 30)
