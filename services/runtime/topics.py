"""The cluster's topics against the declared ones: what differs, and making it so. Doing it twice changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import errors as kafka
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from services.contracts.topics import TOPICS, Topic
from services.runtime.clients import close, make_admin
from services.runtime.settings import Settings

# how people call what Kafka calls by these keys
_WORDS = {"retention.ms": "retention", "cleanup.policy": "compaction", "max.message.bytes": "largest message"}
_FROM_TOPIC = 1  # config source: set on the topic itself


class TopicError(RuntimeError):
    """The cluster refused to create or change a topic."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` of a topic is `actual` on the cluster and `declared` by Varta; `fixable` when apply can change it."""

    topic: str
    what: str
    declared: str
    actual: str
    fixable: bool = True

    def __str__(self) -> str:
        if self.what == "missing":
            return f"{self.topic}: missing ({self.declared})"
        note = "" if self.fixable else " (cannot be changed: Kafka never removes partitions)"
        return f"{self.topic}: {self.what} is {self.actual}, declared {self.declared}{note}"


def declared_config(topic: Topic) -> dict[str, str]:
    """The topic's configuration in Kafka's keys."""
    config = {
        "cleanup.policy": "compact" if topic.compact else "delete",
        "max.message.bytes": str(topic.max_message_bytes),
        **topic.config,
    }
    if not topic.compact:
        config["retention.ms"] = str(topic.retention_ms)
    return config


async def plan(settings: Settings, declared: Sequence[Topic] = TOPICS) -> list[Difference]:
    """What differs, in the order the topics are declared. Raises a Kafka error when no broker can be reached."""
    admin = make_admin(settings)
    try:
        await admin.start()
        return await _differences(admin, declared)
    finally:
        await close(admin)


async def apply(settings: Settings, declared: Sequence[Topic] = TOPICS) -> list[Difference]:
    """Create and change what differs; the differences that were there. Raises TopicError with the cluster's reason."""
    admin = make_admin(settings)
    try:
        await admin.start()
        differences = await _differences(admin, declared)
        todo = {d.topic for d in differences if d.fixable}
        missing = {d.topic for d in differences if d.what == "missing"}
        await _create(admin, [t for t in declared if t.name in missing], settings)
        await _grow(
            admin,
            [
                t
                for t in declared
                if any(d.topic == t.name and d.what == "partitions" and d.fixable for d in differences)
            ],
        )
        await _configure(
            admin,
            [
                t
                for t in declared
                if t.name in todo - missing and any(d.topic == t.name and d.what != "partitions" for d in differences)
            ],
        )
        await _settled(admin, [t for t in declared if t.name in todo])
        return differences
    finally:
        await close(admin)


async def partition_counts(settings: Settings) -> dict[str, int]:
    """Every topic of the cluster with its number of partitions."""
    admin = make_admin(settings)
    try:
        await admin.start()
        return await _partitions(admin)
    finally:
        await close(admin)


async def _differences(admin: AIOKafkaAdminClient, declared: Sequence[Topic]) -> list[Difference]:
    there = await _partitions(admin)
    configs = await _configs(admin, [t.name for t in declared if t.name in there])
    found: list[Difference] = []
    for topic in declared:
        if topic.name not in there:
            found.append(Difference(topic.name, "missing", _in_words(topic), ""))
            continue
        have = there[topic.name]
        if have != topic.partitions:
            fixable = have < topic.partitions
            found.append(Difference(topic.name, "partitions", str(topic.partitions), str(have), fixable))
        for key, value in declared_config(topic).items():
            actual = configs[topic.name].get(key, ("", 0))[0]
            if actual != value:
                found.append(Difference(topic.name, _WORDS.get(key, key), value, actual))
    return found


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    described = await admin.describe_topics()
    return {t["topic"]: len(t["partitions"]) for t in described if t["error_code"] == 0}


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, tuple[str, int]]]:
    """By topic and key: value and source."""
    if not names:
        return {}
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for answer in answers:
        for code, reason, _, name, entries in answer.resources:
            if code:
                raise TopicError(f"cannot read the configuration of {name}: {reason or kafka.for_code(code).__name__}")
            found[name] = {entry[0]: (entry[1], int(entry[3])) for entry in entries}
    return found


async def _create(admin: AIOKafkaAdminClient, wanted: list[Topic], settings: Settings) -> None:
    if not wanted:
        return
    brokers = len((await admin.describe_cluster())["brokers"])
    copies = settings.replication or min(3, brokers)
    new = [NewTopic(t.name, t.partitions, copies, topic_configs=declared_config(t)) for t in wanted]
    answer = await admin.create_topics(new)
    for name, code, *reason in answer.topic_errors:
        error = kafka.for_code(code)
        if code and error is not kafka.TopicAlreadyExistsError:
            raise TopicError(f"cannot create {name}: {(reason and reason[0]) or error.__name__}")


async def _grow(admin: AIOKafkaAdminClient, wanted: list[Topic]) -> None:
    for topic in wanted:
        try:
            await admin.create_partitions({topic.name: NewPartitions(topic.partitions)})
        except kafka.KafkaError as error:
            raise TopicError(f"cannot add partitions to {topic.name}: {error}") from error


async def _configure(admin: AIOKafkaAdminClient, wanted: list[Topic]) -> None:
    """Set the declared keys and keep whatever else was set on the topic: Kafka's call replaces all of it."""
    have = await _configs(admin, [t.name for t in wanted])
    for topic in wanted:
        kept = {key: value for key, (value, source) in have[topic.name].items() if source == _FROM_TOPIC}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, {**kept, **declared_config(topic)})
        for answer in await admin.alter_configs([resource]):
            for code, reason, *_ in answer.resources:
                if code:
                    raise TopicError(f"cannot configure {topic.name}: {reason or kafka.for_code(code).__name__}")


async def _settled(admin: AIOKafkaAdminClient, wanted: list[Topic]) -> None:
    """Wait until the cluster shows the topics with leaders, so that what comes next finds them."""
    names = {t.name: t.partitions for t in wanted}
    for _ in range(100):
        described: list[dict[str, Any]] = await admin.describe_topics()
        ready = {
            t["topic"]
            for t in described
            if t["error_code"] == 0
            and len(t["partitions"]) >= names.get(t["topic"], 0)
            and all(p["leader"] >= 0 for p in t["partitions"])
        }
        if names.keys() <= ready:
            return
        await asyncio.sleep(0.1)
    raise TopicError(f"topics without leaders after 10 s: {', '.join(sorted(names.keys() - ready))}")


def _in_words(topic: Topic) -> str:
    kept = "compacted" if topic.compact else f"kept {topic.retention_ms // 86_400_000} days"
    return f"{topic.partitions} partitions, {kept}"
