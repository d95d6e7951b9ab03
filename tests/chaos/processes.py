"""Worker processes that can be killed, paused and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from services.runtime.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A worker process with a log of its own; `command` follows the interpreter."""

    def __init__(self, command: Sequence[str], settings: Settings, folder: Path | None = None) -> None:
        self.command = [sys.executable, *command]
        self.environment = {
            **os.environ,
            "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
            "VARTA_GROUP_PREFIX": settings.group_prefix,
            "VARTA_SESSION_TIMEOUT_MS": str(settings.session_timeout_ms),
            "VARTA_BATCH_MAX_MESSAGES": str(settings.batch_max_messages),
            "VARTA_LOG_FORMAT": "json",
        }
        self._log = tempfile.NamedTemporaryFile(prefix="varta-worker-", suffix=".log", dir=folder)  # noqa: SIM115
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0

    def start(self) -> Worker:
        """Start, or start again after an end."""
        self._started_at = len(self.log)
        with open(self._log.name, "ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def send(self, number: signal.Signals) -> None:
        """Send a signal; a process that has ended hears nothing."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9, and wait for the end."""
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self, seconds: float = 30.0) -> int:
        """SIGTERM, and the exit code."""
        assert self.process is not None
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        return self.process.wait(seconds)

    @property
    def log(self) -> str:
        """What it has logged."""
        return Path(self._log.name).read_text(errors="replace")

    def wait_for(self, words: str, seconds: float = 90.0) -> None:
        """Return when it has logged these words since it was last started."""
        deadline = time.monotonic() + seconds
        while words not in self.log[self._started_at :]:
            if time.monotonic() > deadline:
                raise AssertionError(f"no {words!r} in the worker's log after {seconds} s:\n{self.log[-2000:]}")
            time.sleep(0.05)

    def close(self) -> None:
        """Kill it if it lives, and forget its log."""
        self.send(signal.SIGCONT)
        self.kill()
        self._log.close()
