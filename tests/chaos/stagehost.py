"""A worker process for the faults: `python -m tests.chaos.stagehost KIND NAME`, settings from the environment."""

from __future__ import annotations

import asyncio
import sys
import time

from services.contracts.stage import Message, Output, Stage
from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings
from services.runtime.worker import run
from tests.integration.stages import Counting, PassThrough


class Slow(PassThrough):
    """Takes its time, so that a pause hits it in the middle of its work."""

    def process(self, message: Message) -> list[Output]:
        """The same message after 5 ms."""
        time.sleep(0.005)
        return super().process(message)


KINDS: dict[str, type[PassThrough]] = {"pass": PassThrough, "count": Counting, "slow": Slow}


def main() -> None:
    """Run until told to stop."""
    settings = load_settings()
    configure_logs(settings)
    stage: Stage = KINDS[sys.argv[1]](sys.argv[2])
    asyncio.run(run([stage], settings))


if __name__ == "__main__":
    main()
