"""What can never succeed becomes a dead letter with a reason in words, and the stream goes on at once."""

from __future__ import annotations

import json
import time

import pytest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from services.contracts.topics import Topic
from services.runtime.clients import close, make_producer
from services.runtime.cloudevents import read
from services.runtime.deadletters import PREFIX, read_reason
from services.runtime.redriving import Filter, list_letters, redrive, show_letter
from services.runtime.topics import apply
from tests.integration.kafka import Stream, values
from tests.integration.stages import Checked, PassThrough

GOOD = json.dumps({"id": "a1", "text": "संसद ने क़ानून बनाया", "unknown": {"fields": [1]}}, ensure_ascii=False).encode()
POISON: dict[str, tuple[bytes | None, str]] = {
    "invalid UTF-8": (b'{"id": "x", "text": "\xe0\xa4 \xff"}', "bad-encoding"),
    "broken JSON": (b'{"id": "x", "text": ', "bad-json"),
    "wrong types": (b'{"id": 7, "text": ["a"]}', "wrong-type"),
    "null value": (None, "null-value"),
    "a 5 MB body": (b'{"id": "x", "text": "' + b"x" * 5_000_000 + b'"}', "too-large"),
    "empty body": (b"", "bad-json"),
    "empty text": (b'{"id": "x", "text": "  "}', "empty-text"),
}


@pytest.mark.parametrize("place", ["first", "last"])
async def test_each_poison_becomes_a_dead_letter_with_its_reason(stream: Stream, place: str) -> None:
    bodies = [body for body, _ in POISON.values()]
    order = [*bodies, GOOD] if place == "first" else [GOOD, *bodies]
    async with stream.worker(Checked(stream.name)):
        await stream.send(order, keys=[b"same"] * len(order))
        letters = await stream.read("dlq", len(POISON))
        assert len(await stream.read("out", 1)) == 1
        # liveness: after all of them, the next good one is out within a second
        sent = time.time()
        await stream.send([GOOD], keys=[b"same"])
        out = await stream.read("out", 2)
        assert max(record.timestamp for record in out) / 1000 - sent < 1
    reasons = [read_reason(letter.headers) for letter in letters]
    assert [reason.code for reason in reasons] == [code for _, code in POISON.values()]
    assert values(letters) == bodies
    for reason in reasons:
        assert reason.stage == stream.name
        assert reason.topic == f"{stream.name}.in"
        assert len(reason.message.split()) > 3
        assert reason.first_seen.endswith("Z")
        assert reason.version


async def test_garbage_headers_are_kept_and_harm_nothing(stream: Stream) -> None:
    garbage = [("", b""), ("ce_received", b"yesterday"), ("ce_id", b"\xff\xfe"), ("traceparent", b"\x00")]
    garbage.append(("x" * 5000, b"y"))
    async with stream.worker(Checked(stream.name)):
        await stream.send([GOOD, b"no json"], headers=garbage)
        (record,) = await stream.read("out", 1)
        letter = (await stream.read("dlq", 1))[0]
    assert [h for h in letter.headers if not h[0].startswith(PREFIX)] == garbage
    event = read(record.headers)
    assert event.received.startswith("20")
    assert len(event.traceparent) == 55


class _NotUtf8(str):
    """A header name as a producer without scruples writes it."""

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


async def test_header_names_that_are_not_utf8_hold_up_nothing(stream: Stream) -> None:
    builder = _DefaultRecordBatchBuilderPy(
        2, 0, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=0, batch_size=100_000
    )
    for number, headers in enumerate(([], [(_NotUtf8("x"), b"y")], [])):
        builder.append(number, timestamp=int(time.time() * 1000), key=b"k", value=GOOD, headers=headers)
    producer = make_producer(stream.settings, enable_idempotence=False, acks="all")
    await producer.start()
    batch = producer.create_batch()
    batch._builder, batch._relative_offset = builder, 3
    await (await producer.send_batch(batch, f"{stream.name}.in", partition=1))
    await close(producer)
    async with stream.worker(Checked(stream.name)):
        assert len(await stream.read("out", 3)) == 3


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_every_compression_is_read(stream: Stream, codec: str) -> None:
    await stream.send([GOOD] * 20, compression=codec)
    async with stream.worker(Checked(stream.name)):
        assert len(await stream.read("out", 20)) == 20


async def test_redrive_after_a_fix_works_once(stream: Stream) -> None:
    async with stream.worker(Checked(stream.name)):
        await stream.send([GOOD, b"bad 1", b"bad 2", None])
        await stream.read("dlq", 3)
    settings, stage = stream.settings, stream.name
    broken = Filter(code="bad-json")
    letters = await list_letters(settings, stage)
    assert [x.reason.code for x in letters].count("bad-json") == 2
    shown = await show_letter(settings, stage, letters[0].offset)
    assert shown is not None
    assert shown[1] in (b"bad 1", b"bad 2", None)

    assert len(await redrive(settings, stage, broken)) == 2  # a dry run
    assert len(await stream.read("in", 4)) == 4
    assert len(await redrive(settings, stage, broken, dry_run=False, rate=50)) == 2
    assert await redrive(settings, stage, broken, dry_run=False) == []
    assert len(await stream.read("in", 6)) == 6
    assert [x.sent_back for x in await list_letters(settings, stage, broken)] == [True, True]

    # the fix: a stage that takes everything
    async with stream.worker(PassThrough(stream.name)):
        records = await stream.read("out", 3)
    assert sorted(v or b"" for v in values(records))[:2] == [b"bad 1", b"bad 2"]
    assert len(records) == 3


async def test_a_letter_that_fails_again_counts_its_redrives(stream: Stream) -> None:
    async with stream.worker(Checked(stream.name)):
        await stream.send([b"bad"])
        await stream.read("dlq", 1)
        await redrive(stream.settings, stream.name, dry_run=False)
        await stream.read("dlq", 3)  # the letter, the marker, the letter again
    first, again = await list_letters(stream.settings, stream.name)
    assert (first.sent_back, first.reason.redriven) == (True, 0)
    assert (again.sent_back, again.reason.redriven) == (False, 1)
    assert again.reason.first_seen == first.reason.first_seen
    assert await redrive(stream.settings, stream.name, Filter(most_redriven=0)) == []


async def test_a_redriven_record_is_read_by_its_own_stage_alone(stream: Stream) -> None:
    async with stream.worker(Checked(stream.name)):
        await stream.send([b"bad"])
        await stream.read("dlq", 1)
    await redrive(stream.settings, stream.name, dry_run=False)
    other = PassThrough(stream.name)
    other.name = f"{stream.name}-other"
    await apply(stream.settings, [Topic(f"{other.name}.dlq", "", partitions=1)])
    async with stream.worker(other):
        assert len(await stream.read("out", 1, still=1.5)) == 1  # the original, not the redriven one
