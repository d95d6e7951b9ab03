"""Runs one stage: a group consumer that is told which partitions are ours, and a lane for each of them.

A stateless stage has one lane a partition, so workers and partitions scale it. A stateful stage has one lane for each
partition of its changelog: with one, a single worker carries all inputs in one order and others stand by; with as many
as its inputs have, each lane has its own copy of the stage.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import errors as kafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.structs import TopicPartition

from services.contracts import topics
from services.contracts.stage import Stage
from services.runtime import heartbeat
from services.runtime.assigning import AllToOne
from services.runtime.clients import close, make_consumer, make_producer
from services.runtime.health import Health
from services.runtime.lane import FATAL, TRANSIENT, Lane
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.runtime.topics import partition_counts
from services.runtime.work import Workbench
from services.runtime.writing import write

log = structlog.get_logger()


class StageRunner(ConsumerRebalanceListener):  # type: ignore[misc]
    """Carries one stage's messages until stopped; `services.runtime.lane` says why each takes effect once."""

    def __init__(self, stage: Stage, settings: Settings, metrics: Metrics, health: Health) -> None:
        self.stage = stage
        self.settings = settings
        self.metrics = metrics
        self.health = health
        self.group = settings.group(stage.name)
        self.changelog: str | None = getattr(stage, "changelog", None)
        self.stopping = asyncio.Event()
        self._failed: asyncio.Future[None] | None = None
        self._tasks: dict[asyncio.Task[None], Lane] = {}
        # one thread: a stage is never asked two things at once, and its state has one owner
        self._compute = ThreadPoolExecutor(max_workers=1, thread_name_prefix=stage.name)
        self._consumer: AIOKafkaConsumer | None = None
        self._heartbeats: asyncio.Task[None] | None = None
        self._state_partitions = 0

    def stop(self) -> None:
        """Ask for an orderly end."""
        self.stopping.set()

    async def run(self) -> None:
        """Work until stopped. Raises StageFailed when the stage breaks, and errors that no waiting helps against."""
        self._failed = asyncio.get_running_loop().create_future()
        try:
            while not self.stopping.is_set():
                try:
                    await self._as_member()
                except FATAL:
                    raise
                except TRANSIENT as error:
                    log.warning("group lost", stage=self.stage.name, error=f"{type(error).__name__}: {error}")
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(self.stopping.wait(), 1.0)
        finally:
            self._compute.shutdown(wait=False, cancel_futures=True)

    async def _as_member(self) -> None:
        """Join the group and stay in it; lanes start and stop as partitions come and go."""
        assert self._failed is not None
        one_owner = await self._one_owner()
        consumer = self._consumer = make_consumer(
            self.settings,
            group_id=self.group,
            session_timeout_ms=self.settings.session_timeout_ms,
            heartbeat_interval_ms=self.settings.heartbeat_interval_ms,
            # others wait at most so long for our lanes to finish what they have begun
            rebalance_timeout_ms=int(self.settings.stop_seconds * 1000) + 5000,
            partition_assignment_strategy=(AllToOne,) if one_owner else self._strategy(),
            # this consumer holds the membership and reads nothing: each lane has its own
            max_partition_fetch_bytes=1,
            auto_offset_reset="latest",
        )
        stopped = asyncio.ensure_future(self.stopping.wait())
        try:
            await consumer.start()
            consumer.subscribe(list(self.stage.inputs), listener=self)
            while not self.stopping.is_set():
                member = asyncio.ensure_future(consumer.getmany(timeout_ms=1000))
                await asyncio.wait([member, stopped, self._failed], return_when=asyncio.FIRST_COMPLETED)
                if self._failed.done():
                    self._failed.result()
                if member.done():
                    member.result()  # raises what went wrong with the group
                else:
                    member.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await member
        finally:
            stopped.cancel()
            await self._end_lanes()
            await close(consumer, seconds=10)
            self._consumer = None

    def _strategy(self) -> tuple[type, ...]:
        # copies of state follow partition numbers, which only the range assignor keeps together over topics
        return (RangePartitionAssignor,) if self.changelog else (RoundRobinPartitionAssignor,)

    async def _one_owner(self) -> bool:
        """True for a stage whose whole state is one partition."""
        if self.changelog is None:
            return False
        self._state_partitions = (await partition_counts(self.settings)).get(self.changelog, 0)
        if not self._state_partitions:
            raise kafka.UnknownTopicOrPartitionError(f"no changelog topic {self.changelog}")
        return self._state_partitions == 1

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Finish the transactions under way, before the group gives the partitions to somebody else."""
        self.health.left(self.stage.name)
        await self._end_lanes()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Start a lane for each of our partitions (or for all of them, where the state is one)."""
        assert self._consumer is not None
        if assigned:
            self._consumer.pause(*assigned)
        await self._end_lanes()
        if self.stopping.is_set():
            return
        lanes = list(self._lanes(assigned))
        for lane in lanes:
            task = asyncio.ensure_future(lane.run())
            self._tasks[task] = lane
            task.add_done_callback(self._lane_ended)
        self.metrics.assigned.labels(self.stage.name).set(len(assigned))
        self.health.joined(self.stage.name, [lane.health for lane in lanes])
        if self.settings.heartbeat_seconds and TopicPartition(topics.RAW, 0) in assigned:
            self._heartbeats = asyncio.ensure_future(self._send_heartbeats())
        log.info("assigned", stage=self.stage.name, partitions=sorted(f"{tp.topic}/{tp.partition}" for tp in assigned))

    def _lanes(self, assigned: set[TopicPartition]) -> Iterator[Lane]:
        groups: dict[tuple[str, int], list[TopicPartition]] = defaultdict(list)
        for tp in assigned:
            if self.changelog is None:
                groups[tp.topic, tp.partition].append(tp)
            else:
                groups[self.changelog, tp.partition if self._state_partitions > 1 else 0].append(tp)
        for (name, number), inputs in sorted(groups.items()):
            stage = self.stage
            if self.changelog is not None and self._state_partitions > 1:
                stage = copy.deepcopy(self.stage)
            yield Lane(
                Workbench(stage, self.settings.max_message_bytes, number if self.changelog else None),
                inputs,
                group=self.group,
                transactional_id=f"{self.group}.{name}.{number}",
                changelog=TopicPartition(self.changelog, number) if self.changelog else None,
                compute=self._compute,
                settings=self.settings,
                metrics=self.metrics,
            )

    def _lane_ended(self, task: asyncio.Task[None]) -> None:
        """A lane that broke ends the whole runner, before anything of its batch is committed."""
        self._tasks.pop(task, None)
        if task.cancelled() or self._failed is None or self._failed.done():
            return
        error = task.exception()
        if error is not None:
            self._failed.set_exception(error)

    async def _end_lanes(self) -> None:
        """Let lanes finish their transactions; those that take too long are cut off, and fenced by the next owner."""
        if self._heartbeats is not None:
            self._heartbeats.cancel()
            self._heartbeats = None
        tasks = dict(self._tasks)
        if not tasks:
            return
        for lane in tasks.values():
            lane.stop()
        _, late = await asyncio.wait(tasks, timeout=self.settings.stop_seconds)
        for task in late:
            log.warning("lane cut off", stage=self.stage.name, inputs=tasks[task].health.inputs)
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=10)
        self.metrics.assigned.labels(self.stage.name).set(0)

    async def _send_heartbeats(self) -> None:
        """A heartbeat into the first topic every `heartbeat_seconds`, by whoever owns its partition 0."""
        import time

        while True:
            producer = make_producer(self.settings)
            try:
                await producer.start()
                while True:
                    for acknowledged in await write(producer, [heartbeat.new_heartbeat(int(time.time() * 1000))]):
                        await acknowledged
                    await asyncio.sleep(self.settings.heartbeat_seconds)
            except TRANSIENT as error:
                log.warning("heartbeat not sent", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(self.settings.heartbeat_seconds)
            finally:
                await close(producer)
