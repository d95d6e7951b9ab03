"""Run the whole stream over the seed articles on a real Kafka, show what comes out, and leave nothing behind.

Starts a single-node Apache Kafka and a worker process for each stage, sends the articles, follows the topics until
every article has come through, prints the events, and stops all it started. With KAFKA_BOOTSTRAP_SERVERS set it works
on that cluster. Several demos can run at once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from services.commands import cluster, stages
from services.commands.follow import Followed, Follower, trace_of
from services.commands.processes import WorkerDied, Workers, interrupt_on_sigterm
from services.commands.replay import send
from services.commands.sources import read_all
from services.contracts import topics as declared
from services.contracts.tagged import TaggedArticle
from services.knowledge.shared import ROOT
from services.runtime import topics
from services.runtime.deadletters import read_reason
from services.runtime.settings import load_settings

EXAMPLES = """\
examples:
  varta demo
  varta demo --sample              with the 170 articles of the sample stream
  varta demo --keep                stay up to replay, tail and look
  varta demo my-articles.jsonl
"""
START_SECONDS = 90.0
FOLLOW_SECONDS = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta demo`."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="articles (default: the seeds)")
    parser.add_argument("--sample", action="store_true", help="also send seeds/sample.jsonl")
    parser.add_argument("--keep", action="store_true", help="stay up until Ctrl-C")
    parser.add_argument("--profile", choices=("fast", "accurate"), help="which models (default: accurate)")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when every article came through and none is a dead letter."""
    paths = arguments.paths or [str(path) for path in sorted((ROOT / "seeds").glob("*.txt"))]
    if arguments.sample:
        paths.append(str(ROOT / "seeds" / "sample.jsonl"))
    environment = {"VARTA_PROFILE": arguments.profile} if arguments.profile else {}
    if cluster.given():
        # beside other workers on somebody's cluster: a group of our own, so that both see everything
        os.environ["VARTA_GROUP_PREFIX"] = f"varta-demo-{uuid.uuid4().hex[:8]}"
    interrupt_on_sigterm()
    begun = time.monotonic()
    kafka = cluster.prepared(say=say)
    names = stages.available()
    with tempfile.TemporaryDirectory(prefix="varta-demo-") as folder, cluster.pointed_at(kafka) as address:
        workers = Workers(Path(folder), [[name] for name in names], environment)
        try:
            with workers:  # they load their models while Kafka starts
                if kafka is not None:
                    say(f"starting Apache Kafka on {address} and workers for {', '.join(names)}")
                    kafka.start()
                asyncio.run(topics.apply(load_settings()))
                workers.wait_ready(START_SECONDS)
                say(f"ready after {time.monotonic() - begun:.1f} s; sending the articles")
                code = asyncio.run(_stream(paths, workers))
                say(
                    f"everything came through after {time.monotonic() - begun:.1f} s"
                    if code == 0
                    else "not all is well"
                )
                if arguments.keep:
                    _stay(address)
            return code
        except WorkerDied as error:
            print(f"varta demo: {error}", file=sys.stderr)
            return 1
        finally:
            if kafka is not None:
                kafka.stop()


async def _stream(paths: list[str], workers: Workers) -> int:
    settings = load_settings()
    follower = Follower(settings)
    try:
        await follower.start()
        count = await send(settings, read_all(paths))
        found = await follower.until_ended(count, FOLLOW_SECONDS, lambda found: _settled(found, workers))
    finally:
        await follower.stop()
    _show(found, workers)
    lost = count - len(found.ended)
    if lost:
        say(f"{lost} of {count} articles have not come through after {FOLLOW_SECONDS:.0f} s")
    return 1 if lost or found.dead() else 0


def _settled(found: Followed, workers: Workers) -> bool:
    """Whether stories and trends have read all that was written for them; raises WorkerDied when a worker has ended."""
    workers.check()
    for name, topic in (("stories", declared.TAGGED), ("trends", declared.RESOLVED)):
        written = len(found.records.get(topic, []))
        worker = next((worker for worker in workers.all if name in worker.stages), None)
        if worker and worker.metric("varta_messages_received_total", stage=name, topic=topic) < written:
            return False
    return True


def _show(found: Followed, workers: Workers) -> None:
    """The table of events, counts by topic, dead letters, and where the metrics are."""
    from services.commands.record import event_record
    from services.commands.view import console, print_events

    sent = {trace_of(r): (r.key or b"").decode() for r in found.records.get(declared.RAW, [])}
    rows: list[tuple[str, dict[str, Any]]] = []
    for record in sorted(found.records.get(declared.TAGGED, []), key=lambda r: sent.get(trace_of(r), "")):
        article = TaggedArticle.model_validate_json(record.value)
        rows += [(sent.get(trace_of(record), article.id), event_record(event)) for event in article.events]
    out = console()
    out.print()
    print_events(rows)
    out.print()
    counts = found.counts()
    for topic in declared.TOPICS:
        if not topic.name.endswith(".dlq") and counts[topic.name]:
            out.print(f"  {topic.name:<22}{counts[topic.name]:>6} messages")
    dead = found.dead()
    out.print(f"  {'dead letters':<22}{len(dead):>6}")
    for record in dead:
        reason = read_reason(record.headers)
        out.print(
            f"    {(record.key or b'').decode('utf-8', 'replace')}: {reason.message} [{reason.stage}: {reason.code}]"
        )
    out.print()
    for worker in workers.all:
        out.print(f"  {worker.name:<22}{worker.address}/metrics")


def _stay(address: str) -> None:
    say(
        f"""
The stream stays up until Ctrl-C. In another terminal:
  export KAFKA_BOOTSTRAP_SERVERS={address}
  varta replay seeds/sample.jsonl --rate 20        send more
  varta tail events.tagged                         watch events come
  varta tail articles.tagged --json                whole messages
  varta doctor                                     topics, groups, lag"""
    )
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("stopping")


def say(words: str) -> None:
    """A line to the person who started it; events and counts go to standard output."""
    print(words, file=sys.stderr, flush=True)
