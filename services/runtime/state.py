"""State of a stateful stage: the fold of its changelog, read to the end before the first input."""

from __future__ import annotations

import asyncio
import time

from aiokafka.structs import TopicPartition

from services.runtime.clients import close, make_consumer
from services.runtime.settings import Settings

Changes = list[tuple[bytes, bytes | None]]


async def read_changelog(settings: Settings, changelog: TopicPartition, patience: float = 60.0) -> Changes:
    """All committed records of a changelog partition, oldest first.

    Call it after the writer was fenced: then no transaction is open, and the end that is asked for first is the end.
    The position starts by `auto_offset_reset`; `seek_to_beginning` would race with it and may return nothing.
    Raises TimeoutError when no record comes for `patience` seconds before the end is reached.
    """
    consumer = make_consumer(settings, auto_offset_reset="earliest")
    try:
        await consumer.start()
        consumer.assign([changelog])
        end = (await consumer.end_offsets([changelog]))[changelog]
        changes: Changes = []
        moved = time.monotonic()
        position = await consumer.position(changelog)
        while position < end:
            batches = await consumer.getmany(changelog, timeout_ms=500)
            for records in batches.values():
                changes += [(record.key or b"", record.value) for record in records]
            # control records move the position and are not returned, so the position tells the end, not the records
            before, position = position, await consumer.position(changelog)
            if position > before:
                moved = time.monotonic()
            elif time.monotonic() - moved > patience:
                raise TimeoutError(f"{changelog.topic}/{changelog.partition} stands at {position} of {end}")
            else:
                await asyncio.sleep(0.01)
        return changes
    finally:
        await close(consumer)
