"""Run an embedded Kafka and every stage, each in a process of its own, until Ctrl-C.

With KAFKA_BOOTSTRAP_SERVERS set no Kafka is started and the stages work on that cluster. A worker that breaks is
started again after a pause that grows; what it had begun was never committed, so nothing is lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from services.commands import cluster, stages
from services.commands.errors import UserError
from services.commands.processes import Workers, interrupt_on_sigterm
from services.runtime import topics
from services.runtime.settings import load_settings

EXAMPLES = """\
examples:
  varta up                            Kafka on 127.0.0.1:9092, forgotten at the end
  varta up --data ~/varta             the same, with the topics kept in a folder
  varta up --stages normalizer enricher tagger --port 9192
"""
READY_SECONDS = 90.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta up`."""
    parser.add_argument("--port", type=int, default=9092, help="port of the embedded Kafka (default: 9092)")
    parser.add_argument("--data", type=Path, help="keep Kafka's data in this folder (default: a temporary one)")
    parser.add_argument("--stages", nargs="+", metavar="STAGE", help="which stages (default: all)")


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM, then stop everything that was started."""
    names = arguments.stages or stages.available()
    if unknown := [name for name in names if name not in stages.WORKERS]:
        raise UserError(f"no stage is called {unknown[0]!r}; there are {', '.join(stages.WORKERS)}")
    interrupt_on_sigterm()
    folder = arguments.data.expanduser() if arguments.data else None
    kafka = cluster.prepared(arguments.port, folder, say=say)
    with tempfile.TemporaryDirectory(prefix="varta-up-") as logs, cluster.pointed_at(kafka) as address:
        try:
            if kafka is not None:
                say(f"starting Kafka on {address}")
                kafka.start()
            asyncio.run(topics.apply(load_settings()))
            with Workers(Path(logs), [[name] for name in names], {}) as workers:
                workers.wait_ready(READY_SECONDS)
                for worker in workers.all:
                    say(f"{worker.name:<12}{worker.address}/metrics   log {worker.log}")
                say(f"ready: send articles with  KAFKA_BOOTSTRAP_SERVERS={address} varta replay seeds/   (Ctrl-C ends)")
                _watch(workers)
        except KeyboardInterrupt:
            say("stopping")
        finally:
            if kafka is not None:
                kafka.stop()
    return 0


def _watch(workers: Workers) -> None:
    """Start workers again that broke, after 1, 2, 4 … 60 seconds."""
    pauses: dict[str, float] = {}
    due: dict[str, float] = {}
    while True:
        time.sleep(0.5)
        for worker in workers.all:
            if worker.running():
                if time.monotonic() - worker.begun > 120:
                    pauses.pop(worker.name, None)
                continue
            if worker.name not in due:
                pause = pauses[worker.name] = min(60.0, pauses.get(worker.name, 0.5) * 2)
                due[worker.name] = time.monotonic() + pause
                say(f"the {worker.name} worker broke; again in {pause:.0f} s. Its last words:\n{worker.last_words()}")
            elif time.monotonic() >= due[worker.name]:
                del due[worker.name]
                worker.start()


def say(words: str) -> None:
    """A line to the person who started it."""
    print(words, file=sys.stderr, flush=True)
