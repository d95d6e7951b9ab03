"""Looking at dead letters, and sending them back once what stood against them is mended.

A dead-letter topic is also the log of what was sent back: in one transaction the original goes to its topic and a
marker that names it to the dead-letter topic. So a letter is sent back once, however often and by how many people the
command is run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import orjson
from aiokafka.structs import ConsumerRecord, TopicPartition

from services.contracts import topics
from services.contracts.dead import DeadLetter
from services.runtime.clients import close, make_consumer, make_producer
from services.runtime.deadletters import PREFIX, REDRIVEN, REDRIVEN_FOR, read_reason
from services.runtime.records import Record
from services.runtime.settings import Settings
from services.runtime.writing import write

MARKER = "__varta.redrive"
MOST_IN_ONE = 100
MOST_BYTES_IN_ONE = 4 * 1024 * 1024
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter at `partition` and `offset` of its topic. `sent_back` when it was redriven; `omitted` when its
    value was too large to be kept."""

    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    size: int
    reason: DeadLetter
    sent_back: bool = False
    omitted: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant; a field that is not set excludes nothing. Times are epoch milliseconds."""

    code: str | None = None
    topic: str | None = None
    contains: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    offsets: frozenset[int] | None = None
    most_redriven: int | None = None

    def wants(self, letter: Letter) -> bool:
        """True when the letter passes every field that is set; `contains` looks into reason and key."""
        reason = letter.reason
        text = f"{reason.message} {(letter.key or b'').decode('utf-8', 'replace')}"
        return (
            (self.code is None or reason.code == self.code)
            and (self.topic is None or reason.topic == self.topic)
            and (self.contains is None or self.contains.casefold() in text.casefold())
            and (self.since_ms is None or letter.timestamp_ms >= self.since_ms)
            and (self.until_ms is None or letter.timestamp_ms < self.until_ms)
            and (self.offsets is None or letter.offset in self.offsets)
            and (self.most_redriven is None or reason.redriven <= self.most_redriven)
        )


async def list_letters(settings: Settings, stage: str, wanted: Filter | None = None) -> list[Letter]:
    """The stage's dead letters, oldest first, without their values; those sent back are marked so."""
    wanted = wanted or Filter()
    letters: list[Letter] = []
    sent_back: set[tuple[int, int]] = set()
    async for record in _scan(settings, topics.dead_letters(stage)):
        if _is_marker(record):
            sent_back.update((p, o) for p, o in orjson.loads(record.value or b"[]"))
        else:
            letters.append(_letter(record))
    letters = [
        Letter(x.partition, x.offset, x.timestamp_ms, x.key, x.size, x.reason, True, x.omitted)
        if (x.partition, x.offset) in sent_back
        else x
        for x in letters
    ]
    return sorted(filter(wanted.wants, letters), key=lambda x: (x.timestamp_ms, x.partition, x.offset))


async def show_letter(
    settings: Settings, stage: str, offset: int, partition: int = 0
) -> tuple[Letter, bytes | None, list[tuple[str, bytes]]] | None:
    """One dead letter with its value and its original headers; None when there is none at that offset."""
    tp = TopicPartition(topics.dead_letters(stage), partition)
    async for record in _scan(settings, tp.topic, {tp: offset}):
        if record.partition == partition and record.offset >= offset:
            if record.offset > offset or _is_marker(record):
                return None
            return _letter(record), record.value, _original_headers(record)
    return None


