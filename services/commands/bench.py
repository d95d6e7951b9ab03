"""Measure throughput, latency and memory, and write the tables into bench/. Takes minutes; not part of the tests.

runner: pass-through against plain aiokafka and Faust. stages: articles a second and core. latency: end to end on Kafka.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from services.commands.errors import UserError
from services.knowledge.shared import ROOT

EXAMPLES = """\
examples:
  varta bench                all, several minutes
  varta bench stages
  varta bench runner
"""
WHAT = ("runner", "stages", "latency")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta bench`."""
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"{', '.join(WHAT)} (default: all)")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmarks one after the other, each in a process of its own; the first failure ends it."""
    if not (ROOT / "bench" / "runner.py").exists():
        raise UserError("the benchmarks are part of the repository, not of the installed package: run this in a clone")
    if unknown := set(arguments.what) - set(WHAT):
        raise UserError(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(WHAT)}")
    for name in arguments.what or WHAT:
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0
