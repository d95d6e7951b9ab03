"""`varta`: one command for people and programs.

Each subcommand is a module of `services.commands` with `add_arguments(parser)` and `run(arguments) -> exit code`. Only
the module of the command that was asked for is imported, because most of the time of a short command is imports.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from services.commands.errors import UserError

COMMANDS: dict[str, str] = {
    "tag": "code the events of articles here and now, without Kafka",
    "stories": "group articles into stories here and now, without Kafka",
    "explain": "say which words gave each event its type, status and parties",
    "export": "write events as PLOVER, CAMEO or POLECAT records",
    "demo": "run the whole stream on an embedded Kafka over the seed articles",
    "up": "run an embedded Kafka (or yours) and every stage until Ctrl-C",
    "worker": "run one or more stages as a worker",
    "replay": "send articles from files to articles.raw",
    "tail": "follow a topic",
    "topics": "compare the cluster's topics with the declared ones, or make them so",
    "dlq": "list, show and redrive dead letters",
    "doctor": "check broker, topics, groups, lag, versions and model files",
    "eval": "rerun an accuracy figure",
    "bench": "measure throughput, latency and memory",
    "schemas": "write JSON Schema, AsyncAPI and examples from the contracts",
    "trends": "count distinct events per window (Faust)",
}

EXAMPLES = """\
examples:
  varta tag seeds/*.txt                      the events of five articles, to read
  varta tag --jsonl < articles.jsonl         one analysed article a line, for programs
  varta demo                                 the whole stream on a real Kafka, in half a minute
  varta up & varta replay seeds/ & varta tail events.tagged
  varta worker tagger                        one stage against KAFKA_BOOTSTRAP_SERVERS
"""


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="varta",
        description="Raw Hindi and English news in, coded political events out.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        if name != chosen:
            commands.add_parser(name, help=summary)
            continue
        module = importlib.import_module(f"services.commands.{name}")
        sub = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            epilog=getattr(module, "EXAMPLES", None),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(chosen if chosen in COMMANDS else None)
    arguments = parser.parse_args(words)
    if arguments.version:
        from importlib.metadata import version

        print(f"varta {version('varta')}")
        return 0
    if not arguments.command:
        parser.print_help()
        return 2
    # what the Kafka client has to say about a broker that does not answer, the command says in its own words
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `varta … | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        said = explained(error)
        if said is None:
            raise
        print(f"varta {arguments.command}: {said}", file=sys.stderr)
        return 2 if isinstance(error, UserError) else 1


def explained(error: BaseException) -> str | None:
    """The words for a person when the error is one they can act on; None for a fault of the program."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"no such file: {error.filename}"
    if isinstance(error, (PermissionError, IsADirectoryError)) and error.filename:
        return f"{error.strerror}: {error.filename}"
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"EmbeddedKafkaError", "JarError", "SettingsError", "TopicError", "MissingTopics", "WorkerDied"}:
        return str(error)
    if "KafkaConnectionError" in names:
        return (
            f"no Kafka answers: {error}. Start one with `varta up`, or set KAFKA_BOOTSTRAP_SERVERS to yours. "
            "`varta doctor` says more."
        )
    return None


if __name__ == "__main__":
    sys.exit(main())
