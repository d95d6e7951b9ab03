"""The stages' speed and memory: articles of 250 words per second and core, both profiles, one process a measurement.

`python -m bench.stages [--articles N]` prints the table and writes bench/stages.md. Times are of the process's own CPU,
so that what else runs on the machine changes little. The articles are those of seeds/sample.jsonl, joined within a
language to 250 words.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from services.commands import stages
from services.commands.inprocess import BATCH, as_message
from services.contracts import topics
from services.contracts.stage import Message, Outcome, Reject, Stage
from services.knowledge.shared import ROOT

HERE = Path(__file__).parent
WORDS = 250
GOALS = {"fast": 200, "accurate": 40}
PASSED_ON = {topics.NORMALIZED, topics.ENRICHED}


def articles(count: int) -> list[Message]:
    """Raw articles of WORDS words, half Hindi and half English."""
    lines = (ROOT / "seeds" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    kinds = [_joined([r for r in records if r["language"] == language]) for language in ("hi", "en")]
    return [next(kinds[n % 2]) for n in range(count)]


def _joined(records: list[dict[str, str]]) -> Iterator[Message]:
    """Texts one after the other, cut into articles of WORDS words at the ends of lines or sentences."""
    number = 0
    pieces: list[str] = []
    for record in cycle(records):
        pieces.append(record["text"])
        words = sum(len(piece.split()) for piece in pieces)
        if words < WORDS:
            continue
        text = " ".join("\n".join(pieces).split(" ")[: WORDS + 20])
        number += 1
        raw = {"id": f"{record['id']}-{number}", "text": text, "published": record.get("published")}
        pieces = []
        yield Message(json.dumps(raw).encode(), headers=(("content-type", b"application/json"),))


def measure(profile: str, count: int) -> dict[str, float]:
    """CPU seconds of each stage for `count` articles, and the process's largest resident memory."""
    loaded = [stages.load(name, profile) for name in stages.PIPELINE]
    found = {stage.name: 0.0 for stage in loaded}
    _through(loaded, articles(BATCH), {stage.name: 0.0 for stage in loaded})  # models are loaded and warm
    raw = articles(count)
    for start in range(0, count, BATCH):
        _through(loaded, raw[start : start + BATCH], found)
    return {**found, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _through(loaded: list[Stage], batch: list[Message], seconds: dict[str, float]) -> None:
    for stage in loaded:
        began = time.process_time()
        outcomes = stage.process_many(batch)
        seconds[stage.name] += time.process_time() - began
        batch = [message for outcome in outcomes for message in _next(outcome)]


def _next(outcome: Outcome) -> list[Message]:
    if isinstance(outcome, Reject):
        raise RuntimeError(f"an article of the benchmark was refused: {outcome}")
    return [as_message(output) for output in outcome if output.topic in PASSED_ON]


def table(found: dict[str, dict[str, float]], count: int) -> str:
    """The figures in Markdown."""
    lines = [
        "# Speed and memory of the stages",
        "",
        f"`python -m bench.stages --articles {count}` on {time.strftime('%F', time.gmtime())}: {count} articles of "
        f"{WORDS} words, half Hindi, half English, batches of {BATCH}, one thread, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores. Articles per second of CPU.",
        "",
        "| profile | normalizer | enricher | tagger | all three | goal | memory of a process with all three |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for profile, seconds in found.items():
        each = [count / seconds[name] for name in stages.PIPELINE]
        whole = count / sum(seconds[name] for name in stages.PIPELINE)
        rates = " | ".join(f"{rate:,.0f}" for rate in (*each, whole))
        lines.append(f"| {profile} | {rates} | {GOALS[profile]} | {seconds['megabytes']:.0f} MB |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=256)
    parser.add_argument("--profile", choices=tuple(GOALS), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=HERE / "stages.md")
    arguments = parser.parse_args()
    if arguments.profile:
        print(json.dumps(measure(arguments.profile, arguments.articles)))
        return 0
    found = {}
    for profile in GOALS:
        command = [sys.executable, "-m", "bench.stages", "--profile", profile, "--articles", str(arguments.articles)]
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **threads}, cwd=ROOT)
        found[profile] = json.loads(done.stdout.splitlines()[-1])
    text = table(found, arguments.articles)
    print(text)
    arguments.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
