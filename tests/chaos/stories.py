"""Kill -9 of the stories worker: `python -m tests.chaos.stories [--kills N] [--articles N] [--out FILE]`.

The state and the messages must be those of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from services.contracts.stage import Message
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import KafkaSettings, Settings
from services.stories import made_events
from services.stories.engine import Engine
from services.stories.stage import StoriesStage
from tests.chaos.processes import Worker
from tests.integration.conftest import new_stream
from tests.integration.kafka import Stream


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: how often it was killed, and what differs from the undisturbed run (nothing, when right)."""

    articles: int
    kills: int
    stories: int
    events: int
    restored_records: int
    restore_seconds: float
    differences: list[str]


def articles(number: int) -> list[dict[str, Any]]:
    """Tagged articles of made streams, with ids of their own for each stream."""
    found: list[dict[str, Any]] = []
    seed = 0
    while len(found) < number:
        stream, _ = made_events.reports(seed)
        found += stream
        seed += 1
    return found[:number]


def picture(engine: Engine) -> dict[str, Any]:
    """What the state comes to: stories with their articles, events with their reports."""
    return {
        "articles": {a.id: (a.story, a.copy_of) for a in engine.table},
        "stories": {
            s.id: (s.follows, s.split_from, sorted(s.absorbed), len(s.past)) for s in engine.grouping.stories.values()
        },
        "events": {
            e.id: (e.story, sorted((r.article, r.event["id"]) for r in e.reports))
            for e in engine.resolving.events.values()
        },
        "clock": (engine.clock, engine.seq),
    }


async def kills(stream: Stream, number: int, count: int) -> Verdict:
    """Send articles, kill the worker `count` times meanwhile, and compare with the same articles in one process."""
    sent = articles(number)
    alone = StoriesStage()
    for start in range(0, len(sent), 50):
        outcomes = alone.process_many([Message(orjson.dumps(a), a["id"].encode()) for a in sent[start : start + 50]])
        assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    draw = random.Random(7)
    worker = Worker(["-m", "tests.chaos.storieshost", stream.name], stream.settings).start()
    done = 0
    try:
        portion = max(1, len(sent) // (count + 1))
        for start in range(0, len(sent), portion):
            part = sent[start : start + portion]
            values = [orjson.dumps(a) for a in part]
            await stream.send(values, keys=[a["id"].encode() for a in part], partition=0)
            if done < count:
                await asyncio.to_thread(worker.wait_for, '"lane begins"')
                await asyncio.sleep(draw.uniform(0, 1.5))
                worker.kill()
                worker.start()
                done += 1
        await asyncio.to_thread(worker.wait_for, '"lane begins"')
        restored = await _settled(stream, worker, alone.engine.seq)
        worker.stop()
    finally:
        worker.close()
    began = time.perf_counter()
    again = StoriesStage()
    again.restore(restored)
    seconds = time.perf_counter() - began
    mine, theirs = picture(alone.engine), picture(again.engine)
    differences = [
        f"{part} {key}: {mine[part].get(key)} is {theirs[part].get(key)}"
        for part in ("articles", "stories", "events")
        for key in sorted({*mine[part], *theirs[part]})
        if mine[part].get(key) != theirs[part].get(key)
    ]
    differences += [] if mine["clock"] == theirs["clock"] else [f"clock: {mine['clock']} is {theirs['clock']}"]
    return Verdict(
        len(sent), done, len(mine["stories"]), len(mine["events"]), len(restored), round(seconds, 3), differences
    )


async def _settled(
    stream: Stream, worker: Worker, seq: int, seconds: float = 300.0
) -> list[tuple[bytes, bytes | None]]:
    """The changelog once its last record says that all articles were taken."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            records = await stream.read("state", at_least=1, seconds=20, still=1.0)
        except AssertionError:  # nothing yet
            continue
        last = next((r.value for r in reversed(records) if r.key == b"m"), None)
        if last is not None and orjson.loads(last)["seq"] >= seq:
            return [(r.key or b"", r.value) for r in records]
        await asyncio.sleep(1.0)
    raise AssertionError(f"the worker had not taken all articles after {seconds} s:\n{worker.log[-3000:]}")


async def _main(arguments: argparse.Namespace) -> Verdict:
    with EmbeddedKafka() as broker:
        settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=broker.bootstrap),
            group_prefix="chaos-stories",
            session_timeout_ms=6000,
            batch_max_messages=200,
        )
        async with new_stream(settings) as stream:
            return await kills(stream, arguments.articles, arguments.kills)


def main() -> int:
    """Print the verdict; exit code 1 when the runs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--out", type=Path)
    verdict = asyncio.run(_main(parser.parse_args()))
    text = (
        f"{verdict.articles:,} articles, {verdict.kills} × kill -9: {len(verdict.differences)} differences in "
        f"{verdict.stories:,} stories and {verdict.events:,} events; "
        f"{verdict.restored_records:,} changelog records folded in {verdict.restore_seconds} s\n"
    )
    print(text, *verdict.differences[:10], sep="\n")
    if (out := parser.parse_args().out) is not None:
        out.write_text(text)
    return 1 if verdict.differences else 0


if __name__ == "__main__":
    sys.exit(main())
