"""A worker: one process that runs one or more stages until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from services.contracts import topics
from services.contracts.stage import Stage
from services.runtime.clients import close, make_admin
from services.runtime.health import Health
from services.runtime.lane import FATAL, TRANSIENT
from services.runtime.metrics import Metrics
from services.runtime.runner import StageRunner
from services.runtime.serving import Server
from services.runtime.settings import Settings

TOPIC_PATIENCE = 30.0
log = structlog.get_logger()


class MissingTopics(RuntimeError):
    """The cluster has not the topics the stages need; the message names them and the way out."""


async def run(
    stages: Sequence[Stage],
    settings: Settings,
    *,
    stop: asyncio.Event | None = None,
    started: Callable[[int], None] = lambda port: None,
) -> None:
    """Run `stages` until SIGTERM or SIGINT (or `stop` is set), then finish what was begun and leave.

    `started` is told the port of /metrics. Waits for a broker that cannot be reached yet. Raises MissingTopics,
    StageFailed (a stage broke; nothing of that batch is committed), or a Kafka error that no waiting helps against.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not the main thread
            loop.add_signal_handler(number, stop.set)
    metrics, health = Metrics(), Health(settings.stall_seconds)
    for stage in stages:  # what a stage counts by itself
        for collector in getattr(stage, "collectors", ()):
            metrics.registry.register(collector)
    server = Server(settings, metrics, health, [stage.name for stage in stages])
    log.info("worker begins", stages=[stage.name for stage in stages], metrics=f"{settings.metrics_host}:{server.port}")
    started(server.port)
    runners = [StageRunner(stage, settings, metrics, health) for stage in stages]
    ticking = asyncio.ensure_future(_tick(health))
    stopping = asyncio.ensure_future(stop.wait())
    running: list[asyncio.Future[None]] = []
    try:
        await _require_topics(stages, settings, stop)
        running = [asyncio.ensure_future(runner.run()) for runner in runners] if not stop.is_set() else []
        if running:
            waited: list[asyncio.Future[Any]] = [*running, stopping]
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for runner in runners:
            runner.stop()
        results = await asyncio.gather(*running, return_exceptions=True)
        ticking.cancel()
        stopping.cancel()
        server.stop()
        for number in signals:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        log.error("worker broke", error=f"{type(failures[0]).__name__}: {failures[0]}", exc_info=failures[0])
        raise failures[0]
    log.info("worker ends", stages=[stage.name for stage in stages])


async def _tick(health: Health) -> None:
    while True:
        health.loop_ticked = time.monotonic()
        await asyncio.sleep(0.5)


async def _require_topics(stages: Sequence[Stage], settings: Settings, stop: asyncio.Event) -> None:
    """Wait for the broker, and then at most half a minute for the topics."""
    needed = {name for stage in stages for name in (*stage.inputs, topics.dead_letters(stage.name))}
    needed |= {stage.changelog for stage in stages if hasattr(stage, "changelog")}
    missing = needed
    deadline = None
    while not stop.is_set():
        admin = None
        try:
            admin = make_admin(settings)
            await admin.start()
            missing = needed - set(await admin.list_topics())
            if not missing:
                return
            deadline = deadline or time.monotonic() + TOPIC_PATIENCE
            if time.monotonic() > deadline:
                raise MissingTopics(f"no topics {', '.join(sorted(missing))}: create them with `varta topics apply`")
            log.info("waiting for topics", missing=sorted(missing))
        except FATAL:
            raise
        except TRANSIENT as error:
            log.warning("waiting for a broker", servers=settings.kafka.bootstrap_servers, error=str(error))
        finally:
            await close(admin)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), 1.0)
