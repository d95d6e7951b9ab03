"""End to end on Kafka: saturation of one worker a stage, and p50/p99 from arrival to events.tagged at half of it.

`python -m bench.latency [--profile P] [--seconds N]` prints the table and writes bench/latency.md. Kafka, workers and
the sender share this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.stages import WORDS, articles
from services.commands.cluster import pointed_at
from services.commands.follow import Followed, Follower
from services.commands.processes import Workers
from services.commands.replay import send
from services.commands.sources import Source
from services.commands.stages import PIPELINE
from services.contracts import topics as declared
from services.runtime import topics
from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import load_settings

HERE = Path(__file__).parent


async def _run(count: int, rate: float | None) -> Followed:
    settings = load_settings()
    follower = Follower(settings)
    try:
        await follower.start()
        sources = [Source(str(n), message) for n, message in enumerate(articles(count))]
        following = asyncio.ensure_future(follower.until_ended(count, 600))
        await send(settings, sources, rate)
        return await following
    finally:
        await follower.stop()


def _latencies(found: Followed) -> list[float]:
    """Seconds from an article's arrival in the stream to each of its events, sorted."""
    return sorted(record.timestamp / 1000 - _received(record) for record in found.records.get(declared.EVENTS, []))


def _received(record: Any) -> float:
    return datetime.fromisoformat(dict(record.headers)["ce_received"].decode()).timestamp()


def measure(profile: str, seconds: float) -> dict[str, float]:
    """Articles a second at saturation; p50, p99 and memory at half of that."""
    kafka = EmbeddedKafka()
    with tempfile.TemporaryDirectory() as folder, pointed_at(kafka), kafka:
        asyncio.run(topics.apply(load_settings()))
        with Workers(Path(folder), [[name] for name in PIPELINE], {"VARTA_PROFILE": profile}) as workers:
            workers.wait_ready(120)
            asyncio.run(_run(64, None))  # models are loaded and warm
            count = 512
            began = time.time()
            full = asyncio.run(_run(count, None))
            ended = max(record.timestamp for record in full.records[declared.TAGGED]) / 1000
            saturation = count / (ended - began)
            half = asyncio.run(_run(max(32, int(saturation / 2 * seconds)), saturation / 2))
            times = _latencies(half)
            memory = max(_resident(worker.process.pid) for worker in workers.all if worker.process)
    return {
        "saturation": saturation,
        "events": len(times),
        "p50": times[len(times) // 2],
        "p99": times[min(len(times) - 1, int(len(times) * 0.99))],
        "megabytes": memory,
    }


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def table(found: dict[str, dict[str, float]], seconds: float) -> str:
    """The figures in Markdown."""
    day, load = time.strftime("%F", time.gmtime()), os.getloadavg()[1]
    lines = [
        "# End to end",
        "",
        f"`python -m bench.latency --seconds {seconds:g}` on {day}: articles of {WORDS} words, one worker a stage, "
        f"4 partitions, embedded Apache Kafka, all on one machine of {os.cpu_count()} cores (load average {load:.1f}), "
        f"Python {platform.python_version()}. From arrival in articles.raw to the event in events.tagged.",
        "",
        "| profile | articles/s at saturation | p50 at half | p99 at half | events | largest worker |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for profile, run in found.items():
        lines.append(
            f"| {profile} | {run['saturation']:.0f} | {run['p50']:.3f} s | {run['p99']:.3f} s | {run['events']:,.0f} "
            f"| {run['megabytes']:.0f} MB |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=("fast", "accurate"), help="only this one")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--out", type=Path, default=HERE / "latency.md")
    arguments = parser.parse_args()
    profiles = [arguments.profile] if arguments.profile else ["fast", "accurate"]
    text = table({profile: measure(profile, arguments.seconds) for profile in profiles}, arguments.seconds)
    print(text)
    arguments.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
