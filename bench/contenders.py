"""Processes that copy one topic to another, each in its own way: `python -m bench.contenders KIND IN OUT COUNT`.

Each prints one JSON line when COUNT messages are out and acknowledged: messages, and seconds from the first one read.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.contracts.stage import Message, OneByOne, Output
from services.runtime.health import Health
from services.runtime.metrics import Metrics
from services.runtime.runner import StageRunner
from services.runtime.settings import load_settings

BATCH = 2000
SERVERS = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")


def report(count: int, began: float, cpu: float = 0.0) -> None:
    """One line for the benchmark."""
    with open("/proc/self/status") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    line = json.dumps({"messages": count, **spent, "megabytes": resident / 1024})
    os.write(1, f"\n{line}\n".encode())  # Faust puts its own writer in the place of standard output


async def raw(source: str, target: str, count: int) -> None:
    """aiokafka as most people use it, tuned: big batches, all acknowledgements, then the offset. At least once."""
    consumer = AIOKafkaConsumer(
        source, bootstrap_servers=SERVERS, group_id=f"raw-{target}", enable_auto_commit=False,
        auto_offset_reset="earliest", max_partition_fetch_bytes=4 << 20,
    )  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=SERVERS, acks="all", max_batch_size=1 << 20)
    await consumer.start()
    await producer.start()
    done, began, cpu = 0, 0.0, 0.0
    while done < count:
        batches = await consumer.getmany(timeout_ms=500, max_records=BATCH)
        began, cpu = began or time.perf_counter(), cpu or time.process_time()
        futures = [
            await producer.send(target, record.value, record.key, headers=record.headers)
            for records in batches.values()
            for record in records
        ]
        await asyncio.gather(*futures)
        await consumer.commit()
        done += len(futures)
    report(done, began, cpu)
    await producer.stop()
    await consumer.stop()


class Copy(OneByOne):
    """Each message to the target topic."""

    def __init__(self, source: str, target: str) -> None:
        self.name = f"copy-{target}"
        self.inputs = (source,)
        self.target = target
        self.began = self.cpu = 0.0

    def process(self, message: Message) -> list[Output]:
        """The same key and value."""
        if not self.began:
            self.began, self.cpu = time.perf_counter(), time.process_time()
        return [Output(self.target, message.key.decode() if message.key else None, message.value)]


async def varta(source: str, target: str, count: int) -> None:
    """The stage runner, with CloudEvents headers on every message. Exactly once."""
    stage, metrics = Copy(source, target), Metrics()
    settings = load_settings()
    runner = StageRunner(stage, settings, metrics, Health(settings.stall_seconds))
    task = asyncio.ensure_future(runner.run())
    committed = metrics.received.labels(stage.name, source)
    while committed._value.get() < count:
        await asyncio.sleep(0.02)
    report(count, stage.began, stage.cpu)
    runner.stop()
    await task


def faust_copy(source: str, target: str, count: int) -> None:
    """A Faust agent that takes batches and awaits each send. At least once."""
    app = faust.App(
        f"faust-{target}",
        broker=f"kafka://{SERVERS}",
        value_serializer="raw",
        key_serializer="raw",
        topic_disable_leader=True,
        web_enabled=False,
        producer_acks=-1,
        consumer_auto_offset_reset="earliest",
        datadir=os.environ.get("TMPDIR", "/tmp"),
    )
    topic_in, topic_out = app.topic(source), app.topic(target)
    state = {"done": 0, "began": 0.0, "cpu": 0.0}

    @app.agent(topic_in)
    async def copy(stream: faust.StreamT[bytes]) -> None:
        async for batch in stream.take(BATCH, within=0.1):
            if not state["began"]:
                state["began"], state["cpu"] = time.perf_counter(), time.process_time()
            futures = [await topic_out.send(value=value, key=str(state["done"]).encode()) for value in batch]
            for future in futures:
                await future
            state["done"] += len(batch)
            if state["done"] >= count:
                report(int(state["done"]), state["began"], state["cpu"])
                os._exit(0)

    sys.argv[1:] = ["worker", "-l", "error"]
    app.main()


def main() -> None:
    """Run one contender."""
    kind, source, target, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    logging.disable(logging.WARNING)
    if kind == "faust":
        faust_copy(source, target, count)
    else:
        asyncio.run({"raw": raw, "varta": varta}[kind](source, target, count))


if __name__ == "__main__":
    main()
