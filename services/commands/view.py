"""What a person sees: events as lines of who did what to whom, with colours where the terminal has them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

QUAD_COLOURS = {1: "green", 2: "bold green", 3: "yellow", 4: "bold red"}
WIDTH_WITHOUT_TERMINAL = 140


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


def event_table(rows: Iterable[tuple[str, dict[str, Any]]], title: str | None = None) -> Any:
    """A table of (article, event record) rows."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, show_lines=False, pad_edge=False, box=None, header_style="bold", title_justify="left")
    table.add_column("who", max_width=30)
    table.add_column("did what", no_wrap=True)
    table.add_column("to whom", max_width=26)
    table.add_column("when", no_wrap=True)
    table.add_column("conf", justify="right")
    table.add_column("in which words", max_width=60)
    table.add_column("article", max_width=14, overflow="ellipsis", no_wrap=True)
    for article, event in rows:
        table.add_row(
            parties(event["actors"]),
            Text(deed(event), style=QUAD_COLOURS.get(event["quad"], "")),
            parties(event["recipients"]),
            event["date"] or "–",
            f"{event['confidence']:.2f}",
            shortened(event["evidence"]["text"], 58),
            article,
        )
    return table


def article_view(record: dict[str, Any], full: bool = False) -> None:
    """Print one analysed article: heading, events, and with `full` everything else that was found."""
    from rich.padding import Padding
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
        line = Text()
        line.append(deed(event), style=QUAD_COLOURS.get(event["quad"], ""))
        line.append(f"  {parties(event['actors'])}", style="bold")
        if event["recipients"]:
            line.append("  →  ")
            line.append(parties(event["recipients"]), style="bold")
        tail = [event["date"], event["place"], f"{event['confidence']:.2f}"]
        line.append("   " + " · ".join(part for part in tail if part), style="dim")
        out.print(Padding(line, (0, 0, 0, 2)))
        words = Text(f"“{shortened(event['evidence']['text'], 160)}”", style="italic")
        out.print(Padding(words, (0, 0, 0, 6)))
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
