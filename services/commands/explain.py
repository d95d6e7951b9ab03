"""Say for each event which words gave its type, mode, status and parties, and by which rule or model."""

from __future__ import annotations

import argparse

from services.commands.tag import add_profile

EXAMPLES = """\
examples:
  varta explain seeds/000_736039569083bf07.txt
  varta explain --event 2 article.txt
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta explain`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="articles, as for varta tag")
    parser.add_argument("--event", type=int, metavar="N", help="only the article's Nth event")
    add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every decision."""
    from rich.text import Text

    from services.commands.inprocess import Pipeline
    from services.commands.record import event_record
    from services.commands.sources import read_all
    from services.commands.view import QUAD_COLOURS, console, deed, parties, shortened

    out = console()
    for result in Pipeline(arguments.profile).run(read_all(arguments.files)):
        out.print(Text(f"● {result.source.name}", style="bold"))
        if result.tagged is None:
            why = result.refused.why if result.refused else "the article is neither Hindi nor English"
            out.print(f"  refused by the {result.stage}: {why}")
            continue
        for number, event in enumerate(result.tagged.events, 1):
            if arguments.event not in (None, number):
                continue
            record = event_record(event)
            line = Text(f"  {number}. ")
            line.append(deed(record), style=QUAD_COLOURS.get(event.quad, ""))
            line.append(f"  {parties(record['actors'])} → {parties(record['recipients'])}", style="bold")
            line.append(f"   {event.date or 'no date'}   confidence {event.confidence:.2f}", style="dim")
            out.print(line)
            out.print(Text(f"     “{shortened(event.evidence.text, 200)}”", style="italic"))
            for why_ in event.why:
                place = f" [{why_.start}:{why_.end}]" if why_.start is not None else ""
                words = f"“{shortened(why_.words, 60)}”{place}" if why_.words else "–"
                out.print(f"     {why_.what:<12} {words:<46} {why_.by}")
        out.print()
    return 0
