"""The faults. Each scenario feeds numbered messages, does its harm, and returns what came out against what went in."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from services.runtime.clients import close, make_producer
from services.runtime.embedded import EmbeddedKafka
from tests.chaos.processes import Worker
from tests.integration.kafka import Stream

# what a worker logs when it has joined the group and knows its partitions
ASSIGNED = '"assigned"'


@dataclass
class Verdict:
    """What a scenario found; `right` when nothing was lost, repeated or out of sequence."""

    scenario: str
    sent: int
    received: int
    lost: int
    repeated: int
    faults: int
    sequence: bool | None = None
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Input set equals output set, and the count is in sequence where there is one."""
        return self.lost == 0 and self.repeated == 0 and self.received == self.sent and self.sequence is not False


class Feed:
    """Sends numbered messages in the background until stopped, `rate` a second."""

    def __init__(self, stream: Stream, rate: int) -> None:
        self.stream = stream
        self.rate = rate
        self.sent = 0
        self._more = 0
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Send in small portions, each once: the producer is idempotent and waits long for a broker that is away."""
        producer = make_producer(self.stream.settings, request_timeout_ms=180_000)
        await producer.start()
        topic = f"{self.stream.name}.in"
        try:
            while not self._stop.is_set():
                more, self._more = self._more, 0
                portion = range(self.sent, self.sent + max(1, self.rate // 10) + more)
                numbers = [str(n).encode() for n in portion]
                await asyncio.gather(*[await producer.send(topic, number, number) for number in numbers])
                self.sent = portion.stop
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), 0.1)
        finally:
            await close(producer)

    async def burst(self, number: int) -> None:
        """Send so many at once, and return when they are sent."""
        self._more, wanted = number, self.sent + number
        while self.sent < wanted:
            await asyncio.sleep(0.02)

    def stop(self) -> None:
        """Finish the portion being sent."""
        self._stop.set()


@contextlib.asynccontextmanager
async def _feeding(stream: Stream, rate: int) -> AsyncIterator[Feed]:
    feed = Feed(stream, rate)
    task = asyncio.ensure_future(feed.run())
    try:
        yield feed
    finally:
        feed.stop()
        await task


@contextlib.contextmanager
def _workers(stream: Stream, kind: str, number: int) -> AsyncIterator[list[Worker]]:  # type: ignore[misc]
    workers = [
        Worker(["-m", "tests.chaos.stagehost", kind, stream.name], stream.settings).start() for _ in range(number)
    ]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.close()


async def kills(
    stream: Stream, kind: str, count: int, rate: int = 400, pause: tuple[float, float] = (0.3, 1.5)
) -> Verdict:
    """Two workers, one of them killed by kill -9 at a random moment and started again, `count` times."""
    began = time.monotonic()
    chance = random.Random(count)
    with _workers(stream, kind, 2) as workers:
        async with _feeding(stream, rate) as feed:
            await stream.read("out", 1, seconds=60, still=0)
            for _ in range(count):
                victim = chance.choice(workers)
                await asyncio.to_thread(victim.wait_for, ASSIGNED)
                await asyncio.sleep(chance.uniform(*pause))
                await asyncio.to_thread(victim.kill)
                victim.start()
        verdict = await _verdict(stream, f"{count} × kill -9 of two workers, {kind}", feed.sent, count, kind == "count")
    verdict.seconds = time.monotonic() - began
    return verdict


async def terminations(stream: Stream, kind: str, count: int, rate: int = 400) -> Verdict:
    """Two workers, one of them asked to end by SIGTERM while messages flow, and started again, `count` times."""
    began = time.monotonic()
    codes = []
    with _workers(stream, kind, 2) as workers:
        async with _feeding(stream, rate) as feed:
            await stream.read("out", 1, seconds=60, still=0)
            for turn in range(count):
                worker = workers[turn % 2]
                await asyncio.to_thread(worker.wait_for, ASSIGNED)
                await asyncio.sleep(0.7)
                codes.append(await asyncio.to_thread(worker.stop))
                worker.start()
        verdict = await _verdict(stream, f"{count} × SIGTERM of two workers, {kind}", feed.sent, count, kind == "count")
    verdict.notes.append(f"exit codes {sorted(set(codes))}")
    verdict.seconds = time.monotonic() - began
    return verdict


async def zombie(stream: Stream, rounds: int = 1, rate: int = 50) -> Verdict:
    """A worker is paused in the middle of its work for longer than its session, its partitions are taken over, and it
    wakes up and goes on with what it believes to own."""
    began = time.monotonic()
    fenced = 0
    session = stream.settings.session_timeout_ms / 1000
    with _workers(stream, "slow", 2) as workers:
        async with _feeding(stream, rate) as feed:
            await stream.read("out", 1, seconds=60, still=0)
            for worker in workers:
                await asyncio.to_thread(worker.wait_for, '"lane begins"')
            for turn in range(rounds):
                victim, heir = workers[turn % 2], workers[(turn + 1) % 2]
                before = heir.log.count('"assigned"'), victim.log.count("ProducerFenced")
                await feed.burst(1000)  # seconds of work, so that the pause hits it in the middle
                victim.send(signal.SIGSTOP)
                deadline = time.monotonic() + session + 30
                while heir.log.count('"assigned"') == before[0] and time.monotonic() < deadline:
                    await asyncio.sleep(0.1)
                await asyncio.sleep(1.0)  # the heir is at work on the zombie's partitions
                victim.send(signal.SIGCONT)
                await asyncio.sleep(session + 1)
                fenced += victim.log.count("ProducerFenced") > before[1]
        verdict = await _verdict(stream, f"{rounds} × SIGSTOP beyond the session", feed.sent, rounds, False)
    verdict.notes.append(f"fenced {fenced} of {rounds}")
    verdict.seconds = time.monotonic() - began
    return verdict


async def broker_restarts(stream: Stream, broker: EmbeddedKafka, kind: str, signs: list[signal.Signals]) -> Verdict:
    """The broker (or the nodes of a cluster in turn) stops by each of `signs` and comes back while two workers run."""
    began = time.monotonic()
    with _workers(stream, kind, 2) as workers:
        async with _feeding(stream, 200) as feed:
            await stream.read("out", 1, seconds=60, still=0)
            for turn, sign in enumerate(signs):
                await asyncio.to_thread(broker.restart, broker.nodes[turn % len(broker.nodes)], sign)
                await asyncio.sleep(2.0)
        nodes = "the broker" if len(broker.nodes) == 1 else f"one of {len(broker.nodes)} brokers"
        how = ", ".join(f"{sign.name}" for sign in dict.fromkeys(signs))
        verdict = await _verdict(
            stream, f"{len(signs)} × restart of {nodes} ({how}), {kind}", feed.sent, len(signs), kind == "count"
        )
        for worker in workers:
            assert worker.process is not None
            verdict.notes += [] if worker.process.poll() is None else ["a worker gave up"]
    verdict.seconds = time.monotonic() - began
    return verdict


async def _verdict(stream: Stream, scenario: str, sent: int, faults: int, counted: bool) -> Verdict:
    records = await stream.read("out", sent, seconds=120, still=2.0)
    values = [record.value or b"" for record in records]
    sequence = None
    if counted:
        numbers = [int(value.split()[0]) for value in values]
        sequence = numbers == list(range(1, len(numbers) + 1))
        values = [value.split()[1] for value in values]
    seen = Counter(int(value) for value in values)
    # a verdict about the workers wants an honest feed and reader
    fed = Counter(record.value for record in await stream.read("in", sent, seconds=120, still=1.0))
    places = Counter((record.partition, record.offset) for record in records)
    doubts = [f"the feed sent {sum(fed.values())}"] if sum(fed.values()) != sent else []
    doubts += ["the reader read twice"] if places and max(places.values()) > 1 else []
    return Verdict(
        scenario,
        sent=sent,
        received=len(values),
        lost=sum(1 for n in range(sent) if n not in seen),
        repeated=sum(times - 1 for times in seen.values()),
        faults=faults,
        sequence=sequence,
        notes=doubts,
    )
