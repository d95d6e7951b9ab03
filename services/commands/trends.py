"""Count distinct events per window: the Faust app over events.resolved, until SIGTERM.

Publishes to trends.updated by country pair, type, quad, topic, place and story, for quarters of an hour, hours, days.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings

EXAMPLES = """\
examples:
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 varta trends
  varta tail trends.updated
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta trends`."""
    parser.add_argument("--port-file", type=Path, help="write the port of /metrics into this file once it is open")


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop; exit code 1 when the app breaks."""
    settings = load_settings()
    configure_logs(settings)
    from services.trends import app

    return app.run(settings, arguments.port_file)
