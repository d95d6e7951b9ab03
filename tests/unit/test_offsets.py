"""A coordinator that does not tell an offset is asked again, never taken for one that has none."""

from __future__ import annotations

import pytest
from aiokafka import errors as kafka
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from services.runtime import offsets
from services.runtime.settings import Settings

A, B = TopicPartition("t", 0), TopicPartition("t", 1)


class _Admin:
    """Stands for a broker's answer."""

    def __init__(self, told: dict[TopicPartition, OffsetAndMetadata]) -> None:
        self.told = told

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def list_consumer_group_offsets(self, group: str, partitions: list[TopicPartition]) -> object:
        return self.told


async def test_an_offset_and_none(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {A: OffsetAndMetadata(7, ""), B: OffsetAndMetadata(-1, "")}
    monkeypatch.setattr(offsets, "make_admin", lambda settings: _Admin(told))
    assert await offsets.committed_offsets(Settings(), "g", [A, B]) == {A: 7, B: None}


@pytest.mark.parametrize("told", [{}, {A: OffsetAndMetadata(7, "")}])
async def test_a_partition_that_is_not_told_is_an_error(
    monkeypatch: pytest.MonkeyPatch, told: dict[TopicPartition, OffsetAndMetadata]
) -> None:
    monkeypatch.setattr(offsets, "make_admin", lambda settings: _Admin(told))
    with pytest.raises(kafka.KafkaError) as raised:
        await offsets.committed_offsets(Settings(), "g", [A, B])
    assert raised.value.retriable
