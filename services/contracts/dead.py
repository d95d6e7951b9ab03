"""<stage>.dlq: what could not be processed, as it was, with the reason in headers and body."""

from __future__ import annotations

from services.contracts.base import Contract


class DeadLetter(Contract):
    """The reason, as read from a dead letter's headers; the record's own key, value and headers stay as they were."""

    stage: str
    code: str
    message: str
    topic: str
    partition: int
    offset: int
    first_seen: str
    version: str
    redriven: int = 0
