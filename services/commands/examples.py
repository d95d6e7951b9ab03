"""Real messages as examples: one run of the stream, one message of each topic, of the same article where it can be."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import orjson

from services.commands import stages
from services.commands.follow import Follower, trace_of
from services.commands.processes import Workers
from services.commands.replay import send
from services.commands.schemas import messages
from services.commands.sources import Source, read_all
from services.commands.tail import as_json
from services.contracts.stage import Message
from services.contracts.topics import EVENTS, RAW, TAGGED, TOPICS
from services.knowledge.shared import ROOT
from services.runtime import topics
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import load_settings

BROKEN = Source("broken", Message(b'{"id": "broken", "text": ', b"broken", (("content-type", b"application/json"),)))


def collect(folder: Path) -> None:
    """Run the stream over the seeds and the sample, and write `<topic>.json` for every topic that had a message."""
    from services.commands.cluster import pointed_at

    kafka = EmbeddedKafka()
    with tempfile.TemporaryDirectory() as logs, pointed_at(kafka), kafka:
        asyncio.run(topics.apply(load_settings()))
        with Workers(Path(logs), [[name] for name in stages.available()], {}) as workers:
            workers.wait_ready(90)
            records = asyncio.run(_run(workers))
    folder.mkdir(parents=True, exist_ok=True)
    for topic, record in _chosen(records).items():
        shown = orjson.loads(as_json(record))
        text = json.dumps({k: shown[k] for k in ("topic", "key", "headers", "value")}, ensure_ascii=False, indent=1)
        (folder / f"{topic}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{topic}: {len(record.value or b''):,} bytes")


async def _run(workers: Workers) -> dict[str, list[Any]]:
    settings = load_settings()
    follower = Follower(settings)
    await follower.start()
    count = await send(settings, [*read_all([str(ROOT / "seeds")]), BROKEN])
    found = await follower.until_ended(count, 300)
    workers.check()
    await follower.stop()
    return found.records


def _chosen(records: dict[str, list[Any]]) -> dict[str, Any]:
    """The shortest article that has an event with actor and recipient, and what was said of it on every topic."""

    def telling(record: Any) -> bool:
        article = orjson.loads(record.value)
        return any(e["actors"] and e["recipients"] and e["date"] for e in article["events"]) and bool(article["quotes"])

    tagged = sorted(records.get(TAGGED, []), key=lambda record: len(record.value))
    article = next(filter(telling, tagged), tagged[0] if tagged else None)
    trace = trace_of(article) if article else ""
    chosen: dict[str, Any] = {}
    published = {topic.name for topic in TOPICS if topic.message in messages()}
    for topic, found in records.items():
        if topic not in published:
            continue  # private state
        same = [record for record in found if trace_of(record) == trace and record.value is not None]
        whole = [record for record in found if record.value is not None]
        if topic == EVENTS:
            same = [r for r in same if orjson.loads(r.value)["recipients"]] or same
        if same or whole:
            chosen[topic] = (same or whole)[0]
    if RAW in chosen and article is None:
        del chosen[RAW]
    return chosen
