"""Write the events of articles as PLOVER JSON records, CAMEO/GDELT-style columns or POLECAT-style columns.

Cooperation that is planned is exported as AGREE, as PLOVER has it. CAMEO has no place for what is conditional or
denied, so such events are left out there; PLOVER and POLECAT records carry the status.
"""

from __future__ import annotations

import argparse
import sys

from services.commands.tag import add_profile

EXAMPLES = """\
examples:
  varta export --format plover seeds/*.txt > events.jsonl
  varta export --format cameo articles.jsonl > events.tsv
  varta export --format polecat --min-confidence 0.7 - < articles.jsonl
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta export`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="articles, as for varta tag")
    parser.add_argument("--format", choices=("plover", "cameo", "polecat"), default="plover")
    parser.add_argument("--min-confidence", type=float, default=0.0, metavar="P", help="leave out less certain events")
    add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write one line an event (or pair of parties); refused articles are named on standard error."""
    import orjson

    from services.commands import formats
    from services.commands.inprocess import Pipeline
    from services.commands.sources import read_all

    if arguments.format == "cameo":
        print(formats.tsv(formats.CAMEO_COLUMNS))
    elif arguments.format == "polecat":
        print(formats.tsv(formats.POLECAT_COLUMNS))
    for result in Pipeline(arguments.profile).run(read_all(arguments.files)):
        if result.tagged is None:
            why = result.refused.why if result.refused else "neither Hindi nor English"
            print(f"{result.source.name}: left out: {why}", file=sys.stderr)
            continue
        for event in result.tagged.events:
            if event.confidence < arguments.min_confidence:
                continue
            if arguments.format == "plover":
                print(orjson.dumps(formats.plover(event)).decode())
            elif arguments.format == "cameo":
                for row in formats.cameo(event):
                    print(formats.tsv(row))
            else:
                print(formats.tsv(formats.polecat(event)))
    return 0
