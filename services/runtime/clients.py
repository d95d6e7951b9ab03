"""Kafka clients as Varta uses them: made from the settings, closed within a time."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from services.runtime.settings import MIB, Settings

# room for a dead letter's headers above the largest message; topics accept 8 MiB
MAX_REQUEST_BYTES = 8 * MIB
# one produce batch; larger records go in a batch of their own
PRODUCE_BATCH_BYTES = 4 * MIB


def make_consumer(settings: Settings, *topics: str, **options: Any) -> AIOKafkaConsumer:
    """A read_committed consumer without a group that never commits and never resets its position by itself.

    With `topics` it reads all their partitions; without, the caller assigns some.
    """
    defaults: dict[str, Any] = {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "max_partition_fetch_bytes": max(MIB, settings.batch_max_bytes),
        "request_timeout_ms": settings.request_timeout_ms,
        # a broker's checksum was already verified when it was written, and TCP has its own
        "check_crcs": False,
    }
    return AIOKafkaConsumer(*topics, **{**defaults, **settings.kafka.client_options(), **options})


def make_producer(settings: Settings, **options: Any) -> AIOKafkaProducer:
    """An idempotent producer; transactional when given a `transactional_id`."""
    defaults: dict[str, Any] = {
        "enable_idempotence": True,
        "max_batch_size": PRODUCE_BATCH_BYTES,
        "max_request_size": MAX_REQUEST_BYTES,
        "compression_type": None if settings.compression == "none" else settings.compression,
        "request_timeout_ms": settings.request_timeout_ms,
    }
    if options.get("transactional_id"):
        defaults["transaction_timeout_ms"] = settings.transaction_timeout_ms
    return AIOKafkaProducer(**{**defaults, **settings.kafka.client_options(), **options})


def make_admin(settings: Settings) -> AIOKafkaAdminClient:
    """An admin client."""
    return AIOKafkaAdminClient(request_timeout_ms=settings.request_timeout_ms, **settings.kafka.client_options())


async def close(*clients: Any, seconds: float = 5.0) -> None:
    """Stop clients, giving each at most `seconds`; a client of a dead broker is abandoned without a word."""

    async def close_one(client: Any) -> None:
        stop = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
        with contextlib.suppress(Exception):
            await asyncio.wait_for(stop(), seconds)
            return
        await _abandon(client)

    await asyncio.gather(*(close_one(client) for client in clients if client is not None))


async def _abandon(client: Any) -> None:
    """Take down a client whose orderly stop waits for a broker that does not answer.

    aiokafka has no call for this; without it the sender of a fenced or cut-off producer would go on retrying.
    """
    sender = getattr(client, "_sender", None)
    task = getattr(sender, "sender_task", None)
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1.0)
    inner = getattr(client, "client", None) or getattr(client, "_client", None)
    if inner is not None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(inner.close(), 1.0)
