"""Dead letters: what no stage could process, kept as it was, with the reason in headers in Kafka Connect's manner."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from services.contracts import topics
from services.contracts.dead import DeadLetter
from services.contracts.stage import Message, Reject
from services.runtime.cloudevents import timestamp
from services.runtime.records import Record

PREFIX = "__varta.errors."
# on a record that was sent back: how often, and which stage alone is to read it again
REDRIVEN = "__varta.redriven"
REDRIVEN_FOR = "__varta.redriven.for"
LONGEST_REASON = 2000

try:
    VERSION = version("varta")
except PackageNotFoundError:  # run from a folder without installation
    VERSION = "0"


def dead_letter(message: Message, stage: str, reject: Reject, now_ms: int, room: int) -> Record:
    """The record for `<stage>.dlq`: key, value and headers as they came, and the reason.

    A value that, with its headers, would not fit into `room` bytes is left out (header `value.omitted` gives its size);
    it can still be read at its topic, partition and offset.
    """
    kept = [(n, v) for n, v in message.headers if not n.startswith(PREFIX)]
    first_seen = next((v for n, v in message.headers if n == PREFIX + "first.seen"), timestamp(now_ms))
    reasons = {
        "stage": stage.encode(),
        "code": reject.code.encode(),
        "message": reject.why[:LONGEST_REASON].encode("utf-8", "replace"),
        "topic": message.topic.encode(),
        "partition": str(message.partition).encode(),
        "offset": str(message.offset).encode(),
        "first.seen": first_seen,
        "version": VERSION.encode(),
    }
    headers = kept + [(PREFIX + name, text) for name, text in reasons.items()]
    value = message.value
    used = len(message.key or b"") + sum(len(n) + len(v or b"") + 8 for n, v in headers) + 128
    if value is not None and used + len(value) > room:
        headers.append((PREFIX + "value.omitted", str(len(value)).encode()))
        value = None
    return Record(topics.dead_letters(stage), message.key, value, headers)


def read_reason(headers: tuple[tuple[str, bytes], ...] | list[tuple[str, bytes]]) -> DeadLetter:
    """The reason in a dead letter's headers; missing ones read as empty or -1."""
    found = {n: (v or b"").decode("utf-8", "replace") for n, v in headers}

    def number(name: str, default: int) -> int:
        text = found.get(name, "")
        return int(text) if text.lstrip("-").isdigit() else default

    return DeadLetter(
        stage=found.get(PREFIX + "stage", ""),
        code=found.get(PREFIX + "code", ""),
        message=found.get(PREFIX + "message", ""),
        topic=found.get(PREFIX + "topic", ""),
        partition=number(PREFIX + "partition", -1),
        offset=number(PREFIX + "offset", -1),
        first_seen=found.get(PREFIX + "first.seen", ""),
        version=found.get(PREFIX + "version", ""),
        redriven=number(REDRIVEN, 0),
    )
