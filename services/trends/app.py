"""The Faust app: events.resolved in, trends.updated out, with every event's contribution in a table.

Faust is at least once, so every step can be repeated. For each group of inputs, in this order:
1. the figures of all touched cells are sent and acknowledged;
2. the new records of the events are written to the table's changelog and acknowledged;
3. the inputs are acked, so that their offsets may be committed.
A crash after 1 leaves the old records: the inputs come again, and the same cells are counted and sent anew. A crash
after 2 does the same with the new records in place: putting a record twice changes nothing.

The table is keyed by event and a window is part of each contribution, not of the table: one message moves an event
between windows of the past, which Faust's window wrapper, bound to the time of the message at hand, cannot write.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import aiokafka
import faust
import structlog
from faust.auth import SASLCredentials, SSLCredentials
from faust.transport.drivers import aiokafka as driver
from pydantic import ValidationError
from yarl import URL

from services.contracts import topics
from services.contracts.resolved import ResolvedEvent
from services.contracts.stage import Message, Reject
from services.runtime.cloudevents import origin_of, output_headers, timestamp
from services.runtime.deadletters import dead_letter
from services.runtime.health import Health, LaneHealth
from services.runtime.heartbeat import is_heartbeat
from services.runtime.metrics import Metrics
from services.runtime.records import Record as Sent
from services.runtime.settings import Settings
from services.trends.counting import Counts
from services.trends.record import Cell, Record, pack, record, unpack

log = structlog.get_logger()

STAGE = "trends"
KEPT = timedelta(days=400)  # events older than the newest by so much are forgotten, and not counted any more
GROUP = 500  # inputs whose figures are told together
PATIENCE = 0.3  # seconds a group may wait to fill


class _ReadCommitted(driver.AIOKafkaConsumerThread):
    """Stories write in transactions; what an aborted one wrote must not be counted."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        return consumer


class _Consumer(driver.Consumer):
    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _ReadCommitted(self, loop=self.loop, beacon=self.beacon)


class Transport(driver.Transport):
    """Faust's Kafka transport, reading only what is committed."""

    Consumer = _Consumer


class Trends:
    """The app with its table and counts; `app` is what Faust's worker runs."""

    def __init__(self, settings: Settings, metrics: Metrics, health: Health) -> None:
        self.settings, self.metrics = settings, metrics
        self.counts = Counts()
        self.newest = datetime.min.replace(tzinfo=UTC)
        self.lane = LaneHealth(STAGE, [topics.RESOLVED])
        self.app = app = _app(settings)
        self._inputs = app.topic(topics.RESOLVED, key_serializer="raw", value_serializer="raw", allow_empty=True)
        self.table = app.Table(
            "records",
            partitions=1,
            use_partitioner=True,
            changelog_topic=app.topic(topics.TRENDS_STATE, partitions=1, compacting=True, retention=None),
            on_recover=self._restore,
            help="what each resolved event contributes",
        )
        app.agent(self._inputs, name=STAGE, concurrency=1)(self._agent)

        @app.on_partitions_assigned.connect
        async def assigned(*arguments: Any, **kwargs: Any) -> None:
            metrics.assigned.labels(STAGE).set(sum(tp.topic == topics.RESOLVED for tp in arguments[1]))
            health.joined(STAGE, [self.lane])
            self.lane.ready = True

    def _restore(self) -> None:
        """The counts are a function of the table; called whenever it has been read anew."""
        self.counts = Counts()
        for event_id, stored in list(self.table.items()):
            kept = unpack(stored)
            self.counts.put(event_id, kept)
            self.newest = max([self.newest, *(start for _, start in kept.reports)])
        self.metrics.restored.labels(STAGE).set(len(self.counts.records))
        log.info("state restored", stage=STAGE, records=len(self.counts.records))

    async def _agent(self, stream: Any) -> None:
        async for events in stream.noack_take(GROUP, within=PATIENCE):
            try:
                await self._group(events)
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                # Faust would log this, ack the inputs and go on; they must stay unread until somebody has mended it
                log.critical("trends broke", stage=STAGE, error=f"{type(error).__name__}: {error}", exc_info=error)
                os._exit(1)
            for event in events:
                await stream.ack(event)

    async def _group(self, events: list[Any]) -> None:
        """Count a group of inputs; everything it changes is acknowledged by the broker when this returns."""
        began = time.monotonic()
        self.lane.busy = True
        touched: set[Cell] = set()
        changed: dict[str, Record] = {}
        letters: list[Sent] = []
        last: Message | None = None
        for message in map(_message, events):
            if is_heartbeat(message.headers):
                continue
            last = message
            try:
                event = _read(message)
            except Reject as reject:
                self.metrics.rejected.labels(STAGE, message.topic, self.metrics.code(reject.code)).inc()
                room = self.settings.max_message_bytes
                letters.append(dead_letter(message, STAGE, reject, int(time.time() * 1000), room))
                continue
            if event is None:
                event_id, new = (message.key or b"").decode("utf-8", "replace"), Record(0.0, (), {})
            else:
                event_id, new = event.id, self._within(record(event))
            touched |= self.counts.put(event_id, new)
            changed[event_id] = new
        if last is not None:
            await self._send([*self._figures(touched, last), *letters])
            await self._keep(changed)
        self.metrics.received.labels(STAGE, topics.RESOLVED).inc(len(events))
        self.metrics.batch_size.labels(STAGE).observe(len(events))
        self.metrics.processing.observe(STAGE, (time.monotonic() - began) / len(events), len(events))
        self.metrics.last_processed.labels(STAGE).set_to_current_time()
        self.lane.busy = False
        self.lane.progress()

    def _within(self, new: Record) -> Record:
        """Without reports that are too old to be kept."""
        self.newest = max([self.newest, *(start for _, start in new.reports)])
        if self.newest.year <= 2:
            return new
        oldest = self.newest - KEPT
        return new._replace(reports={place: c for place, c in new.reports.items() if place[1] >= oldest})

    def _figures(self, touched: set[Cell], cause: Message) -> list[Sent]:
        """The messages of all touched cells, in a fixed order."""
        now, origin = timestamp(int(time.time() * 1000)), origin_of(cause)
        sent = []
        for cell in sorted(touched):
            trend = self.counts.trend(cell)
            key = "|".join((trend.window, trend.start, trend.dimension, trend.value))
            value = trend.model_dump_json().encode()
            headers = output_headers(
                topics.TRENDS, key.encode(), value, source="/varta/trends", type_="trend.updated", subject=key,
                time=now, origin=origin,
            )  # fmt: skip
            sent.append(Sent(topics.TRENDS, key.encode(), value, headers))
        self.metrics.published.labels(STAGE, topics.TRENDS).inc(len(sent))
        return sent

    async def _send(self, records: list[Sent]) -> None:
        producer = self.app.producer
        acknowledged = [
            await producer.send(r.topic, r.key, r.value, 0 if r.topic == topics.TRENDS else None, None, dict(r.headers))
            for r in records
        ]
        await producer.flush()
        for future in acknowledged:
            await future

    async def _keep(self, changed: dict[str, Record]) -> None:
        """Write the new records and forget the old ones; an event that counts nowhere leaves the table."""
        futures = []
        gone = self.counts.forget(self.newest - KEPT) if self.newest.year > 2 else []
        for event_id in [*changed, *(e for e in gone if e not in changed)]:
            kept = self.counts.records.get(event_id)
            if kept is not None:
                self.table.data[event_id] = pack(kept)
                futures.append(self.table.send_changelog(0, event_id, pack(kept)))
            elif event_id in self.table.data:
                del self.table.data[event_id]
                futures.append(self.table.send_changelog(0, event_id, None, value_serializer="raw"))
        await self.app.producer.flush()
        for future in futures:
            await future


