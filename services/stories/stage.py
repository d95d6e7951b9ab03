"""The stories stage: articles.tagged in; stories.updated, events.resolved and its own changelog out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.contracts import topics
from services.contracts.resolved import ResolvedEvent, Story
from services.contracts.stage import Message, Outcome, Output, Reject
from services.stories import intake, telling
from services.stories.engine import Engine, Limits, Touched


class StoriesStage:
    """Stateful: keeps stories and resolved events, and answers each article with what it changed.

    A message without value withdraws the article of its key. In a batch, a story or an event that changes several times
    is published once, as it stands at the end.
    """

    name = "stories"
    inputs = (topics.TAGGED,)
    changelog = topics.STORIES_STATE

    def __init__(self, limits: Limits | None = None) -> None:
        self.engine = Engine(limits=limits)

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Fold changelog records into the state."""
        self.engine.restore(records)

    def reset(self) -> None:
        """Forget all state."""
        self.engine.clear()

    def process(self, message: Message) -> list[Output]:
        """What one article changes; raises Reject for a message that is no tagged article."""
        outcome = self.process_many([message])[0]
        if isinstance(outcome, Reject):
            raise outcome
        return outcome

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message; what the whole batch changed is with the last message that is no reject."""
        outcomes: list[Outcome] = []
        last = -1
        for at, message in enumerate(messages):
            try:
                self._take(message)
            except Reject as reject:
                outcomes.append(reject)
            else:
                outcomes.append([])
                last = at
        if last >= 0:
            outcomes[last] = self._flush()
        return outcomes

    def _take(self, message: Message) -> None:
        if message.value is None:
            if message.key is None:
                raise Reject("no-key", "a message without value withdraws the article of its key, and has none")
            self.engine.withdraw(message.key.decode("utf-8", "replace"))
            return
        self.engine.take(intake.read(message), message.timestamp_ms // 1000)

    def _flush(self) -> list[Output]:
        engine = self.engine
        touched = engine.touched
        outputs = [Output(topics.STORIES, s.id, s, "story." + s.change, s.id) for s in telling.stories(engine)]
        outputs += [Output(topics.RESOLVED, e.id, e, _event_type(e), e.id) for e in telling.events(engine)]
        if touched != Touched():
            outputs += [Output(self.changelog, key.decode(), value, "state") for key, value in engine.changes()]
            engine.touched = Touched()
        return outputs


def _event_type(event: ResolvedEvent) -> str:
    return "event.retracted" if event.retracted else "event.merged" if event.merged_into else "event.resolved"


__all__ = ["StoriesStage", "Story"]
