"""Run one or more stages as a worker against KAFKA_BOOTSTRAP_SERVERS until SIGTERM.

Several workers of a stage share its partitions. Metrics and health are on a port of the worker's own
(VARTA_METRICS_PORT; /metrics, /healthz, /readyz). The README lists all settings.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from services.commands import stages
from services.commands.errors import UserError
from services.runtime.logs import configure_logs
from services.runtime.settings import Settings, load_settings

EXAMPLES = """\
examples:
  varta worker normalizer enricher tagger       all three in one process
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 VARTA_METRICS_PORT=9100 varta worker tagger
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta worker`."""
    parser.add_argument("stages", nargs="+", metavar="STAGE", help=", ".join(stages.WORKERS))
    parser.add_argument("--port-file", type=Path, help="write the port of /metrics into this file once it is open")


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop; exit code 1 when a stage breaks."""
    settings = load_settings()
    configure_logs(settings)
    if apps := [name for name in arguments.stages if name in stages.APPS]:
        if len(arguments.stages) > 1:
            raise UserError(f"{apps[0]} runs in a process of its own: start another worker for the others")
        asyncio.run(_topics_there(settings))
        return stages.app(apps[0])(settings, arguments.port_file)
    from services.runtime import worker
    from services.runtime.work import StageFailed

    loaded = [stages.configured(name, settings) for name in dict.fromkeys(arguments.stages)]

    def started(port: int) -> None:
        if arguments.port_file:
            partial = arguments.port_file.with_suffix(".part")
            partial.write_text(str(port))
            partial.replace(arguments.port_file)

    try:
        asyncio.run(worker.run(loaded, settings, started=started))
    except (worker.MissingTopics, StageFailed) as error:
        print(f"varta worker: {error}", file=sys.stderr)
        return 1
    return 0


async def _topics_there(settings: Settings) -> None:
    """Wait for a broker, and then at most half a minute for the declared topics; an app does not wait by itself."""
    from aiokafka.errors import KafkaError

    from services.contracts.topics import TOPICS
    from services.runtime.groups import partitions
    from services.runtime.worker import MissingTopics

    deadline = None
    while True:
        try:
            missing = {topic.name for topic in TOPICS} - set(await partitions(settings))
        except (KafkaError, OSError):
            await asyncio.sleep(1)
            continue
        if not missing:
            return
        deadline = deadline or time.monotonic() + 30
        if time.monotonic() > deadline:
            raise MissingTopics(f"no topics {', '.join(sorted(missing))}: create them with `varta topics apply`")
        await asyncio.sleep(0.5)
