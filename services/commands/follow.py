"""Follow replayed articles through the stream: every one must end as a tagged article, as another language, or dead.

Articles are recognised by their trace (`traceparent` is carried through all stages and kept in dead letters).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.contracts import topics
from services.runtime.clients import close, make_consumer
from services.runtime.deadletters import read_reason
from services.runtime.groups import partitions
from services.runtime.heartbeat import is_heartbeat
from services.runtime.settings import Settings

ENDS = (topics.TAGGED, topics.OTHER)
QUIET_SECONDS = 1.0


@dataclass(slots=True)
class Followed:
    """What came through: records by topic, and which articles have ended how."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        """Messages by topic."""
        return Counter({name: len(found) for name, found in self.records.items()})

    def dead(self) -> list[Any]:
        """Dead letters of all stages."""
        return [r for name, found in self.records.items() if name.endswith(".dlq") for r in found]


class Follower:
    """Reads all topics from where they stood when it was started."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.consumer = make_consumer(settings, auto_offset_reset="earliest")
        self.found = Followed()

    async def start(self) -> None:
        """Remember the present ends; call it before the first article is sent."""
        known = await partitions(self.settings)
        places = [place for topic in topics.TOPICS for place in known.get(topic.name, ())]
        await self.consumer.start()
        self.consumer.assign(places)
        for place, end in (await self.consumer.end_offsets(places)).items():
            self.consumer.seek(place, end)

    async def until_ended(
        self, articles: int, seconds: float, settled: Callable[[Followed], bool] = lambda _: True
    ) -> Followed:
        """Read until `articles` have ended, all is `settled` and the topics are quiet, or `seconds` are over.

        `settled` is asked now and then and may raise, for example when a worker has died.
        """
        deadline = time.monotonic() + seconds
        quiet_since = time.monotonic()
        while time.monotonic() < deadline:
            batches = await self.consumer.getmany(timeout_ms=200)
            for place, records in batches.items():
                for record in records:
                    if self._take(place.topic, record):
                        quiet_since = time.monotonic()
            if not settled(self.found):
                quiet_since = time.monotonic()
            if len(self.found.ended) >= articles and time.monotonic() - quiet_since > QUIET_SECONDS:
                break
        return self.found

    async def stop(self) -> None:
        """Close the consumer."""
        await close(self.consumer)

    def _take(self, topic: str, record: Any) -> bool:
        """Keep a record; False for a heartbeat, which comes in the quietest hour."""
        if is_heartbeat(record.headers):
            return False
        self.found.records.setdefault(topic, []).append(record)
        trace = trace_of(record)
        dead = topic.endswith(".dlq") and read_reason(record.headers).topic != topics.TAGGED
        if topic in ENDS or dead:
            self.found.ended[trace] = topic
        return True


def trace_of(record: Any) -> str:
    """The trace id of a record, empty when it has none."""
    value = next((data for name, data in record.headers if name == "traceparent"), b"")
    parts = value.decode("ascii", "replace").split("-")
    return parts[1] if len(parts) == 4 else ""
