"""Every message once, and in order within its key."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.structs import TopicPartition

from services.contracts.topics import Topic
from services.runtime.clients import close, make_admin
from services.runtime.topics import apply
from services.runtime.work import StageFailed
from services.runtime.worker import run
from tests.integration.kafka import Stream, values
from tests.integration.stages import Breaks, Counting, CountingEach, PassThrough


async def test_pass_through_is_exactly_once(stream: Stream) -> None:
    sent = [str(n).encode() for n in range(3000)]
    await stream.send(sent[:1000])
    async with stream.worker(PassThrough(stream.name)):
        await stream.send(sent[1000:])
        records = await stream.read("out", 3000)
    assert sorted(values(records)) == sorted(sent)
    assert await stream.read("dlq") == []


async def test_order_within_a_partition_is_kept(stream: Stream) -> None:
    await stream.send([str(n).encode() for n in range(2000)], keys=[b"same"] * 2000)
    async with stream.worker(PassThrough(stream.name)):
        records = await stream.read("out", 2000)
    assert [int(value or b"") for value in values(records)] == list(range(2000))


async def test_stopping_and_starting_again_goes_on_where_it_was(stream: Stream) -> None:
    await stream.send([str(n).encode() for n in range(500)])
    async with stream.worker(PassThrough(stream.name)):
        await stream.read("out", 500)
    await stream.send([str(n).encode() for n in range(500, 1000)])
    async with stream.worker(PassThrough(stream.name)):
        records = await stream.read("out", 1000)
    assert sorted(int(value or b"") for value in values(records)) == list(range(1000))


async def test_workers_joining_and_leaving_lose_and_repeat_nothing(stream: Stream) -> None:
    sent = [str(n).encode() for n in range(4000)]
    async with stream.worker(PassThrough(stream.name)):
        await stream.send(sent[:1000])
        async with stream.worker(PassThrough(stream.name)):
            await stream.send(sent[1000:3000])
            async with stream.worker(PassThrough(stream.name)):
                await asyncio.sleep(0.5)
            await stream.send(sent[3000:])
        records = await stream.read("out", 4000)
    assert sorted(values(records)) == sorted(sent)


async def test_a_stage_with_one_state_counts_all_partitions_in_one_sequence(stream: Stream) -> None:
    for start in (0, 300, 600):
        await stream.send([str(n).encode() for n in range(start, start + 300)])
        # a new worker each time: its state can only come from the changelog
        async with stream.worker(Counting(stream.name)), stream.worker(Counting(stream.name)):
            records = await stream.read("out", start + 300)
    counted = [(value or b"").split() for value in values(records)]
    assert [int(number) for number, _ in counted] == list(range(1, 901))
    assert sorted(int(value) for _, value in counted) == list(range(900))


async def test_a_stage_that_breaks_stops_the_worker_and_names_the_record(stream: Stream) -> None:
    await stream.send([b"good", b"bad", b"good"], keys=[b"k"] * 3, partition=2)
    with pytest.raises(StageFailed, match=rf"{stream.name}.in/2@1: KeyError"):
        await asyncio.wait_for(run([Breaks(stream.name)], stream.settings), 20)
    assert await stream.read("out") == []
    # nothing of the batch was committed: a mended stage does all of it
    async with stream.worker(PassThrough(stream.name)):
        assert values(await stream.read("out", 3)) == [b"good", b"bad", b"good"]


async def test_a_stage_with_a_state_a_partition_keeps_each_in_sequence(stream: Stream) -> None:
    await apply(stream.settings, [Topic(f"{stream.name}.states", "", partitions=4, compact=True)])
    for start in (0, 300):
        await stream.send([str(n).encode() for n in range(start, start + 300)])
        async with stream.worker(CountingEach(stream.name)), stream.worker(CountingEach(stream.name)):
            records = await stream.read("out", start + 300)
    sequences: dict[int, list[int]] = {}
    for value in values(records):
        partition, number, _ = (value or b"").split()
        sequences.setdefault(int(partition), []).append(int(number))
    assert sorted(sequences) == [0, 1, 2, 3]
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sequences.values())
    assert sum(map(len, sequences.values())) == 600


async def test_messages_that_expired_unread_are_told_and_not_waited_for(stream: Stream) -> None:
    async with stream.worker(PassThrough(stream.name)):
        await stream.send([str(n).encode() for n in range(10)], partition=1)
        await stream.read("out", 10)
    await stream.send([str(n).encode() for n in range(10, 20)], partition=1)
    admin = make_admin(stream.settings)
    await admin.start()
    await admin.delete_records({TopicPartition(f"{stream.name}.in", 1): RecordsToDelete(15)})
    await close(admin)
    with structlog.testing.capture_logs() as logs:
        async with stream.worker(PassThrough(stream.name)):
            records = await stream.read("out", 15)
    assert sorted(int(value or b"") for value in values(records)) == [*range(10), *range(15, 20)]
    (told,) = [entry for entry in logs if entry["event"] == "messages expired before they were read"]
    assert (told["log_level"], told["lost"], told["partition"]) == ("error", 5, 1)
