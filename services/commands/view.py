"""What a person sees: events as lines of who did what to whom, with colours where the terminal has them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

QUAD_COLOURS = {1: "green", 2: "bold green", 3: "yellow", 4: "bold red"}
WIDTH_WITHOUT_TERMINAL = 170
NARROWEST_TABLE = 140


@cache
def console(error: bool = False) -> Console:
    """The console of this process; wide enough for tables when the output is a file or a pipe."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(file=stream, width=width, highlight=False, markup=False, soft_wrap=False)


def parties(found: Sequence[dict[str, Any]]) -> str:
    """Names with countries: Joe Biden (USA), protesters."""
    return ", ".join(f"{p['name']} ({p['country']})" if p.get("country") else str(p["name"]) for p in found) or "–"


def deed(event: dict[str, Any]) -> str:
    """Type, mode and status: CONSULT/phone, future."""
    mode = f"/{event['event_mode']}" if event.get("event_mode") else ""
    status = "" if event["status"] == "actual" else f" ({event['status']})"
    return f"{event['event_type']}{mode}{status}"


def shortened(text: str, length: int) -> str:
    """The text on one line, cut at a word with … when longer."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0] + "…"


def print_events(rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Print (article, event record) rows: a table where the terminal is wide enough, else two lines an event."""
    out = console()
    if out.width < NARROWEST_TABLE:
        for _, event in rows:
            event_lines(event)
        return
    from rich.table import Table
    from rich.text import Text

    widths = {"who": 30, "did what": 30, "to whom": 24, "when": 12, "conf": 4, "in which words": 0, "article": 9}
    widths["in which words"] = out.width - sum(widths.values()) - 2 * (len(widths) - 1)
    table = Table(pad_edge=False, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name, width in widths.items():
        table.add_column(name, width=width, no_wrap=True, overflow="ellipsis")
    for article, event in rows:
        table.add_row(
            parties(event["actors"]),
            Text(deed(event), style=QUAD_COLOURS.get(event["quad"], "")),
            parties(event["recipients"]),
            event["date"] or "–",
            f"{event['confidence']:.2f}",
            shortened(event["evidence"]["text"], widths["in which words"]),
            article,
        )
    out.print(table)


def event_lines(event: dict[str, Any]) -> None:
    """Print one event: who did what to whom, then its words."""
    from rich.padding import Padding
    from rich.text import Text

    line = Text()
    line.append(deed(event), style=QUAD_COLOURS.get(event["quad"], ""))
    line.append(f"  {parties(event['actors'])}", style="bold")
    if event["recipients"]:
        line.append("  →  ")
        line.append(parties(event["recipients"]), style="bold")
    tail = [event["date"], event["place"], f"{event['confidence']:.2f}"]
    line.append("   " + " · ".join(part for part in tail if part), style="dim")
    console().print(Padding(line, (0, 0, 0, 2)))
    words = Text(f"“{shortened(event['evidence']['text'], 160)}”", style="italic")
    console().print(Padding(words, (0, 0, 0, 6)))


def article_view(record: dict[str, Any], full: bool = False) -> None:
    """Print one analysed article: heading, events, and with `full` everything else that was found."""
    from rich.text import Text

    out = console()
    heading = Text(f"● {record['id']}", style="bold")
    heading.append(f"  {record.get('language', '')}  {record.get('published') or 'no date'}  ", style="dim")
    heading.append(shortened(record.get("title") or record.get("text") or "", 80))
    out.print(heading)
    if "rejected" in record:
        refused = record["rejected"]
        out.print(f"  refused by the {refused['stage']}: {refused['reason']} [{refused['code']}]")
        out.print()
        return
    if not record["events"]:
        out.print("  no political event")
    for event in record["events"]:
        event_lines(event)
    if full:
        _details(record)
    out.print()


def _details(record: dict[str, Any]) -> None:
    names: dict[str, str] = {}
    for mention in record["mentions"]:
        names.setdefault(f"{mention['name']} [{mention.get('qid') or mention['entity']}]", mention["kind"])
    lines = {
        "names": ", ".join(f"{name} {kind}" for name, kind in names.items()),
        "times": ", ".join(f"{d['text']} = {d['value']}" for d in record["dates"]),
        "numbers": ", ".join(f"{q['text']} = {q['value']:g} {q.get('unit', '')}".strip() for q in record["quantities"]),
        "quotes": "; ".join(f"{q['speaker'] or '?'}: “{shortened(q['text'], 70)}”" for q in record["quotes"]),
        "topics": ", ".join(t["label"] for t in record["topics"]),
        "removed": "; ".join(f"{r['reason']}: {shortened(r['text'], 50)}" for r in record["removed"]),
    }
    for label, words in lines.items():
        if words:
            console().print(f"  {label + ':':<9}{words}")
