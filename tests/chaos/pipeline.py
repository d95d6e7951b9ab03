"""The real stages under kill -9: every article that went in comes out of the last stage, once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence

import orjson

from services.contracts import topics
from services.runtime import topics as cluster
from services.runtime.clients import close, make_producer
from services.runtime.cloudevents import first_headers
from services.runtime.settings import Settings
from tests.chaos.processes import ROOT, Worker
from tests.chaos.scenarios import ASSIGNED, Verdict
from tests.integration.kafka import Stream, read_topic

STAGES = ("normalizer", "enricher", "tagger")


def _articles() -> list[dict[str, object]]:
    lines = (ROOT / "seeds" / "sample.jsonl").read_text().splitlines()
    return [orjson.loads(line) for line in lines]


async def _feed(settings: Settings, stop: asyncio.Event, rate: float) -> int:
    """Sample articles again and again, each time with a URL and words of its own, so that each is another article."""
    producer = make_producer(settings)
    await producer.start()
    sent = 0
    articles = _articles()
    try:
        while not stop.is_set():
            article = dict(articles[sent % len(articles)])
            article["id"] = str(sent)
            article["url"] = f"https://news.example/{sent}"
            key, value = str(sent).encode(), orjson.dumps(article)
            headers = first_headers(topics.RAW, key, value, source="/chaos", now_ms=int(time.time() * 1000))
            await (await producer.send(topics.RAW, value, key, headers=headers))
            sent += 1
            await asyncio.sleep(1 / rate)
    finally:
        await close(producer)
    return sent


async def kills(stream: Stream, count: int, rate: float = 2.0, pause: Sequence[float] = (2.0, 5.0)) -> Verdict:
    """Two processes that run all three stages, one of them killed at random and started again, `count` times."""
    began = time.monotonic()
    settings = stream.settings.model_copy(update={"session_timeout_ms": 3000})
    await cluster.apply(settings)
    chance = random.Random(count)
    workers = [Worker(["-m", "services.cli", "worker", *STAGES], settings).start() for _ in range(2)]
    stop = asyncio.Event()
    feed = asyncio.ensure_future(_feed(settings, stop, rate))
    try:
        await read_topic(settings, topics.TAGGED, 1, seconds=300, still=0)
        for _ in range(count):
            victim = chance.choice(workers)
            await asyncio.to_thread(victim.wait_for, ASSIGNED)
            await asyncio.sleep(chance.uniform(*pause))
            await asyncio.to_thread(victim.kill)
            victim.start()
        stop.set()
        sent = await feed
        records = await read_topic(settings, topics.TAGGED, sent, seconds=900, still=5.0)
        letters = [await read_topic(settings, topics.dead_letters(stage)) for stage in STAGES]
    finally:
        stop.set()
        for worker in workers:
            worker.close()
    seen = Counter(orjson.loads(record.value)["url"] for record in records if record.value)
    notes = [f"{sum(map(len, letters))} dead letters"]
    return Verdict(
        f"{count} × kill -9 of two workers, {' + '.join(STAGES)}",
        sent=sent,
        received=sum(seen.values()),
        lost=sum(1 for n in range(sent) if f"https://news.example/{n}" not in seen),
        repeated=sum(times - 1 for times in seen.values()),
        faults=count,
        seconds=time.monotonic() - began,
        notes=notes,
    )
