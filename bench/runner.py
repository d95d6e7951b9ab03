"""Pass-through: the stage runner (exactly once) against raw aiokafka and Faust (at least once), in the same run.

`python -m bench.runner [--messages N] [--rounds R]` prints the table and writes bench/runner.md. The goal:
at least half of raw aiokafka, at least eight times Faust.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from services.contracts.topics import Topic
from services.runtime import topics as cluster
from services.runtime.clients import close, make_producer
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import KafkaSettings, Settings

FEWER = 10  # Faust gets this part of the messages, so that a round does not last minutes
HERE = Path(__file__).parent
BODY = os.urandom(512).hex().encode()  # 1 kB that does not compress to nothing
NAMES = {
    "raw": "aiokafka alone, at least once",
    "varta": "Varta's runner, exactly once",
    "faust": "Faust, at least once",
}


async def _fill(settings: Settings, topic: str, count: int) -> None:
    await cluster.apply(settings, [Topic(topic, "", partitions=4)])
    producer = make_producer(settings)
    await producer.start()
    try:
        for start in range(0, count, 5000):
            numbers = range(start, min(count, start + 5000))
            futures = [await producer.send(topic, BODY, f"article-{n}".encode()) for n in numbers]
            await asyncio.gather(*futures)
    finally:
        await close(producer)


def _contend(kind: str, source: str, target: str, count: int, settings: Settings) -> dict[str, float]:
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers}
    done = subprocess.run(
        [sys.executable, "-m", "bench.contenders", kind, source, target, str(count)],
        capture_output=True, text=True, env=environment, cwd=HERE.parent, timeout=300,
    )  # fmt: skip
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            return dict(json.loads(line))
    raise RuntimeError(f"{kind} reported nothing:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def measure(messages: int, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Rounds of all contenders, one after the other, so that a busy moment of the machine meets all of them."""
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in NAMES}
    with EmbeddedKafka(quick=False, heap="1g", say=print) as broker:
        settings = Settings(kafka=KafkaSettings(bootstrap_servers=broker.bootstrap))
        few = messages // FEWER
        asyncio.run(_fill(settings, "bench.many", messages))
        asyncio.run(_fill(settings, "bench.few", few))
        for turn in range(rounds):
            for kind in NAMES:
                source, count = ("bench.few", few) if kind == "faust" else ("bench.many", messages)
                target = f"bench.{kind}.{turn}"
                wanted = [Topic(target, "", partitions=4), Topic(f"copy-{target}.dlq", "", partitions=1)]
                asyncio.run(cluster.apply(settings, wanted))
                result = _contend(kind, source, target, count, settings)
                found[kind].append(result)
                print(f"{NAMES[kind]}: {result['messages'] / result['seconds']:,.0f}/s", flush=True)
    return found


def table(found: dict[str, list[dict[str, float]]], messages: int, rounds: int) -> str:
    """The medians and ratios in Markdown."""

    def median(kind: str, what: str) -> float:
        return statistics.median(run["messages"] / run[what] for run in found[kind])

    def ratio(kind: str, what: str) -> float:
        # those of one round met the same moment of the machine
        pairs = zip(found["varta"], found[kind], strict=True)
        return statistics.median((v["messages"] / v[what]) / (o["messages"] / o[what]) for v, o in pairs)

    lines = [
        "# Pass-through of the runner",
        "",
        f"`python -m bench.runner --messages {messages} --rounds {rounds}` on {time.strftime('%F', time.gmtime())}, "
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: {messages:,} messages of 1 kB "
        f"(Faust {messages // FEWER:,}), 4 partitions, one process, Apache Kafka 4.3.1 (embedded, same machine), "
        f"Python {platform.python_version()}. Medians of {rounds} rounds; the ratios are of runs in the same round.",
        "",
        "| | messages/s | per second of its own CPU | memory | the runner has |",
        "|---|---:|---:|---:|---|",
    ]
    for kind, name in NAMES.items():
        memory = max(run["megabytes"] for run in found[kind])
        against = (
            "" if kind == "varta" else f"{ratio(kind, 'seconds'):.2f} × as many ({ratio(kind, 'cpu'):.2f} × by CPU)"
        )
        lines.append(
            f"| {name} | {median(kind, 'seconds'):,.0f} | {median(kind, 'cpu'):,.0f} | {memory:.0f} MB | {against} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "runner.md")
    arguments = parser.parse_args()
    text = table(measure(arguments.messages, arguments.rounds), arguments.messages, arguments.rounds)
    print(text)
    arguments.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
