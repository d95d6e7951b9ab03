"""Every input of a batch is answered, in order, or the batch fails and names the record."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.contracts import topics
from services.contracts.dead import DeadLetter
from services.contracts.stage import Message, OneByOne, Outcome, Output, Reject
from services.runtime import heartbeat
from services.runtime.cloudevents import read
from services.runtime.deadletters import REDRIVEN_FOR, read_reason
from services.runtime.work import StageFailed, Workbench


class Upper(OneByOne):
    """Upper-cases letters, refuses digits, breaks on `!`, and on batches where told."""

    name = "upper"
    inputs = (topics.RAW,)
    breaks_on_batches = False

    def process(self, message: Message) -> list[Output]:
        """Two outputs a message."""
        text = (message.value or b"").decode()
        if text.isdigit():
            raise Reject("digits", f"expected letters, got {text}")
        if text == "!":
            raise ZeroDivisionError("a bug")
        return [Output(topics.NORMALIZED, "k", text.upper().encode()), Output(topics.OTHER, None, None)]

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """As one by one."""
        if self.breaks_on_batches:
            raise MemoryError("the model's batch")
        return super().process_many(messages)


def _messages(*values: bytes | None) -> list[Message]:
    return [Message(value, b"key", (("a", b"b"),), topics.RAW, 3, n) for n, value in enumerate(values)]


def test_answers_come_in_the_order_of_their_inputs() -> None:
    answer = Workbench(Upper(), 100).answer(_messages(b"a", b"1", b"b" * 200, b"c"))
    shown = [(record.topic, record.value) for record in answer.records]
    assert shown == [
        (topics.NORMALIZED, b"A"),
        (topics.OTHER, None),
        ("upper.dlq", b"1"),
        ("upper.dlq", b"b" * 200),
        (topics.NORMALIZED, b"C"),
        (topics.OTHER, None),
    ]
    assert [reject.code for _, reject in answer.rejected] == ["digits", "too-large"]
    assert answer.processed == 4
    assert read(answer.records[0].headers).source == "/varta/upper"


def test_a_dead_letter_keeps_the_record_and_says_why() -> None:
    record = Workbench(Upper(), 100).answer(_messages(b"a", b"12")).records[2]
    reason = read_reason(record.headers)
    assert (record.key, record.value, record.headers[0]) == (b"key", b"12", ("a", b"b"))
    assert (reason.stage, reason.code, reason.message) == ("upper", "digits", "expected letters, got 12")
    assert (reason.topic, reason.partition, reason.offset, reason.redriven) == (topics.RAW, 3, 1, 0)


def test_a_bug_names_its_record() -> None:
    with pytest.raises(StageFailed, match=r"upper failed on articles.raw/3@1: ZeroDivisionError: a bug"):
        Workbench(Upper(), 100).answer(_messages(b"a", b"!", b"b"))


def test_a_batch_that_fails_as_a_whole_is_tried_one_by_one() -> None:
    stage = Upper()
    stage.breaks_on_batches = True
    assert len(Workbench(stage, 100).answer(_messages(b"a", b"b")).records) == 4


def test_an_output_too_large_makes_its_input_a_dead_letter() -> None:
    class Grows(Upper):
        def process(self, message: Message) -> list[Output]:
            return [Output(topics.NORMALIZED, "k", (message.value or b"") * 50)]

    answer = Workbench(Grows(), 100).answer(_messages(b"abc", b"a"))
    assert [reject.code for _, reject in answer.rejected] == ["output-too-large"]
    assert [record.topic for record in answer.records] == ["upper.dlq", topics.NORMALIZED]


def test_an_output_that_cannot_be_written_makes_its_input_a_dead_letter() -> None:
    class Surrogates(Upper):
        def process(self, message: Message) -> list[Output]:
            return [
                Output(
                    topics.NORMALIZED, "k", DeadLetter.model_construct(code=(message.value or b"").decode() + "\ud800")
                )
            ]

    answer = Workbench(Surrogates(), 1000).answer(_messages(b"a"))
    assert [reject.code for _, reject in answer.rejected] == ["unwritable-output"]


def test_heartbeats_pass_the_stage_by() -> None:
    beat = heartbeat.new_heartbeat(1234)
    message = Message(None, beat.key, tuple(beat.headers), topics.RAW, 0, 7)
    answer = Workbench(Upper(), 100).answer([message])
    assert answer.heartbeats == [1234]
    assert [(r.topic, r.partition, r.headers) for r in answer.records] == [(topics.NORMALIZED, 0, beat.headers)]


def test_a_heartbeat_ends_at_the_last_topic() -> None:
    beat = heartbeat.new_heartbeat(1234)
    answer = Workbench(Upper(), 100).answer([Message(None, beat.key, tuple(beat.headers), topics.TAGGED)])
    assert (answer.heartbeats, answer.records) == ([1234], [])


def test_a_record_redriven_for_another_stage_is_passed_over() -> None:
    for stage, outputs in ((b"upper", 2), (b"other", 0)):
        message = Message(b"a", headers=((REDRIVEN_FOR, stage),), topic=topics.RAW)
        assert len(Workbench(Upper(), 100).answer([message]).records) == outputs


def test_a_batch_broken_in_a_stage_with_state_is_not_tried_again() -> None:
    class Remembers(Upper):
        changelog = "upper.state"

    stage = Remembers()
    stage.breaks_on_batches = True
    with pytest.raises(StageFailed, match=r"articles.raw/3@0 to articles.raw/3@1"):
        Workbench(stage, 100, state_partition=0).answer(_messages(b"a", b"b"))
