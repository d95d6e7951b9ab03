"""A message that every stage passes on without processing: its age at a stage tells that all stages before it live."""

from __future__ import annotations

from services.contracts import topics
from services.contracts.stage import Message
from services.runtime.cloudevents import timestamp
from services.runtime.records import Record

HEADER = "varta_heartbeat"
# where a stage passes heartbeats on to; the last one keeps them
NEXT = {topics.RAW: topics.NORMALIZED, topics.NORMALIZED: topics.ENRICHED, topics.ENRICHED: topics.TAGGED}


def new_heartbeat(now_ms: int) -> Record:
    """A heartbeat for the first topic; always partition 0."""
    headers = [
        (HEADER, str(now_ms).encode()),
        ("ce_specversion", b"1.0"),
        ("ce_id", f"heartbeat-{now_ms}".encode()),
        ("ce_type", b"varta.Heartbeat.v1"),
        ("ce_source", b"/varta/heartbeat"),
        ("ce_time", timestamp(now_ms)),
    ]
    return Record(topics.RAW, b"heartbeat", None, headers, partition=0)


def sent_ms(message: Message) -> int | None:
    """When a heartbeat was sent, epoch milliseconds; None for every other message."""
    if message.value is not None:
        return None
    for name, value in message.headers:
        if name == HEADER:
            return int(value) if value and value.isdigit() else None
    return None


def is_heartbeat(headers: tuple[tuple[str, bytes], ...] | list[tuple[str, bytes]]) -> bool:
    """True for records that readers of the topics should pass over."""
    return any(name == HEADER for name, _ in headers)


def passed_on(message: Message) -> list[Record]:
    """The heartbeat for the next topic, as it came; nothing after the last stage."""
    following = NEXT.get(message.topic)
    return [Record(following, message.key, None, list(message.headers), partition=0)] if following else []
