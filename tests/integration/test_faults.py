"""Faults against worker processes, in short; `make chaos` does them at length."""

from __future__ import annotations

import signal

import pytest

from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import Settings
from tests.chaos import scenarios
from tests.integration.kafka import Stream


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sessions as short as the broker allows, so that faults are noticed quickly."""
    return settings.model_copy(update={"session_timeout_ms": 1500, "batch_max_messages": 200})


@pytest.mark.parametrize("kind", ["pass", "count"])
async def test_kill_9_loses_and_repeats_nothing(stream: Stream, kind: str) -> None:
    verdict = await scenarios.kills(stream, kind, count=4)
    assert verdict.right, verdict


async def test_sigterm_ends_in_order_and_repeats_nothing(stream: Stream) -> None:
    verdict = await scenarios.terminations(stream, "pass", count=3)
    assert verdict.right, verdict
    assert verdict.notes == ["exit codes [0]"]


async def test_a_worker_that_slept_through_its_session_is_fenced(stream: Stream) -> None:
    verdict = await scenarios.zombie(stream)
    assert verdict.right, verdict
    assert verdict.notes == ["fenced 1 of 1"]


async def test_a_restart_of_the_broker_is_waited_for(stream: Stream, broker: EmbeddedKafka) -> None:
    verdict = await scenarios.broker_restarts(stream, broker, "pass", [signal.SIGTERM])
    assert verdict.right, verdict
    assert verdict.notes == []
