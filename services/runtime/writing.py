"""Records to producer batches: one future a batch instead of one a record, which is most of a send's cost."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from services.runtime.partitioning import partition_of
from services.runtime.records import Record


async def write(producer: AIOKafkaProducer, records: Sequence[Record]) -> list[asyncio.Future[object]]:
    """Hand all records to the producer, in order within a topic partition; the futures are their acknowledgements.

    Partitions are chosen as Kafka's own clients do: murmur2 of the key.
    """
    by_partition: dict[tuple[str, int], list[Record]] = defaultdict(list)
    counts: dict[str, int] = {}
    for record in records:
        topic, where = record.topic, record.partition
        if where is None:
            count = counts.get(topic)
            if count is None:
                count = counts[topic] = len(await producer.partitions_for(topic))
            where = partition_of(record.key, count)
        by_partition[topic, where].append(record)
    now_ms = int(time.time() * 1000)
    # partitions side by side; within one, batches follow each other
    sent = await asyncio.gather(
        *(_write_partition(producer, topic, number, part, now_ms) for (topic, number), part in by_partition.items())
    )
    return [future for futures in sent for future in futures]


async def _write_partition(
    producer: AIOKafkaProducer, topic: str, partition: int, records: list[Record], now_ms: int
) -> list[asyncio.Future[object]]:
    futures: list[asyncio.Future[object]] = []
    batch = producer.create_batch()
    for record in records:
        if batch.append(timestamp=now_ms, key=record.key, value=record.value, headers=record.headers) is None:
            futures.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            # a builder takes its first record whatever its size
            batch.append(timestamp=now_ms, key=record.key, value=record.value, headers=record.headers)
    if batch.record_count():
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    return futures
