"""Follow a topic: events and articles to read, or whole messages as JSON lines."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.commands.errors import UserError
from services.contracts.topics import TOPICS
from services.runtime.clients import close, make_consumer
from services.runtime.deadletters import read_reason
from services.runtime.groups import partitions
from services.runtime.heartbeat import is_heartbeat
from services.runtime.settings import Settings, load_settings

EXAMPLES = """\
examples:
  varta tail events.tagged                        as they come, until Ctrl-C
  varta tail events.tagged --from-start --max 20
  varta tail articles.tagged --json | jq .value.title
  varta tail tagger.dlq --from-start
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta tail`."""
    parser.add_argument("topic", metavar="TOPIC", help=", ".join(t.name for t in TOPICS))
    parser.add_argument("--from-start", action="store_true", help="everything the topic still holds, then what comes")
    parser.add_argument("--max", type=int, metavar="N", help="leave after N messages")
    parser.add_argument("--until-end", action="store_true", help="leave at the topic's present end")
    parser.add_argument("--json", action="store_true", help="one JSON object a message: key, headers, value, place")


def run(arguments: argparse.Namespace) -> int:
    """Print messages until enough, the end or Ctrl-C."""
    asyncio.run(_tail(load_settings(), arguments))
    return 0


async def _tail(settings: Settings, arguments: argparse.Namespace) -> None:
    shown = 0
    async for record in follow(settings, arguments.topic, arguments.from_start, arguments.until_end):
        if is_heartbeat(record.headers):
            continue
        print(as_json(record).decode() if arguments.json else in_words(record), flush=True)
        shown += 1
        if arguments.max is not None and shown >= arguments.max:
            return


async def follow(settings: Settings, topic: str, from_start: bool, until_end: bool) -> AsyncIterator[Any]:
    """Committed records of all partitions, each partition in order. Raises UserError when there is no such topic."""
    known = await partitions(settings)
    if topic not in known:
        raise UserError(f"the cluster has no topic {topic}; it has {', '.join(sorted(known)) or 'none'}")
    places = known[topic]
    consumer = make_consumer(settings, auto_offset_reset="earliest")
    try:
        await consumer.start()
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        starts = await consumer.beginning_offsets(places)
        for place in places:
            consumer.seek(place, starts[place] if from_start else ends[place])
        while not until_end or await _behind(consumer, ends):
            for records in (await consumer.getmany(timeout_ms=300)).values():
                for record in records:
                    yield record
    finally:
        await close(consumer)


async def _behind(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    for place, end in ends.items():
        if await consumer.position(place) < end:
            return True
    return False


def as_json(record: Any) -> bytes:
    """The whole record; a value that is not JSON is given as text."""
    try:
        value = orjson.loads(record.value) if record.value is not None else None
    except orjson.JSONDecodeError:
        value = record.value.decode("utf-8", "replace")
    return orjson.dumps(
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key.decode("utf-8", "replace") if record.key is not None else None,
            "headers": {name: (data or b"").decode("utf-8", "replace") for name, data in record.headers},
            "value": value,
        }
    )


def in_words(record: Any) -> str:
    """One or two lines for a person."""
    place = f"{record.partition}:{record.offset}"
    if record.topic.endswith(".dlq"):
        reason = read_reason(record.headers)
        return f"{place:>8}  {reason.code}: {reason.message} (from {reason.topic} {reason.partition}:{reason.offset})"
    key = record.key.decode("utf-8", "replace") if record.key is not None else "–"
    if record.value is None:
        return f"{place:>8}  {key}  (deleted)"
    try:
        value = orjson.loads(record.value)
    except orjson.JSONDecodeError:
        return f"{place:>8}  {key}  {record.value[:100].decode('utf-8', 'replace')}"
    return f"{place:>8}  {_summary(value) if isinstance(value, dict) else value}"


def _summary(value: dict[str, Any]) -> str:
    from services.commands.view import deed, parties, shortened

    if "event_type" in value:
        said = f"{parties(value['actors'])}  {deed(value)}  {parties(value['recipients'])}  {value.get('date') or ''}"
        words = value["evidence"]["text"] if "evidence" in value else ""
        return f"{said}  [{value['confidence']:.2f}]  “{shortened(words, 90)}”" if words else said
    if "window" in value:
        return (
            f"{value['start']} {value['window']} {value['dimension']}={value['value']}: {value['events']} events, "
            f"{value['sources']} sources{'  BURST' if value.get('burst') else ''}"
        )
    if "change" in value:
        headline = value.get("headline_en") or value.get("headline_hi") or ""
        return f"{value['change']:<8} {value['id']}  {len(value['articles'])} articles  {shortened(headline, 90)}"
    heading = value.get("title") or value.get("text") or value.get("html") or ""
    counts = [f"{len(value[name])} {name}" for name in ("mentions", "events") if name in value]
    return f"{value.get('language') or '–':<3} {shortened(str(heading), 90)}  {', '.join(counts)}"
