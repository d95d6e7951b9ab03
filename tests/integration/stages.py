"""Small stages for the runner's tests. Their names, and so their dead-letter topics, are the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from services.contracts.stage import Message, OneByOne, Output, Reject


class PassThrough(OneByOne):
    """Copies each message to the output topic."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs = (f"{name}.in",)
        self.output = f"{name}.out"

    def process(self, message: Message) -> list[Output]:
        """The same key and value."""
        key = message.key.decode() if message.key is not None else None
        return [Output(self.output, key, message.value)]


class Checked(PassThrough):
    """Wants JSON objects with a text; refuses everything else in words."""

    def process(self, message: Message) -> list[Output]:
        """The article's text, upper-cased."""
        if message.value is None:
            raise Reject("null-value", "expected a JSON object, got a message without value")
        try:
            text = message.value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Reject(
                "bad-encoding", f"expected UTF-8, got byte {message.value[error.start]:#x} at {error.start}"
            ) from error
        try:
            article = json.loads(text)
        except ValueError as error:
            raise Reject("bad-json", f"expected a JSON object: {error}") from error
        if not isinstance(article, dict) or not isinstance(article.get("text"), str):
            raise Reject("wrong-type", "expected an object with a string `text`")
        if not article["text"].strip():
            raise Reject("empty-text", "expected words in `text`, got none")
        value = json.dumps({"id": article.get("id"), "text": article["text"].upper()}, ensure_ascii=False).encode()
        return [Output(self.output, str(article.get("id")), value)]


class Breaks(PassThrough):
    """Raises what no stage should, on one message."""

    def process(self, message: Message) -> list[Output]:
        """Fails on `bad`."""
        if message.value == b"bad":
            raise KeyError("a bug")
        return super().process(message)


class Counting(PassThrough):
    """Numbers its messages 1, 2, 3 … over all partitions: any loss, repetition or stale state shows in the sequence."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.changelog = f"{name}.state"
        self.count = 0

    def process(self, message: Message) -> list[Output]:
        """The next number and the message, and the number as the new state."""
        self.count += 1
        return [
            Output(self.output, "all", str(self.count).encode() + b" " + (message.value or b"")),
            Output(self.changelog, "count", str(self.count).encode()),
        ]

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """The last number written."""
        for _, value in records:
            self.count = int(value or 0)

    def reset(self) -> None:
        """Nothing counted."""
        self.count = 0


class CountingEach(Counting):
    """Numbers the messages of each partition by themselves; its changelog has as many partitions as its input."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.changelog = f"{name}.states"

    def process(self, message: Message) -> list[Output]:
        """The partition, its next number and the message."""
        numbered, state = super().process(message)
        value = f"{message.partition} ".encode() + bytes(numbered.value or b"")  # type: ignore[arg-type]
        return [Output(self.output, "all", value), state]
