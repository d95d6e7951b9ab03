"""Means of the runner's tests: write, read until complete, run workers in this process."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Sequence

from aiokafka.structs import ConsumerRecord

from services.contracts.stage import Stage
from services.runtime.clients import close, make_consumer, make_producer
from services.runtime.settings import Settings
from services.runtime.worker import run

Headers = Sequence[tuple[str, bytes]]


class Stream:
    """The topics `NAME.in`, `.out`, `.state` and `.dlq` of one test."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings

    async def send(
        self,
        values: Iterable[bytes | None],
        *,
        topic: str = "in",
        keys: Iterable[bytes | None] | None = None,
        headers: Headers = (),
        partition: int | None = None,
        compression: str | None = None,
    ) -> None:
        """Write values, each with its number as key unless told otherwise."""
        values = list(values)
        keys = list(keys) if keys is not None else [str(n).encode() for n in range(len(values))]
        producer = make_producer(self.settings, compression_type=compression)
        await producer.start()
        try:
            futures = [
                await producer.send(f"{self.name}.{topic}", v, k, partition=partition, headers=list(headers))
                for k, v in zip(keys, values, strict=True)
            ]
            await asyncio.gather(*futures)
        finally:
            await close(producer)

    async def read(
        self, topic: str, at_least: int = 0, seconds: float = 30.0, still: float = 0.4
    ) -> list[ConsumerRecord]:
        """All committed records of one of the test's topics; see `read_topic`."""
        return await read_topic(self.settings, f"{self.name}.{topic}", at_least, seconds, still)

    @contextlib.asynccontextmanager
    async def worker(self, *stages: Stage, settings: Settings | None = None) -> AsyncIterator[asyncio.Task[None]]:
        """A worker in this process; stopped in order at the end of the block."""
        stop = asyncio.Event()
        task = asyncio.ensure_future(run(stages, settings or self.settings, stop=stop))
        try:
            yield task
        finally:
            stop.set()
            with contextlib.suppress(Exception):
                await task


async def read_topic(
    settings: Settings, name: str, at_least: int = 0, seconds: float = 30.0, still: float = 0.4
) -> list[ConsumerRecord]:
    """All committed records, once there are `at_least` as many and no more have come for `still` seconds."""
    consumer = make_consumer(settings, name, auto_offset_reset="earliest")
    await consumer.start()
    try:
        records: list[ConsumerRecord] = []
        deadline = time.monotonic() + seconds
        last = time.monotonic()
        while time.monotonic() < deadline:
            for part in (await consumer.getmany(timeout_ms=100)).values():
                records += part
                last = time.monotonic()
            if len(records) >= at_least and time.monotonic() - last > still:
                return records
        raise AssertionError(f"{name}: {len(records)} of {at_least} records after {seconds} s")
    finally:
        await close(consumer)


def values(records: Iterable[ConsumerRecord]) -> list[bytes | None]:
    """The values of records."""
    return [record.value for record in records]
