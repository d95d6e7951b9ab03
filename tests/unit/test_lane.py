"""How fetched records become batches, and batches offsets; who owns a single state."""

from __future__ import annotations

from types import SimpleNamespace

from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from aiokafka.structs import ConsumerRecord, TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.assigning import AllToOne
from services.runtime.lane import _batches, _offsets


def _record(partition: int, offset: int, timestamp: int, size: int) -> ConsumerRecord:
    value = b"x" * size
    return ConsumerRecord("t", partition, offset, timestamp, 0, None, value, None, -1, size, ())


def _fetched(sizes: list[list[int]]) -> dict[TopicPartition, list[ConsumerRecord]]:
    return {
        TopicPartition("t", p): [_record(p, n * 3, n * 10 + p, size) for n, size in enumerate(part)]
        for p, part in enumerate(sizes)
        if part
    }


@given(st.lists(st.lists(st.integers(0, 50), max_size=8), min_size=1, max_size=3).filter(any), st.integers(1, 100))
def test_batches_hold_every_record_once_in_order_and_within_bytes(sizes: list[list[int]], most: int) -> None:
    fetched = _fetched(sizes)
    batches = list(_batches(fetched, most))
    for tp, records in fetched.items():
        assert [r for batch in batches for r in batch if r.partition == tp.partition] == records
    for batch in batches:
        assert batch
        assert len(batch) == 1 or sum(len(r.value) for r in batch) <= most
    stamps = [r.timestamp for batch in batches for r in batch]
    assert stamps == sorted(stamps)
    reached: dict[TopicPartition, int] = {}
    for batch in batches:
        reached |= _offsets(batch)
    assert reached == {tp: records[-1].offset + 1 for tp, records in fetched.items()}


def test_a_single_state_belongs_to_the_worker_that_has_been_up_longest() -> None:
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: {0, 1})
    members = {
        "new": ConsumerProtocolMemberMetadata(0, ["a", "b"], b"2"),
        "old": ConsumerProtocolMemberMetadata(0, ["a", "b"], b"1"),
        "newer": ConsumerProtocolMemberMetadata(0, ["a"], b"3"),
    }
    assigned = AllToOne.assign(cluster, members)
    assert assigned["old"].partitions() == [TopicPartition(t, p) for t in "ab" for p in (0, 1)]
    assert assigned["new"].partitions() == assigned["newer"].partitions() == []
