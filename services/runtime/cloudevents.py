"""CloudEvents 1.0 in Kafka's binary mode: the headers every message carries, written and read.

Ids are a hash of topic, key and value, so a replay writes the same ids. `ce_received` is an extension: when the article
entered the stream, carried through all stages, which makes end-to-end latency a subtraction. `traceparent` (W3C) is
carried as it came, and begun where none came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from services.contracts import topics
from services.contracts.stage import Message

Headers = list[tuple[str, bytes]]

_CONTRACT = {topic.name: topic.message for topic in topics.TOPICS}
_JSON = ("content-type", b"application/json")
_LAST_MS = 253_402_300_799_999
_SPEC = ("ce_specversion", b"1.0")


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """The attributes of a message, as read from its headers; empty where a producer sent none."""

    id: str = ""
    type: str = ""
    source: str = ""
    time: str = ""
    subject: str = ""
    dataschema: str = ""
    datacontenttype: str = ""
    traceparent: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an output inherits from its input: when the article came in, and its trace."""

    received: bytes
    trace: tuple[tuple[str, bytes], ...]


def schema_uri(contract: str) -> str:
    """Name of a contract's schema in `ce_dataschema`."""
    return f"urn:varta:schema:{contract}:1"


def event_id(topic: str, key: bytes | None, value: bytes | None) -> bytes:
    """32 hex digits that depend on what is said and where, and on nothing else."""
    digest = blake2b(topic.encode(), digest_size=16)
    digest.update(b"\0" + (key or b"") + b"\0")
    digest.update(value or b"")
    return digest.hexdigest().encode()


def timestamp(milliseconds: int) -> bytes:
    """RFC 3339 in UTC with milliseconds; times before 1970 or after 9999 become the nearest that can be told."""
    seconds, rest = divmod(min(max(milliseconds, 0), _LAST_MS), 1000)
    return b"%s.%03dZ" % (_second(seconds), rest)


@lru_cache(maxsize=4096)
def _second(seconds: int) -> bytes:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")[:19].encode()


def origin_of(message: Message) -> Origin:
    """What outputs of this input inherit."""
    received = b""
    trace: list[tuple[str, bytes]] = []
    for name, value in message.headers:
        if name == "ce_received" and value and value[:2] == b"20" and b"T" in value:
            received = value
        elif name == "traceparent" and value and len(value) == 55 and value.isascii():
            trace.insert(0, (name, value))
        elif name == "tracestate" and value:
            trace.append((name, value))
    if not trace or trace[0][0] != "traceparent":
        trace = [("traceparent", _new_trace(f"{message.topic}/{message.partition}/{message.offset}".encode()))]
    return Origin(received or timestamp(message.timestamp_ms), tuple(trace))


@lru_cache(maxsize=256)
def _fixed(topic: str, source: str, type_: str) -> tuple[tuple[str, bytes], ...]:
    """The headers that all messages of one kind share."""
    contract = _CONTRACT.get(topic, "")
    kind = type_ or f"varta.{contract or topic}.v1"
    fixed = [_SPEC, ("ce_type", kind.encode()), ("ce_source", source.encode()), _JSON]
    if contract:
        fixed.append(("ce_dataschema", schema_uri(contract).encode()))
    return tuple(fixed)


def output_headers(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    *,
    source: str,
    type_: str = "",
    subject: str | None = None,
    time: bytes,
    origin: Origin,
) -> Headers:
    """Headers of a stage's output; `source` is the stage's URI reference, `time` an RFC 3339 time as bytes."""
    headers = [
        *_fixed(topic, source, type_),
        ("ce_id", event_id(topic, key, value)),
        ("ce_time", time),
        ("ce_received", origin.received),
        *origin.trace,
    ]
    if subject:
        headers.append(("ce_subject", subject.encode()))
    return headers


def first_headers(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    *,
    source: str,
    now_ms: int,
    type_: str = "",
    subject: str | None = None,
    content_type: str | None = None,
) -> Headers:
    """Headers of a message that enters the stream (replay, gateway, feeds); `content_type` where it is not JSON."""
    identity = event_id(topic, key, value)
    time = timestamp(now_ms)
    origin = Origin(time, (("traceparent", _new_trace(identity + time)),))
    headers = output_headers(topic, key, value, source=source, type_=type_, subject=subject, time=time, origin=origin)
    if content_type:
        headers = [(n, content_type.encode() if n == "content-type" else v) for n, v in headers if n != "ce_dataschema"]
    return headers


def read(headers: Iterable[tuple[str, bytes]]) -> CloudEvent:
    """The attributes in a record's headers; bytes that are not UTF-8 are shown with marks, never an error."""
    found = {name: value.decode("utf-8", "replace") for name, value in headers if value is not None}
    return CloudEvent(
        id=found.get("ce_id", ""),
        type=found.get("ce_type", ""),
        source=found.get("ce_source", ""),
        time=found.get("ce_time", ""),
        subject=found.get("ce_subject", ""),
        dataschema=found.get("ce_dataschema", ""),
        datacontenttype=found.get("content-type", ""),
        traceparent=found.get("traceparent", ""),
        received=found.get("ce_received", ""),
    )


def received_ms(message: Message) -> int:
    """When the message's article entered the stream, epoch milliseconds; the record's own time when it does not say."""
    for name, value in message.headers:
        if name == "ce_received":
            try:
                return int(datetime.fromisoformat(value.decode()).timestamp() * 1000)
            except ValueError:
                break
    return message.timestamp_ms


def _new_trace(seed: bytes) -> bytes:
    digest = blake2b(seed, digest_size=24).hexdigest()
    return f"00-{digest[:32]}-{digest[32:]}-01".encode()
