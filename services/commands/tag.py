"""Code the events of articles here and now, without Kafka.

FILE is text, HTML, JSON lines, a JSON document (Varta's own, ninjs, news-please), WARC, or a folder of these; - is
standard input. For persons the events are printed to read; with --jsonl one line an article is written:
{"id", "language", "title", "text", "events", "mentions", "quantities", "quotes", "dates", "topics", "removed"},
or {"id", "rejected"} with the reason when an article is refused.
"""

from __future__ import annotations

import argparse
import sys

from services.commands.errors import UserError

EXAMPLES = """\
examples:
  varta tag seeds/*.txt
  varta tag --full page.html
  varta tag --jsonl < articles.jsonl > coded.jsonl      {"id", "text"} a line; "title", "published", "language" help
  curl -s https://example.org/story | varta tag -
  varta tag --profile fast --jsonl crawl.warc.gz
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta tag`."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="files, folders or - (default with --jsonl: -)")
    parser.add_argument("--jsonl", action="store_true", help="one JSON line an article, out and (on standard input) in")
    parser.add_argument("--full", action="store_true", help="also names, times, numbers, quotes, topics, removals")
    add_profile(parser)


def add_profile(parser: argparse.ArgumentParser) -> None:
    """The choice of models."""
    import os

    parser.add_argument(
        "--profile",
        choices=("fast", "accurate"),
        default=os.environ.get("VARTA_PROFILE") or "accurate",
        help="fast: no encoder; accurate (default): a small encoder on the sentences that need it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; exit code 0 also when single articles are refused."""
    files: list[str] = arguments.files or (["-"] if arguments.jsonl or not sys.stdin.isatty() else [])
    if not files:
        raise UserError("no article given: name files or folders, or - for standard input (see varta tag --help)")

    from services.commands.inprocess import Pipeline
    from services.commands.record import record_of
    from services.commands.sources import read_all

    pipeline = Pipeline(arguments.profile)
    if arguments.jsonl:
        import orjson

        for result in pipeline.run(read_all(files, lines=True)):
            sys.stdout.buffer.write(orjson.dumps(record_of(result)) + b"\n")
            sys.stdout.buffer.flush()
        return 0

    from services.commands.view import article_view

    for result in pipeline.run(read_all(files)):
        article_view(record_of(result), arguments.full)
    return 0
