"""Keys go where Kafka's own clients put them."""

from __future__ import annotations

from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.partitioning import murmur2, partition_of


@given(st.binary(max_size=70))
def test_murmur2_is_that_of_other_clients(key: bytes) -> None:
    assert murmur2(key) == reference(key) & 0xFFFFFFFF


def test_no_key_goes_anywhere() -> None:
    assert {partition_of(None, 3) for _ in range(200)} == {0, 1, 2}
