"""A batch of inputs to the records that answer them: the part that knows no Kafka and runs in a thread.

Every input is answered: by its outputs, by a dead letter, by being passed on (heartbeats), or by an error that stops
the worker before anything is committed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from services.contracts.stage import Message, Outcome, Output, Reject, Stage
from services.runtime import cloudevents, heartbeat
from services.runtime.clients import MAX_REQUEST_BYTES
from services.runtime.deadletters import REDRIVEN_FOR, dead_letter
from services.runtime.records import Record

# what headers, key and framing may take of the largest request
HEADER_ROOM = 64 * 1024


class StageFailed(RuntimeError):
    """A stage raised what it never should; the message names the record, the cause is the stage's own error."""


@dataclass(slots=True)
class Answer:
    """What a batch comes to: records in the order of their inputs, and what to count."""

    records: list[Record] = field(default_factory=list)
    rejected: list[tuple[Message, Reject]] = field(default_factory=list)
    published: Counter[str] = field(default_factory=Counter)
    heartbeats: list[int] = field(default_factory=list)
    processed: int = 0
    seconds: float = 0.0


class Workbench:
    """Applies one stage to batches. `max_bytes` bounds single messages, in and out; `state_partition` is where the
    changelog of a stateful stage goes."""

    def __init__(self, stage: Stage, max_bytes: int, state_partition: int | None = None) -> None:
        self.stage = stage
        self.max_bytes = max_bytes
        self.changelog: str | None = getattr(stage, "changelog", None)
        self.state_partition = state_partition
        self.max_output = max_bytes if self.changelog is None else MAX_REQUEST_BYTES - HEADER_ROOM
        self.source = f"/varta/{stage.name}"

    def answer(self, messages: Sequence[Message]) -> Answer:
        """Records for all messages; raises StageFailed for an error that is no Reject."""
        started = time.perf_counter()
        now_ms = int(time.time() * 1000)
        now = cloudevents.timestamp(now_ms)
        answer = Answer()
        ready: list[Message] = []
        early: dict[int, Reject | list[Record]] = {}
        for place, message in enumerate(messages):
            found = self._before_stage(message, answer)
            if found is None:
                ready.append(message)
            else:
                early[place] = found
        outcomes = iter(self._outcomes(ready)) if ready else iter(())
        for place, message in enumerate(messages):
            found = early.get(place)
            if found is None:
                outcome = next(outcomes)
                found = outcome if isinstance(outcome, Reject) else self._written(message, outcome, now)
            if isinstance(found, Reject):
                answer.rejected.append((message, found))
                found = [dead_letter(message, self.stage.name, found, now_ms, MAX_REQUEST_BYTES)]
            answer.records += found
        answer.published.update(record.topic for record in answer.records)
        answer.processed = len(messages)
        answer.seconds = time.perf_counter() - started
        return answer

    def _before_stage(self, message: Message, answer: Answer) -> Reject | list[Record] | None:
        """What is answered without the stage: heartbeats, records redriven for another stage, bodies too large."""
        value = message.value
        if value is None:
            sent = heartbeat.sent_ms(message)
            if sent is not None:
                answer.heartbeats.append(sent)
                return heartbeat.passed_on(message)
        elif len(value) > self.max_bytes:
            return Reject(
                "too-large",
                f"the message has {len(value):,} bytes, more than VARTA_MAX_MESSAGE_BYTES ({self.max_bytes:,})",
            )
        for name, header in message.headers:
            if name == REDRIVEN_FOR and header != self.stage.name.encode():
                return []
        return None

    def _outcomes(self, messages: list[Message]) -> Sequence[Outcome]:
        try:
            outcomes = self.stage.process_many(messages)
        except Exception as error:
            if self.changelog is not None:
                # its state has seen part of the batch, so it cannot be asked again
                raise StageFailed(
                    f"{self.stage.name} failed in {_name(messages[0])} to {_name(messages[-1])}"
                ) from error
            return [self._alone(message) for message in messages]
        if len(outcomes) != len(messages):
            raise StageFailed(f"{self.stage.name} gave {len(outcomes)} outcomes for {len(messages)} messages")
        return outcomes

    def _alone(self, message: Message) -> Outcome:
        """One message by itself, so that an error names its record."""
        try:
            return self.stage.process(message)
        except Reject as reject:
            return reject
        except Exception as error:
            raise StageFailed(
                f"{self.stage.name} failed on {_name(message)}: {type(error).__name__}: {error}"
            ) from error

    def _written(self, message: Message, outputs: list[Output], now: bytes) -> list[Record] | Reject:
        """Outputs as records, or a reject when one of them is larger than a topic takes."""
        records: list[Record] = []
        if not outputs:
            return records
        origin = cloudevents.origin_of(message)
        for output in outputs:
            try:
                value = _bytes(output.value)
                key = output.key.encode() if output.key is not None else None
            except ValueError as error:  # lone surrogates, most likely, which no stage should let through
                if self.changelog is not None:
                    raise StageFailed(f"{self.stage.name} on {_name(message)}: {error}") from error
                return Reject("unwritable-output", f"its message for {output.topic} cannot be written: {error}")
            if value is not None and len(value) > self.max_output:
                why = f"its message for {output.topic} would have {len(value):,} bytes, more than {self.max_output:,}"
                if self.changelog is not None:
                    # its state has changed already, so the input cannot be refused any more
                    raise StageFailed(f"{self.stage.name} on {_name(message)}: {why}")
                return Reject("output-too-large", why)
            if output.topic == self.changelog:
                records.append(Record(output.topic, key, value, list(output.headers), self.state_partition))
                continue
            headers = cloudevents.output_headers(
                output.topic,
                key,
                value,
                source=self.source,
                type_=output.type,
                subject=output.subject,
                time=now,
                origin=origin,
            )
            headers += output.headers
            records.append(Record(output.topic, key, value, headers))
        return records


def _bytes(value: BaseModel | bytes | None) -> bytes | None:
    return value.model_dump_json().encode() if isinstance(value, BaseModel) else value


def _name(message: Message) -> str:
    return f"{message.topic}/{message.partition}@{message.offset}"
