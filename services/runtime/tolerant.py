"""Reads records whose header names are not UTF-8, which the client library refuses together with their whole batch.

Any producer can write such a record by accident, and it would hold up its partition for ever. The tolerant reader is
slower, so a process begins to use it when it meets the first such record.
"""

from __future__ import annotations

from typing import Any

import structlog
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint

log = structlog.get_logger()


def read_tolerantly() -> bool:
    """From now on read such records in this process, unreadable bytes as U+FFFD; False when that was so already."""
    if fetcher.MemoryRecords is _Records:
        return False
    fetcher.MemoryRecords = _Records
    log.warning("a record has header names that are not UTF-8: reading tolerantly from now on")
    return True


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """A record batch; records that its parent refuses are read again with replacement characters."""

    def _read_msg(self, *arguments: Any) -> Any:
        try:
            return super()._read_msg(*arguments)
        except UnicodeDecodeError:
            return self._read_anyhow()

    def _read_anyhow(self) -> Any:
        buffer: Any = self._buffer
        position: int = self._pos  # type: ignore[has-type]

        def number() -> int:
            nonlocal position
            value, position = decode_varint(buffer, position)
            return int(value)

        def data() -> bytes | None:
            nonlocal position
            length = number()
            if length < 0:
                return None
            taken = bytes(buffer[position : position + length])
            position += length
            return taken

        number()  # length
        number()  # attributes
        timestamp = self.first_timestamp + number()
        offset = self.base_offset + number()
        key, value = data(), data()
        headers = [((data() or b"").decode("utf-8", "replace"), data()) for _ in range(number())]
        self._pos = position
        return _DefaultRecordPy(offset, timestamp, self.timestamp_type, key, value, headers)


class _Records(_MemoryRecordsPy):  # type: ignore[misc]
    """The batches of one fetch."""

    def next_batch(self, *arguments: Any) -> Any:
        following = self._next_slice
        if following is not None and len(following) > self.MAGIC_OFFSET and following[self.MAGIC_OFFSET] >= 2:
            self._cache_next()
            return _Batch(following)
        return super().next_batch(*arguments)