def _app(settings: Settings) -> faust.App:
    options = settings.kafka.client_options()
    credentials: Any = None
    context: Any = options.get("ssl_context")
    if "sasl_mechanism" in options:
        credentials = SASLCredentials(
            mechanism=options["sasl_mechanism"],
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            ssl_context=context,
        )
    elif context is not None:
        credentials = SSLCredentials(context)
    urls = [URL(f"kafka://{server}") for server in options["bootstrap_servers"]]
    app = faust.App(
        settings.group(STAGE),
        broker=urls,
        broker_credentials=credentials,
        broker_session_timeout=settings.session_timeout_ms / 1000,
        broker_heartbeat_interval=settings.heartbeat_interval_ms / 1000,
        broker_commit_interval=1.0,
        store="memory://",
        consumer_auto_offset_reset="earliest",
        topic_partitions=1,
        topic_disable_leader=True,
        topic_allow_declare=False,  # `varta topics apply` declares every topic, this one's changelog among them
        producer_acks=-1,
        producer_compression_type=None if settings.compression == "none" else settings.compression,
        table_standby_replicas=0,
        web_enabled=False,
        loghandlers=[],
    )
    app.transport = Transport(urls, app, loop=app.loop)
    return app


def _message(event: Any) -> Message:
    raw = event.message
    headers = raw.headers.items() if isinstance(raw.headers, dict) else raw.headers or ()
    return Message(
        value=raw.value,
        key=raw.key,
        headers=tuple((n, v) for n, v in headers),
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        timestamp_ms=int((raw.timestamp or 0) * 1000),
    )


def _read(message: Message) -> ResolvedEvent | None:
    """The resolved event; None for a tombstone."""
    if message.value is None:
        return None
    try:
        return ResolvedEvent.model_validate_json(message.value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the value"
        raise Reject("bad-event", f"expected a resolved event: {where}: {first['msg']}") from error


def run(settings: Settings, port_file: Any = None) -> int:
    """Run the app until SIGTERM; returns the exit code."""
    from services.runtime.serving import Server

    metrics, health = Metrics(), Health(settings.stall_seconds)
    server = Server(settings, metrics, health, [STAGE])
    if port_file is not None:
        partial = port_file.with_suffix(".part")
        partial.write_text(str(server.port))
        partial.replace(port_file)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    trends = Trends(settings, metrics, health)

    async def tick() -> None:
        while True:
            health.loop_ticked = time.monotonic()
            trends.lane.tick()
            await asyncio.sleep(0.5)

    ticking = loop.create_task(tick())
    log.info("worker begins", stages=[STAGE], metrics=f"{settings.metrics_host}:{server.port}")
    worker = faust.Worker(trends.app, loop=loop, loglevel="WARN", redirect_stdouts=False, quiet=True)
    try:
        worker.execute_from_commandline()
    except SystemExit as exit_:
        return int(exit_.code or 0)
    finally:
        ticking.cancel()
        server.stop()
    return 0
