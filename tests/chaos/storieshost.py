"""A worker of stories on a test's topics: `python -m tests.chaos.storieshost NAME`, settings from the environment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace

from services.contracts import topics
from services.contracts.stage import Message, Outcome
from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings
from services.runtime.worker import run
from services.stories.engine import Limits
from services.stories.stage import StoriesStage


class Stories(StoriesStage):
    """The stage, reading NAME.in and writing NAME.out and NAME.state."""

    def __init__(self, name: str, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self.name = name
        self.inputs = (f"{name}.in",)
        self.changelog = f"{name}.state"
        self._topics = {
            topics.STORIES: f"{name}.out",
            topics.RESOLVED: f"{name}.out",
            topics.STORIES_STATE: f"{name}.state",
        }

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """The outcomes of the stage on the test's topics."""
        return [
            [replace(o, topic=self._topics.get(o.topic, o.topic)) for o in outcome]
            if isinstance(outcome, list)
            else outcome
            for outcome in super().process_many(messages)
        ]


def main() -> None:
    """Run until told to stop."""
    settings = load_settings()
    configure_logs(settings)
    asyncio.run(run([Stories(sys.argv[1])], settings))


if __name__ == "__main__":
    main()
