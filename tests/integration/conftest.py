"""One embedded Kafka for the whole run, and for each test its own topics, group and settings."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from services.contracts.topics import Topic
from services.runtime import topics as cluster
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import KafkaSettings, Settings
from tests.integration.kafka import Stream

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Kafka."""
    for item in items:
        if "integration" in item.path.parts:
            item.add_marker(pytest.mark.kafka)


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedKafka]:
    """A real single-node Kafka on free ports, started once."""
    with EmbeddedKafka() as kafka:
        yield kafka


@pytest.fixture(scope="session")
def bootstrap(broker: EmbeddedKafka) -> str:
    """For KAFKA_BOOTSTRAP_SERVERS."""
    return broker.bootstrap


@pytest.fixture
def settings(bootstrap: str) -> Settings:
    """Settings with a consumer group of their own and short sessions."""
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=bootstrap),
        group_prefix=f"t{os.getpid()}-{next(_numbers)}",
        session_timeout_ms=3000,
    )


@pytest.fixture
async def stream(settings: Settings) -> AsyncIterator[Stream]:
    """Topics of this test alone, with means to write, read and run workers."""
    async with new_stream(settings) as made:
        yield made


@contextlib.asynccontextmanager
async def new_stream(settings: Settings) -> AsyncIterator[Stream]:
    """Topics named after the settings' group prefix."""
    name = settings.group_prefix
    declared = [
        Topic(f"{name}.in", "", partitions=4),
        Topic(f"{name}.out", "", partitions=4),
        Topic(f"{name}.state", "", partitions=1, compact=True),
        Topic(f"{name}.dlq", "", partitions=1),
    ]
    await cluster.apply(settings, declared)
    yield Stream(name, settings)
