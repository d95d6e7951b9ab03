"""Check what Varta needs: versions, model files, Java, the broker, topics, and how far each stage's group is.

Prints one line a finding, ✓ or ✗ with the way out; exit code 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from services.commands import stages
from services.commands.errors import UserError
from services.contracts import topics as declared
from services.knowledge.shared import models
from services.runtime import topics
from services.runtime.settings import Settings, SettingsError, load_settings

EXAMPLES = """\
examples:
  varta doctor
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 varta doctor
  varta doctor --offline           all that needs no broker
"""
SHOWN = ("varta", "pydantic", "aiokafka", "onnxruntime", "numpy")
INPUTS = {
    "normalizer": (declared.RAW,),
    "enricher": (declared.NORMALIZED,),
    "tagger": (declared.ENRICHED,),
    "stories": (declared.TAGGED,),
    "trends": (declared.RESOLVED,),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and in words what was found."""

    what: str
    well: bool
    words: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta doctor`."""
    parser.add_argument("--offline", action="store_true", help="leave the broker out")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings."""
    well = True
    for finding in _findings(arguments.offline):
        print(f"{'✓' if finding.well else '✗'} {finding.what:<18}{finding.words}", flush=True)
        well = well and finding.well
    return 0 if well else 1


def _findings(offline: bool) -> Iterator[Finding]:
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    yield Finding("versions", True, f"Python {platform.python_version()}, {versions}")
    yield from _stages()
    yield _models()
    yield _java()
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, f"cluster {settings.kafka.bootstrap_servers}, profile {settings.profile}")
    if not offline:
        yield from _cluster(settings)


def _stages() -> Iterator[Finding]:
    for name in stages.STAGES:
        try:
            stages.load(name, "accurate")
        except UserError as error:
            yield Finding(f"stage {name}", False, str(error))
        except Exception as error:  # a broken model file or library shows here, whatever it raises
            yield Finding(f"stage {name}", False, f"{type(error).__name__}: {error}")
        else:
            yield Finding(f"stage {name}", True, "loads")


def _models() -> Finding:
    folder = models()
    if not folder.is_dir():
        return Finding("models", False, f"no folder {folder}; set VARTA_MODELS to where the model files are")
    files = [file for file in folder.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    names = ", ".join(sorted(child.name for child in folder.iterdir() if child.is_dir()))
    return Finding("models", bool(files), f"{size / 1e6:.1f} MB in {folder}: {names}")


def _java() -> Finding:
    from services.runtime.embedded import EmbeddedKafkaError, java
    from services.runtime.jars import locked_jars

    try:
        return Finding("Java", True, f"{java()} for the embedded Kafka ({len(locked_jars())} pinned jars)")
    except EmbeddedKafkaError as error:
        return Finding("Java", False, str(error))


def _cluster(settings: Settings) -> Iterator[Finding]:
    from aiokafka.errors import KafkaError

    from services.runtime.groups import broker_version, standing

    try:
        brokers, identity = asyncio.run(broker_version(settings))
    except (KafkaError, OSError) as error:
        way_out = "start one with `varta up`, or set KAFKA_BOOTSTRAP_SERVERS"
        yield Finding("broker", False, f"none answers at {settings.kafka.bootstrap_servers} ({error}): {way_out}")
        return
    yield Finding("broker", True, f"{brokers} at {settings.kafka.bootstrap_servers}, cluster {identity}")
    differences = asyncio.run(topics.plan(settings))
    for difference in differences:
        yield Finding("topic", False, f"{difference}: `varta topics apply`")
    if not differences:
        yield Finding("topics", True, f"{len(declared.TOPICS)} as declared")
    if any(difference.what == "missing" for difference in differences):
        return
    for stage, inputs in INPUTS.items():
        for found in asyncio.run(standing(settings, stage, inputs)):
            words = "has read nothing yet" if found.waiting is None else f"about {found.waiting} offsets behind"
            yield Finding(f"group {stage}", True, f"{words} on {found.topic} ({found.partitions} partitions)")