async def redrive(
    settings: Settings,
    stage: str,
    wanted: Filter | None = None,
    *,
    dry_run: bool = True,
    rate: float | None = None,
    said: Callable[[Letter], None] = lambda letter: None,
) -> list[Letter]:
    """Send the wanted letters back to their topics, for `stage` alone to read; the letters that went (or would go).

    `rate` is the most letters a second. Letters already sent back, and those whose value was left out, never go.
    `said` is told each letter after its transaction. Two redrives of one stage at a time: the later ends the earlier,
    which raises ProducerFenced and has sent what it reported.
    """
    if dry_run:
        return [x for x in await list_letters(settings, stage, wanted) if not x.sent_back and not x.omitted]
    dlq = topics.dead_letters(stage)
    producer = make_producer(settings, transactional_id=f"{settings.group_prefix}.redrive.{stage}")
    try:
        # fenced first, then read: nobody else can add a marker between our reading and our writing
        await producer.start()
        due = {
            (x.partition, x.offset): x
            for x in await list_letters(settings, stage, wanted)
            if not x.sent_back and not x.omitted
        }
        went: list[Letter] = []
        batch: list[ConsumerRecord] = []
        most = MOST_IN_ONE if rate is None else max(1, min(MOST_IN_ONE, int(rate)))

        async def send() -> None:
            began = time.monotonic()
            await producer.begin_transaction()
            for acknowledged in await write(producer, [*map(_original, batch), _marker(dlq, batch)]):
                await acknowledged
            await producer.commit_transaction()
            for record in batch:
                letter = due[record.partition, record.offset]
                went.append(letter)
                said(letter)
            if rate is not None:
                await asyncio.sleep(max(0.0, len(batch) / rate - (time.monotonic() - began)))
            batch.clear()

        if due:
            async for record in _scan(settings, dlq):
                if (record.partition, record.offset) not in due:
                    continue
                batch.append(record)
                if len(batch) >= most or sum(len(r.value or b"") for r in batch) > MOST_BYTES_IN_ONE:
                    await send()
        if batch:
            await send()
        return went
    finally:
        await close(producer)


async def _scan(
    settings: Settings, topic: str, start: dict[TopicPartition, int] | None = None
) -> AsyncIterator[ConsumerRecord]:
    """All committed records of a topic up to the end it has now."""
    consumer = make_consumer(settings, topic, auto_offset_reset="earliest")
    try:
        await consumer.start()
        parts = sorted(consumer.assignment())
        ends = await consumer.end_offsets(parts)
        for tp, offset in (start or {}).items():
            consumer.seek(tp, offset)
        moved = time.monotonic()
        positions: dict[TopicPartition, int] = {}
        while True:
            before = positions
            positions = {tp: await consumer.position(tp) for tp in parts}
            if all(positions[tp] >= ends[tp] for tp in parts):
                return
            if positions != before:
                moved = time.monotonic()
            elif time.monotonic() - moved > _MINUTE:
                raise TimeoutError(f"{topic} gives no more records before its end")
            for records in (await consumer.getmany(timeout_ms=500, max_records=MOST_IN_ONE)).values():
                for record in records:
                    if record.offset < ends[TopicPartition(record.topic, record.partition)]:
                        yield record
    finally:
        await close(consumer)


def _is_marker(record: ConsumerRecord) -> bool:
    return any(name == MARKER for name, _ in record.headers)


def _letter(record: ConsumerRecord) -> Letter:
    return Letter(
        record.partition,
        record.offset,
        record.timestamp,
        record.key,
        len(record.value or b""),
        read_reason(record.headers),
        omitted=any(name == PREFIX + "value.omitted" for name, _ in record.headers),
    )


def _original_headers(record: ConsumerRecord) -> list[tuple[str, bytes]]:
    return [(n, v) for n, v in record.headers if not n.startswith(PREFIX) and n not in (REDRIVEN, REDRIVEN_FOR)]


def _original(record: ConsumerRecord) -> Record:
    """The record as it first came, for the partition it came from, with its counter one higher."""
    reason = read_reason(record.headers)
    headers = [
        *_original_headers(record),
        (PREFIX + "first.seen", reason.first_seen.encode()),
        (REDRIVEN, str(reason.redriven + 1).encode()),
        (REDRIVEN_FOR, reason.stage.encode()),
    ]
    return Record(reason.topic, record.key, record.value, headers, reason.partition)


def _marker(dlq: str, batch: list[ConsumerRecord]) -> Record:
    value = orjson.dumps([[record.partition, record.offset] for record in batch])
    return Record(dlq, b"redrive", value, [(MARKER, b"1")], partition=0)
