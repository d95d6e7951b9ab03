"""Which partition a key belongs to: murmur2, as Kafka's own clients have it, so that any client finds the same one."""

from __future__ import annotations

import random
from functools import lru_cache
from struct import Struct

_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def partition_of(key: bytes | None, partitions: int) -> int:
    """The partition for a key; any, where there is no key."""
    if partitions == 1:
        return 0
    if key is None:
        return random.randrange(partitions)
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """The 32-bit murmur2 hash, with the seed Kafka uses."""
    length = len(data)
    h = 0x9747B28C ^ length
    words = length & ~3
    for k in _words(words).unpack_from(data):
        k = k * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if words < length:
        h = (h ^ int.from_bytes(data[words:], "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


@lru_cache(maxsize=256)
def _words(length: int) -> Struct:
    return Struct(f"<{length // 4}I")
