"""The committed offsets of a group, read so that "none" is never a guess."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import errors as kafka
from aiokafka.structs import TopicPartition

from services.runtime.clients import close, make_admin
from services.runtime.settings import Settings


async def committed_offsets(
    settings: Settings, group: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int | None]:
    """Where each partition stands, None where the group has never committed.

    A coordinator that is still loading answers with an error for the whole request and no partitions. aiokafka passes
    over that error, and its consumer would tell None: the stream would begin again from the first message. So every
    partition asked for must be in the answer. Raises a retriable Kafka error otherwise.
    """
    admin = make_admin(settings)
    try:
        await admin.start()
        found = await admin.list_consumer_group_offsets(group, partitions=list(partitions))
    finally:
        await close(admin)
    untold = [tp for tp in partitions if tp not in found]
    if untold:
        raise kafka.GroupLoadInProgressError(f"the coordinator of {group} does not tell the offsets of {untold} yet")
    return {tp: found[tp].offset if found[tp].offset >= 0 else None for tp in partitions}
