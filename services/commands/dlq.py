"""Look at dead letters, and send them back once what stood against them is mended.

A letter goes back to the topic it came from, for the stage that refused it alone, and goes back once, however often the
command is run. Nothing is sent without --do.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from services.commands.errors import UserError
from services.commands.stages import WORKERS
from services.runtime.redriving import Filter, Letter, list_letters, redrive, show_letter
from services.runtime.settings import load_settings

EXAMPLES = """\
examples:
  varta dlq list                                     all stages
  varta dlq list normalizer --code bad-json --json
  varta dlq show normalizer 17                       reason, headers and value of the letter at offset 17
  varta dlq redrive normalizer --code too-large      what would go
  varta dlq redrive normalizer --code too-large --rate 50 --do
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta dlq`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|redrive")
    listing = actions.add_parser("list", help="dead letters, oldest first")
    listing.add_argument("stage", nargs="*", metavar="STAGE", help=f"{', '.join(WORKERS)} (default: all)")
    listing.add_argument("--json", action="store_true", help="one JSON object a letter")
    show = actions.add_parser("show", help="one letter in full")
    show.add_argument("stage", metavar="STAGE")
    show.add_argument("offset", type=int)
    show.add_argument("--partition", type=int, default=0)
    show.add_argument("--raw", action="store_true", help="the value alone, byte for byte")
    back = actions.add_parser("redrive", help="send letters back (dry run unless --do)")
    back.add_argument("stage", metavar="STAGE")
    back.add_argument("--do", action="store_true", help="send, instead of saying what would be sent")
    back.add_argument("--rate", type=float, metavar="N", help="at most N letters a second")
    for action in (listing, back):
        action.add_argument("--code", help="only this reason")
        action.add_argument("--topic", help="only letters from this topic")
        action.add_argument("--contains", metavar="WORDS", help="only where reason or key contain WORDS")
        action.add_argument("--since", metavar="TIME", help="only since this ISO 8601 time (UTC unless it says)")
        action.add_argument("--until", metavar="TIME", help="only before this time")
        action.add_argument("--offset", type=int, nargs="+", dest="offsets", help="only these offsets")
        action.add_argument(
            "--most-redriven", type=int, metavar="N", help="only letters redriven at most N times before"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do what `action` says; 1 when `show` finds no letter."""
    given = arguments.stage if isinstance(arguments.stage, list) else [arguments.stage]
    for name in given:
        if name not in WORKERS:
            raise UserError(f"no stage is called {name!r}; there are {', '.join(WORKERS)}")
    settings = load_settings()
    if arguments.action == "list":
        for stage in given or WORKERS:
            letters = asyncio.run(list_letters(settings, stage, _filter(arguments)))
            _print_list(stage, letters, arguments.json)
        return 0
    if arguments.action == "show":
        return _show(asyncio.run(show_letter(settings, given[0], arguments.offset, arguments.partition)), arguments)
    if arguments.rate is not None and arguments.rate <= 0:
        raise UserError(f"--rate must be above 0, it is {arguments.rate:g}")
    went = asyncio.run(
        redrive(settings, given[0], _filter(arguments), dry_run=not arguments.do, rate=arguments.rate, said=_print)
    )
    if not arguments.do:
        for letter in went:
            _print(letter)
    print(f"{len(went)} letters {'sent back' if arguments.do else 'would go back; --do sends them'}", file=sys.stderr)
    return 0


def _filter(arguments: argparse.Namespace) -> Filter:
    return Filter(
        code=arguments.code,
        topic=arguments.topic,
        contains=arguments.contains,
        since_ms=_milliseconds(arguments.since),
        until_ms=_milliseconds(arguments.until),
        offsets=frozenset(arguments.offsets) if arguments.offsets else None,
        most_redriven=arguments.most_redriven,
    )


def _milliseconds(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{text!r} is no ISO 8601 time, such as 2026-01-31 or 2026-01-31T18:00") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _print_list(stage: str, letters: list[Letter], as_json: bool) -> None:
    if as_json:
        import orjson

        for letter in letters:
            print(orjson.dumps(_record(letter)).decode())
        return
    print(f"{stage}: {len(letters) or 'no'} dead letters")
    for letter in letters:
        _print(letter)


def _print(letter: Letter) -> None:
    reason = letter.reason
    notes = ", sent back" * letter.sent_back + ", value not kept" * letter.omitted
    key = (letter.key or b"").decode("utf-8", "replace") or "–"
    print(f"  {letter.partition}:{letter.offset}  {reason.first_seen}  {key}  {reason.code}: {reason.message}{notes}")


def _record(letter: Letter) -> dict[str, Any]:
    return {
        **letter.reason.model_dump(),
        "letter": {"partition": letter.partition, "offset": letter.offset, "size": letter.size},
        "key": (letter.key or b"").decode("utf-8", "replace"),
        "sent_back": letter.sent_back,
        "omitted": letter.omitted,
    }


def _show(found: tuple[Letter, bytes | None, list[tuple[str, bytes]]] | None, arguments: argparse.Namespace) -> int:
    if found is None:
        print(f"no dead letter of the {arguments.stage} at {arguments.partition}:{arguments.offset}", file=sys.stderr)
        return 1
    letter, value, headers = found
    if arguments.raw:
        sys.stdout.buffer.write(value or b"")
        return 0
    reason = letter.reason
    print(f"reason      {reason.code}: {reason.message}")
    print(f"came from   {reason.topic} {reason.partition}:{reason.offset}, first seen {reason.first_seen}")
    print(f"refused by  {reason.stage} (Varta {reason.version}), redriven {reason.redriven} times")
    print(f"key         {(letter.key or b'').decode('utf-8', 'replace')}")
    for name, data in headers:
        print(f"header      {name}: {(data or b'').decode('utf-8', 'replace')}")
    print(f"value       {letter.size:,} bytes" + (" (not kept: too large)" if letter.omitted else ""))
    if value:
        print(value[:4000].decode("utf-8", "replace") + ("…" if len(value) > 4000 else ""))
    return 0
