"""Stage workers as processes of their own: started, watched, and stopped by process id."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

STOP_SECONDS = 25.0


class WorkerDied(RuntimeError):
    """A worker ended by itself; the message holds its last words."""


@dataclass(slots=True)
class Worker:
    """One process that runs `stages`; its log and port file lie in `folder`."""

    stages: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    address: str = ""
    begun: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """Its stages, joined."""
        return "+".join(self.stages)

    @property
    def log(self) -> Path:
        """What it writes to standard error."""
        return self.folder / f"{self.name}.log"

    @property
    def port_file(self) -> Path:
        """Where it writes the port of /metrics."""
        return self.folder / f"{self.name}.port"

    def start(self) -> None:
        """Start the process; it waits for the broker by itself."""
        self.port_file.unlink(missing_ok=True)
        self.address = ""
        self.begun = time.monotonic()
        command = [sys.executable, "-m", "services.cli", "worker", *self.stages, "--port-file", str(self.port_file)]
        with self.log.open("ab") as log:
            # a session of its own: Ctrl-C reaches the parent alone, which then stops its workers in order
            self.process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Whether it has its partitions. Raises WorkerDied when the process has ended."""
        if not self.running():
            raise WorkerDied(f"the {self.name} worker ended. Its last words:\n{self.last_words()}")
        if not self.address:
            if not self.port_file.exists():
                return False
            self.address = f"http://127.0.0.1:{self.port_file.read_text()}"
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def metric(self, name: str, **labels: str) -> float:
        """Sum of a metric over all series that have `labels`; 0 when there is none."""
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=2) as answer:
            lines = answer.read().decode().splitlines()
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in lines
            if line.startswith((f"{name}{{", f"{name} ")) and all(part in line for part in wanted)
        )

    def last_words(self, lines: int = 6) -> str:
        """The end of its log, the message of structured lines first."""
        try:
            raw = self.log.read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            return "(no log)"
        words = []
        for line in raw:
            with contextlib.suppress(ValueError, TypeError):
                entry = json.loads(line)
                line = " ".join(str(entry[k]) for k in ("event", "error") if k in entry) or line
            words.append(f"  {line}")
        return "\n".join(words)


def interrupt_on_sigterm() -> None:
    """Make SIGTERM end this process as Ctrl-C does, so that everything it started is stopped."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)  # a shell's background jobs begin with SIGINT ignored


class Workers:
    """A set of workers that lives as long as its `with` block."""

    def __init__(self, folder: Path, groups: Sequence[Sequence[str]], environment: dict[str, str]) -> None:
        base = {k: v for k, v in os.environ.items() if k != "VARTA_METRICS_PORT"}
        settings = {"VARTA_METRICS_PORT": "0", "OMP_NUM_THREADS": "1", **environment}
        self.all = [Worker(tuple(stages), folder, {**base, **settings}) for stages in groups]

    def __enter__(self) -> Workers:
        for worker in self.all:
            worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_ready(self, seconds: float) -> None:
        """Return when all have their partitions; raises WorkerDied, or TimeoutError naming those that have not."""
        deadline = time.monotonic() + seconds
        waiting = list(self.all)
        while waiting := [worker for worker in waiting if not worker.ready()]:
            if time.monotonic() > deadline:
                said = "\n".join(f"{w.name}:\n{w.last_words()}" for w in waiting)
                raise TimeoutError(f"not ready after {seconds:.0f} s: {said}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raises WorkerDied when one has ended."""
        for worker in self.all:
            if not worker.running():
                worker.ready()

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to those that have not ended after a while."""
        living = [w.process for w in self.all if w.process is not None and w.running()]
        for process in living:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in living:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
