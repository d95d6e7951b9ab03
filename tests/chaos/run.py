"""All faults at length: `python -m tests.chaos.run [--kills N] [--only 0,1] [--add]`; the table goes to bench/chaos.md.

Exits 1 when any scenario lost, repeated or misordered a message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from services.runtime.embedded import EmbeddedKafka
from services.runtime.settings import KafkaSettings, Settings
from tests.chaos import pipeline, scenarios
from tests.chaos.processes import ROOT
from tests.chaos.scenarios import Verdict
from tests.integration.conftest import new_stream
from tests.integration.kafka import Stream

Scenario = Callable[[Stream], Awaitable[Verdict]]


async def _run(broker: EmbeddedKafka, number: int, scenario: Scenario) -> Verdict:
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=broker.bootstrap),
        group_prefix=f"chaos{number}",
        session_timeout_ms=1500,
        batch_max_messages=500,
    )
    async with new_stream(settings) as stream:
        return await scenario(stream)


def plan(kills: int) -> list[tuple[int, Callable[[EmbeddedKafka], Scenario]]]:
    """Scenarios with the number of broker nodes each wants."""
    term, kill = signal.SIGTERM, signal.SIGKILL
    return [
        (1, lambda _: lambda s: scenarios.kills(s, "pass", kills)),
        (1, lambda _: lambda s: scenarios.kills(s, "count", kills)),
        (1, lambda _: lambda s: scenarios.terminations(s, "pass", 10)),
        (1, lambda _: lambda s: scenarios.terminations(s, "count", 10)),
        (1, lambda _: lambda s: scenarios.zombie(s, rounds=4)),
        (1, lambda b: lambda s: scenarios.broker_restarts(s, b, "pass", [term, kill, term])),
        (1, lambda b: lambda s: scenarios.broker_restarts(s, b, "count", [term, kill])),
        (1, lambda _: lambda s: pipeline.kills(s, kills)),
        (3, lambda b: lambda s: scenarios.broker_restarts(s, b, "pass", [kill, kill, term])),
        (3, lambda b: lambda s: scenarios.broker_restarts(s, b, "count", [kill, term])),
    ]


def table(verdicts: list[Verdict], kafka: str) -> str:
    """The verdicts in Markdown."""
    lines = [
        "# Faults against real workers on a real Kafka",
        "",
        f"`python -m tests.chaos.run` on {time.strftime('%Y-%m-%d', time.gmtime())}, {kafka}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. Messages are numbered and sent while the faults happen; what came out is "
        "read under read_committed. Lost and repeated must be 0; *sequence* says that a counting stage's numbers ran "
        "1, 2, 3 … to the end.",
        "",
        "| faults | sent | came out | lost | repeated | sequence | seconds | notes | verdict |",
        "|---|---:|---:|---:|---:|---|---:|---|---|",
    ]
    for v in verdicts:
        sequence = {None: "–", True: "exact", False: "BROKEN"}[v.sequence]
        lines.append(
            f"| {v.scenario} | {v.sent:,} | {v.received:,} | {v.lost} | {v.repeated} | {sequence} | {v.seconds:.0f} | "
            f"{'; '.join(v.notes)} | {'right' if v.right else '**WRONG**'} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run all scenarios, one broker for those of the same size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="kill -9 of a worker in each of those scenarios")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "chaos.md")
    parser.add_argument(
        "--only", default="", help="run scenarios whose place in the list is given, with commas between"
    )
    parser.add_argument("--add", action="store_true", help="keep the verdicts of earlier runs of other scenarios")
    arguments = parser.parse_args()
    chosen = plan(arguments.kills)
    if arguments.only:
        chosen = [chosen[int(n)] for n in arguments.only.split(",")]
    kept = arguments.out.with_suffix(".json")
    verdicts = [Verdict(**entry) for entry in json.loads(kept.read_text())] if arguments.add else []
    for nodes in (1, 3):
        part = [make for wanted, make in chosen if wanted == nodes]
        if not part:
            continue
        with EmbeddedKafka(nodes=nodes, say=print) as broker:
            for make in part:
                verdict = asyncio.run(_run(broker, len(verdicts), make(broker)))
                verdicts = [v for v in verdicts if v.scenario != verdict.scenario] + [verdict]
                print(f"{'right' if verdict.right else 'WRONG'}: {verdict}", flush=True)
                # after each one: a run of half an hour that is cut off has not been for nothing
                kept.write_text(json.dumps([asdict(v) for v in verdicts], indent=1, ensure_ascii=False) + "\n")
                arguments.out.write_text(table(verdicts, "Apache Kafka 4.3.1 (embedded)"))
    print(table(verdicts, "Apache Kafka 4.3.1 (embedded)"))
    return 0 if all(verdict.right for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
