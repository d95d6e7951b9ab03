"""What a stage is: a pure function from one message to messages, with its refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from pydantic import BaseModel


class Reject(Exception):
    """This input can never succeed; it goes to the dead-letter topic with `code` and a reason in a person's words.

    `code` is a short stable word (bad-json, empty-text); `why` says what was expected, what came, where.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Message:
    """One input record as it came."""

    value: bytes | None
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    topic: str = ""
    partition: int = 0
    offset: int = 0
    timestamp_ms: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """One message to publish: `value` is a contract, ready bytes, or None for a tombstone.

    `type` and `subject` fill the CloudEvents headers of the same names.
    """

    topic: str
    key: str | None
    value: BaseModel | bytes | None
    type: str = ""
    subject: str | None = None
    headers: tuple[tuple[str, bytes], ...] = field(default=())


Outcome: TypeAlias = "list[Output] | Reject"


class Stage(Protocol):
    """A stateless stage. `process_many` returns one outcome a message, in order; it never raises Reject itself."""

    name: str
    inputs: tuple[str, ...]

    def process(self, message: Message) -> list[Output]:
        """Messages to publish for one input; raises Reject for an input that can never succeed."""
        ...

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """Outcomes of a batch, where a stage gains by seeing several inputs at once (model batches)."""
        ...


class StatefulStage(Stage, Protocol):
    """A stage whose state is the fold of its changelog: records written in the same transaction as its outputs."""

    changelog: str

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Fold changelog records (key, value or tombstone) into the state, in order, before the first input."""
        ...

    def reset(self) -> None:
        """Forget all state (the partition is gone, or a transaction was aborted)."""
        ...


class OneByOne:
    """Base of stages that look at each message alone."""

    def process(self, message: Message) -> list[Output]:
        """Messages to publish for one input."""
        raise NotImplementedError

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message, each processed alone."""
        outcomes: list[Outcome] = []
        for message in messages:
            try:
                outcomes.append(self.process(message))
            except Reject as reject:
                outcomes.append(reject)
        return outcomes
