"""One lane: a producer that is fenced by its input, a consumer of that input, and one transaction after another.

Exactly once rests on four facts, in this order:

1. *Fence.* The transactional id is made of group and input, so starting the producer ends whatever an earlier owner of
   the input had open, and refuses all it may still try.
2. *Then read the committed offset*, and the changelog of a stateful stage. Nobody else can move them any more.
3. *One transaction a batch*: outputs, every acknowledgement awaited, the input's offset, commit. Readers under
   read_committed see all of it or nothing.
4. *After any error throw both clients away* and begin again at 1. Whether a commit that was cut off took place is
   answered by the committed offset, not guessed.

What happens when a step fails: before the commit, the transaction is aborted by the next fencing and the batch is done
again; after it, the committed offset has moved and the batch is not done again.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import errors as kafka
from aiokafka.structs import ConsumerRecord, TopicPartition

from services.contracts.stage import Message
from services.runtime import cloudevents
from services.runtime.clients import close, make_consumer, make_producer
from services.runtime.health import LaneHealth
from services.runtime.metrics import Metrics
from services.runtime.offsets import committed_offsets
from services.runtime.settings import Settings
from services.runtime.state import read_changelog
from services.runtime.tolerant import read_tolerantly
from services.runtime.work import Answer, Workbench
from services.runtime.writing import write

# errors of the cluster or the way to it: waiting helps, and so does beginning again. AssertionError is how aiokafka
# says that its transaction is in no state for a call.
TRANSIENT = (kafka.KafkaError, OSError, asyncio.TimeoutError, AssertionError)
# no waiting helps against these: somebody has to change permissions or configuration
FATAL = (
    kafka.TopicAuthorizationFailedError,
    kafka.GroupAuthorizationFailedError,
    kafka.ClusterAuthorizationFailedError,
    kafka.TransactionalIdAuthorizationFailed,
    kafka.AuthenticationFailedError,
    kafka.UnsupportedVersionError,
    kafka.InvalidTopicError,
)
POLL_MS = 200
LATENCY_SAMPLES = 64
# until a stage's speed is known: small, so that a slow one commits soon
FIRST_BATCH = 10
log = structlog.get_logger()


class Lane:
    """Carries the messages of `inputs` through a stage until it is stopped or cancelled.

    `changelog` is the stage's, if it has state. `compute` runs the stage off the event loop; one lane of one stage at a
    time uses a stage's state.
    """

    def __init__(
        self,
        bench: Workbench,
        inputs: Sequence[TopicPartition],
        *,
        group: str,
        transactional_id: str,
        changelog: TopicPartition | None,
        compute: Executor,
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        self.bench = bench
        self.stage = bench.stage.name
        self.inputs = sorted(inputs)
        self.group = group
        self.transactional_id = transactional_id
        self.changelog = changelog
        self.compute = compute
        self.settings = settings
        self.metrics = metrics
        self.health = LaneHealth(self.stage, [f"{tp.topic}/{tp.partition}" for tp in self.inputs])
        self.stopping = asyncio.Event()
        self._rate = 0.0
        self._newest: dict[TopicPartition, int] = {}
        self._labels = {tp: (self.stage, tp.topic, str(tp.partition)) for tp in self.inputs}

    def stop(self) -> None:
        """Ask the lane to end after the transaction it is in."""
        self.stopping.set()

    async def run(self) -> None:
        """Work until stopped. Raises StageFailed or a FATAL error; everything else is tried again."""
        failures = 0
        while not self.stopping.is_set():
            producer = consumer = None
            began = time.monotonic()
            try:
                producer = make_producer(self.settings, transactional_id=self.transactional_id)
                await producer.start()  # 1. fence
                consumer = make_consumer(self.settings)
                await self._take_up(consumer)  # 2. then read where we are
                self.health.ready = True
                await self._transactions(consumer, producer)  # 3.
            except FATAL:
                raise
            except UnicodeDecodeError:
                if not read_tolerantly():
                    raise
            except TRANSIENT as error:
                failures = 1 if time.monotonic() - began > 30 else failures + 1
                self.metrics.aborts.labels(self.stage, type(error).__name__).inc()
                await self._pause(error, failures)
            finally:
                self.health.ready = False
                self.metrics.in_progress.labels(self.stage).set(0)
                await close(producer, consumer)  # 4.
        for labels in self._labels.values():
            self.metrics.forget_partition(labels)

    async def _pause(self, error: BaseException, failures: int) -> None:
        """Wait before beginning again; longer when another owner fenced us, so that the group can tell us so."""
        seconds = min(5.0, 0.1 * 2 ** min(failures, 6)) * random.uniform(0.7, 1.0)
        if isinstance(error, kafka.ProducerFenced):
            seconds = max(seconds, self.settings.heartbeat_interval_ms / 1000 * 1.5)
        log.warning(
            "begin again",
            stage=self.stage,
            inputs=self.health.inputs,
            error=f"{type(error).__name__}: {error}",
            failures=failures,
            wait_seconds=round(seconds, 2),
        )
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _take_up(self, consumer: AIOKafkaConsumer) -> None:
        """Restore the state, and put the consumer where the last committed transaction ended."""
        if self.changelog is not None:
            await self._restore(self.changelog)
        await consumer.start()
        first = await consumer.beginning_offsets(self.inputs)
        start = {}
        for tp, offset in (await committed_offsets(self.settings, self.group, self.inputs)).items():
            start[tp] = first[tp] if offset is None else offset
            if offset is not None and offset < first[tp]:
                lost = first[tp] - offset
                log.error("messages expired before they were read", topic=tp.topic, partition=tp.partition, lost=lost)
                self.metrics.expired.labels(self.stage, tp.topic).inc(lost)
                start[tp] = first[tp]
        # no await between these: the fetcher must not look for a position of its own
        consumer.assign(self.inputs)
        for tp, offset in start.items():
            consumer.seek(tp, offset)
        log.info("lane begins", stage=self.stage, at={f"{tp.topic}/{tp.partition}": o for tp, o in start.items()})

    async def _restore(self, changelog: TopicPartition) -> None:
        changes = await read_changelog(self.settings, changelog)
        stage = self.bench.stage

        def fold() -> None:
            stage.reset()  # type: ignore[attr-defined]
            stage.restore(changes)  # type: ignore[attr-defined]

        await asyncio.get_running_loop().run_in_executor(self.compute, fold)
        self.metrics.restored.labels(self.stage).set(len(changes))
        log.info("state restored", stage=self.stage, changelog=changelog.topic, records=len(changes))

    async def _transactions(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        """Batch after batch until stopped."""
        while not self.stopping.is_set():
            fetched = await consumer.getmany(*self.inputs, timeout_ms=POLL_MS, max_records=self._limit())
            self.health.tick()
            if not fetched:
                await self._note_lag(consumer)
                continue
            for batch in _batches(fetched, self.settings.batch_max_bytes):
                if self.stopping.is_set():
                    return
                await self._transaction(producer, batch)
            await self._note_lag(consumer)

    async def _transaction(self, producer: AIOKafkaProducer, batch: list[ConsumerRecord]) -> None:
        messages = [_message(record) for record in batch]
        self.metrics.in_progress.labels(self.stage).set(len(messages))
        self.health.busy = True
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self.compute, self.bench.answer, messages)
        began = time.perf_counter()
        await producer.begin_transaction()
        acknowledged = await write(producer, answer.records)
        # side by side, and all of it before the commit: any failure leaves the transaction without one
        await asyncio.gather(*acknowledged, producer.send_offsets_to_transaction(_offsets(batch), self.group))
        await producer.commit_transaction()
        self.metrics.transaction.labels(self.stage).observe(time.perf_counter() - began)
        self.health.busy = False
        self.health.progress()
        self._account(messages, answer)

    def _limit(self) -> int:
        """Most messages of the next batch: as many as the stage manages in the time a batch may take."""
        if not self._rate:
            return min(self.settings.batch_max_messages, FIRST_BATCH)
        return max(1, min(self.settings.batch_max_messages, int(self._rate * self.settings.batch_max_ms / 1000)))

    def _account(self, messages: list[Message], answer: Answer) -> None:
        """Metrics and log lines of a committed batch."""
        m, stage = self.metrics, self.stage
        rate = len(messages) / max(answer.seconds, 1e-6)
        self._rate = rate if not self._rate else 0.7 * self._rate + 0.3 * rate
        for topic, count in Counter(message.topic for message in messages).items():
            m.received.labels(stage, topic).inc(count)
        for topic, count in answer.published.items():
            m.published.labels(stage, topic).inc(count)
        m.processing.observe(stage, answer.seconds / len(messages), len(messages))
        m.batch_size.labels(stage).observe(len(messages))
        m.in_progress.labels(stage).set(0)
        now = time.time()
        m.last_processed.labels(stage).set(now)
        for message in messages[:: max(1, len(messages) // LATENCY_SAMPLES)]:
            if message.value is not None:
                m.end_to_end.observe(stage, max(0.0, now - cloudevents.received_ms(message) / 1000))
        for sent in answer.heartbeats:
            m.heartbeat(stage, sent)
        for message, reject in answer.rejected:
            m.rejected.labels(stage, message.topic, m.code(reject.code)).inc()
            log.warning(
                "rejected",
                article=message.key.decode("utf-8", "replace") if message.key else None,
                stage=stage,
                topic=message.topic,
                partition=message.partition,
                offset=message.offset,
                code=reject.code,
                why=reject.why[:300],
            )
        last = messages[-1]
        self._newest[TopicPartition(last.topic, last.partition)] = last.timestamp_ms
        log.debug(
            "committed", stage=stage, topic=last.topic, partition=last.partition, offset=last.offset, n=len(messages)
        )

    async def _note_lag(self, consumer: AIOKafkaConsumer) -> None:
        waiting = 0
        for tp in self.inputs:
            end = consumer.last_stable_offset(tp)
            if end is None:
                continue
            lag = max(0, end - await consumer.position(tp))
            waiting += lag
            self.metrics.lag.labels(*self._labels[tp]).set(lag)
            age = time.time() - self._newest[tp] / 1000 if lag and tp in self._newest else 0.0
            self.metrics.lag_seconds.labels(*self._labels[tp]).set(max(0.0, age))
        self.health.waiting = waiting


def _message(record: ConsumerRecord) -> Message:
    return Message(
        record.value, record.key, tuple(record.headers), record.topic, record.partition, record.offset, record.timestamp
    )


def _batches(fetched: dict[TopicPartition, list[ConsumerRecord]], most_bytes: int) -> Iterator[list[ConsumerRecord]]:
    """Batches of at most `most_bytes` of values (or one larger record); several partitions merge by time."""
    parts = list(fetched.values())
    records = parts[0] if len(parts) == 1 else list(heapq.merge(*parts, key=lambda record: record.timestamp))
    batch: list[ConsumerRecord] = []
    size = 0
    for record in records:
        length = len(record.value) if record.value is not None else 0
        if batch and size + length > most_bytes:
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    yield batch


def _offsets(batch: list[ConsumerRecord]) -> dict[TopicPartition, int]:
    """Where to go on after this batch, for each partition in it."""
    last = {(record.topic, record.partition): record.offset for record in batch}
    return {TopicPartition(topic, partition): offset + 1 for (topic, partition), offset in last.items()}
