"""Where consumer groups stand: what `varta doctor` reads."""

from __future__ import annotations

from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from services.runtime.clients import close, make_admin, make_consumer
from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a group is on one topic: messages that wait, over how many partitions; None before its first commit.

    In a topic written by transactions each commit leaves a marker that is no message, so a group that has read
    everything may show a few waiting a partition.
    """

    topic: str
    partitions: int
    waiting: int | None


async def partitions(settings: Settings) -> dict[str, list[TopicPartition]]:
    """The partitions of every topic of the cluster.

    Asked of an admin client: a consumer knows the partitions only of topics that it has subscribed to.
    """
    admin = make_admin(settings)
    try:
        await admin.start()
        described = await admin.describe_topics()
        return {
            t["topic"]: [
                TopicPartition(t["topic"], number) for number in sorted(p["partition"] for p in t["partitions"])
            ]
            for t in described
            if t["error_code"] == 0
        }
    finally:
        await close(admin)


async def broker_version(settings: Settings) -> tuple[int, str]:
    """How many brokers there are, and the cluster's id."""
    admin = make_admin(settings)
    try:
        await admin.start()
        described = await admin.describe_cluster()
        return len(described["brokers"]), str(described["cluster_id"])
    finally:
        await close(admin)


async def standing(settings: Settings, stage: str, inputs: tuple[str, ...]) -> list[Standing]:
    """The standing of a stage's group on each of its inputs."""
    known = await partitions(settings)
    consumer = make_consumer(settings, group_id=settings.group(stage))
    try:
        await consumer.start()
        found = []
        for topic in inputs:
            places = known.get(topic, [])
            ends = await consumer.end_offsets(places) if places else {}
            waiting, begun = 0, False
            for place in places:
                committed = await consumer.committed(place)
                begun = begun or committed is not None
                waiting += ends[place] - (committed or 0)
            found.append(Standing(topic, len(places), waiting if begun else None))
        return found
    finally:
        await close(consumer)
