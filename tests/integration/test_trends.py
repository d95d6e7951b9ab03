"""The Faust app on a real Kafka of its own, killed again and again: its figures equal a recount over the topic."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.contracts import topics
from services.contracts.resolved import ResolvedEvent, Support, Trend
from services.contracts.tagged import Party
from services.knowledge.shared import ROOT
from services.runtime import topics as cluster
from services.runtime.clients import close, make_producer
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import KafkaSettings, Settings
from services.trends.counting import recount
from tests.integration.kafka import read_topic

COUNTRIES = ["IND", "NPL", "CHN", "RUS", "UKR"]
KILLS = 2


def made_events(draw: random.Random, count: int) -> list[ResolvedEvent]:
    """Upserts of `count` events, most of them told more than once, some moved, planned first, or taken back."""
    upserts = []
    for number in range(count):
        start = datetime(2024, 3, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(20 * 24 * 60))
        reports: list[Support] = []
        for version in range(draw.randrange(1, 4)):
            time = (start + timedelta(minutes=draw.randrange(600))).isoformat()
            status = "future" if version == 0 and draw.random() < 0.2 else "actual"
            reports.append(
                Support(
                    article_id=f"a{number}-{version}", event_id=f"t{number}-{version}",
                    source=f"Outlet {draw.randrange(9)}", published=time, language="hi", evidence="…", status=status,
                )
            )  # fmt: skip
            a, b = draw.sample(COUNTRIES, 2)
            upserts.append(
                ResolvedEvent(
                    id=f"e{number}", story=f"s{number % 7}", event_type=draw.choice(["CONSULT", "ASSAULT"]),
                    status=status, quad=1, intensity=draw.choice([1.0, -9.0]), confidence=0.9,
                    actors=[Party(name=a, country=a)], recipients=[Party(name=b, country=b)], place="Kathmandu",
                    reports=len(reports), independent_sources=1, support=list(reports),
                    retracted=draw.random() < 0.05,
                )
            )  # fmt: skip
    return upserts


async def started(settings: Settings, log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", "trends", cwd=ROOT, stderr=errors, stdout=errors,
            env={
                **os.environ,
                "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
                "VARTA_SESSION_TIMEOUT_MS": "3000",
            },
        )  # fmt: skip


async def test_figures_after_crashes_equal_a_recount(tmp_path: Path) -> None:
    draw = random.Random(11)
    events = made_events(draw, 300)
    expected = recount(events)
    log = tmp_path / "trends.log"
    with EmbeddedKafka() as kafka:
        settings = Settings(kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap))
        await cluster.apply(settings)
        producer = make_producer(settings)
        await producer.start()
        worker = await started(settings, log)
        try:
            await producer.send_and_wait(topics.RESOLVED, b"not json", b"broken")
            for n, event in enumerate(events):
                await producer.send(topics.RESOLVED, event.model_dump_json().encode(), event.id.encode())
                if n and n % (len(events) // (KILLS + 1)) == 0 and n // (len(events) // (KILLS + 1)) <= KILLS:
                    await asyncio.sleep(draw.uniform(2.0, 5.0))
                    worker.send_signal(signal.SIGKILL)
                    await worker.wait()
                    worker = await started(settings, log)
            await producer.flush()
            told: dict[bytes, Trend] = {}
            for _ in range(60):
                records = await read_topic(settings, topics.TRENDS, still=2.0)
                told = {r.key: Trend.model_validate_json(r.value) for r in records}
                if {k for k, t in told.items() if t.events} == {key(t) for t in expected.values()}:
                    break
                assert worker.returncode is None, log.read_text()
            dead = await read_topic(settings, topics.dead_letters("trends"), at_least=1)
            worker.terminate()
            assert await asyncio.wait_for(worker.wait(), 30) == 0, log.read_text()
        finally:
            await close(producer)
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
    assert {k: t for k, t in told.items() if t.events} == {key(t): t for t in expected.values()}
    assert {r.value for r in dead} == {b"not json"}


def key(trend: Trend) -> bytes:
    return "|".join((trend.window, trend.start, trend.dimension, trend.value)).encode()
