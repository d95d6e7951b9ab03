"""Rerun an accuracy figure: on the development data by default, on any file of the same format with --data.

WHAT is seeds or events (events, mentions and quantities of whole articles against a gold file), or a part with an
evaluation of its own. The development data is the shared folder (VARTA_SHARED); docs/accuracy.md has the last figures.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.commands.errors import UserError
from services.commands.tag import add_profile
from services.knowledge.shared import shared

EXAMPLES = """\
examples:
  varta eval seeds
  varta eval events --data my-gold.jsonl --profile fast
  varta eval normalizer
  varta eval all --json > figures.json
"""
# module of each part with `evaluate(data, profile)`; the two figures over whole articles are made here
PARTS: dict[str, str] = {
    "normalizer": "services.normalizer.evaluation",
    "enricher": "services.enricher.evaluation",
    "tagger": "services.tagger.evaluation",
    "dyads": "services.tagger.dyads",
    "stories": "services.stories.evaluation",
}
GOLD = {"seeds": "seeds.jsonl", "events": "events_dev.jsonl"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta eval`."""
    parser.add_argument("what", choices=(*GOLD, *PARTS, "all"), metavar="WHAT", help=", ".join((*GOLD, *PARTS, "all")))
    parser.add_argument("--data", type=Path, help="another file of the same format")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the figures."""
    if arguments.data is not None and not arguments.data.exists():
        raise UserError(f"no such file: {arguments.data}")
    if arguments.what == "all" and arguments.data is not None:
        raise UserError("--data belongs to one figure, not to all")
    names = (*GOLD, *PARTS) if arguments.what == "all" else (arguments.what,)
    figures: dict[str, Any] = {}
    for name in names:
        begun = time.monotonic()
        try:
            figures[name] = _one(name, arguments)
        except UserError as error:
            if len(names) == 1:
                raise
            print(f"{name}: {error}", file=sys.stderr)
            continue
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1, default=str))
    return 0


def _one(name: str, arguments: argparse.Namespace) -> Any:
    if name in GOLD:
        return _articles(arguments.data or shared("gold", GOLD[name]), arguments)
    evaluate = _evaluation(name)
    figures = evaluate(arguments.data, arguments.profile)
    if not arguments.json:
        print(f"== {name}")
        _print(figures)
    return figures


def _evaluation(name: str) -> Callable[[Path | None, str], dict[str, Any]]:
    module = PARTS[name]
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise UserError(f"this installation has no evaluation of {name} ({module} is missing)")
    evaluate: Callable[[Path | None, str], dict[str, Any]] = importlib.import_module(module).evaluate
    return evaluate


def _articles(gold: Path, arguments: argparse.Namespace) -> Any:
    """Scores of the scorer that comes with the gold data."""
    scorer = shared("gold", "score.py")
    for path in (gold, scorer):
        if not path.exists():
            raise UserError(f"no {path}; set VARTA_SHARED to the folder of development data")
    from services.commands.inprocess import Pipeline
    from services.commands.record import record_of
    from services.commands.sources import read_all

    specification = importlib.util.spec_from_file_location("varta_gold_score", scorer)
    assert specification is not None
    assert specification.loader is not None
    score = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(score)
    pipeline = Pipeline(arguments.profile)
    predictions = {result.source.name: record_of(result) for result in pipeline.run(read_all([str(gold)]))}
    report = score.score(score.read_jsonl(str(gold)), predictions, score.Folder())
    if not arguments.json:
        score.show(report)
    return report


def _print(figures: Any, indent: str = "") -> None:
    """Nested figures, one a line; lists of rows as they are."""
    if not isinstance(figures, dict):
        print(f"{indent}{figures}")
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        else:
            shown = f"{value:.4f}" if isinstance(value, float) else value
            print(f"{indent}{name:<28} {shown}")
