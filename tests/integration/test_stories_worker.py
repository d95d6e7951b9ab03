"""The stories worker on a real Kafka: its state outlives kill -9."""

from __future__ import annotations

from tests.chaos.stories import kills
from tests.integration.kafka import Stream


async def test_kill_9_of_the_stories_worker_changes_nothing(stream: Stream) -> None:
    verdict = await kills(stream, number=240, count=2)
    assert verdict.kills == 2
    assert verdict.stories > 1
    assert verdict.differences == []
