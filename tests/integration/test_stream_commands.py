"""Commands on a running Kafka: topics, worker, replay, tail, dead letters and back; and the demo, two at once."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from services.cli import main
from services.knowledge.shared import ROOT

LONG = "The parliament of Nepal approved a new budget on Monday after a long debate. " * 40


@dataclass
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """Runs `varta` against one Kafka: short commands in this process, workers in processes of their own."""

    def __init__(self, bootstrap: str) -> None:
        self.settings = {"KAFKA_BOOTSTRAP_SERVERS": bootstrap, "VARTA_GROUP_PREFIX": f"commands-{os.getpid()}"}

    def run(self, *words: object) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.settings.items():
                patch.setenv(name, value)
            out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main([str(word) for word in words])
        said = [cast(io.BytesIO, stream.buffer).getvalue().decode() for stream in (out, err)]
        return Done(code, *said)

    def records(self, *words: object) -> list[dict[str, Any]]:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def worker(self, folder: Path, *stages: str, **environment: str) -> Iterator[str]:
        """A worker process until the end of the block; gives its address once it is ready."""
        port_file = folder / "port"
        port_file.unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "worker", *stages, "--port-file", str(port_file)],
            env={**os.environ, **self.settings, "VARTA_METRICS_PORT": "0", **environment}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            eventually(port_file.exists)
            address = f"http://127.0.0.1:{port_file.read_text()}"
            eventually(lambda: status(f"{address}/readyz") == 200)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except OSError:
        return 0


def eventually(holds: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def shell(bootstrap: str) -> Shell:
    shell = Shell(bootstrap)
    assert shell.run("topics", "apply").returncode == 0
    return shell


def test_applying_the_topics_again_changes_nothing(shell: Shell) -> None:
    assert "0 differences mended" in shell.run("topics", "apply").stdout
    planned = shell.run("topics", "plan")
    assert (planned.returncode, "0 differences" in planned.stdout) == (0, True)


def test_a_dead_letter_is_listed_shown_and_goes_back_once_after_the_cause_is_mended(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "budget.txt").write_text(LONG, encoding="utf-8")

    def letters() -> list[dict[str, Any]]:
        return shell.records("dlq", "list", "normalizer", "--contains", "budget", "--json")

    with shell.worker(tmp_path, "normalizer", VARTA_MAX_MESSAGE_BYTES="1024"):
        sent = shell.run("replay", tmp_path / "budget.txt")
        assert "sent 1 articles" in sent.stderr
        eventually(letters)
    (letter,) = letters()
    assert (letter["code"], letter["sent_back"]) == ("too-large", False)
    shown = shell.run("dlq", "show", "normalizer", letter["letter"]["offset"])
    assert "VARTA_MAX_MESSAGE_BYTES" in shown.stdout
    assert LONG[:60] in shown.stdout
    raw = shell.run("dlq", "show", "normalizer", letter["letter"]["offset"], "--raw")
    assert raw.stdout == LONG

    mine = ("--code", "too-large", "--contains", "budget")
    with shell.worker(tmp_path, "normalizer"):
        assert "1 letters would go back" in shell.run("dlq", "redrive", "normalizer", *mine).stderr
        assert letters()[0]["sent_back"] is False
        assert "1 letters sent back" in shell.run("dlq", "redrive", "normalizer", *mine, "--do").stderr
        assert "0 letters sent back" in shell.run("dlq", "redrive", "normalizer", *mine, "--do").stderr

        def come() -> list[dict[str, Any]]:
            records = shell.records("tail", "articles.normalized", "--from-start", "--until-end", "--json")
            return [record for record in records if "budget" in record["value"]["text"]]

        eventually(come)
        assert len(come()) == 1
    assert letters()[0]["sent_back"] is True
    assert shell.run("dlq", "show", "normalizer", "999999").returncode == 1


def test_a_worker_tells_its_health_and_metrics_and_ends_on_sigterm(shell: Shell, tmp_path: Path) -> None:
    with shell.worker(tmp_path, "normalizer", "enricher") as address:
        assert status(f"{address}/healthz") == 200
        with urllib.request.urlopen(f"{address}/metrics") as answer:
            metrics = answer.read().decode()
        assert 'varta_partitions_assigned{stage="normalizer"} 4.0' in metrics
        assert "varta_build_info{" in metrics


def test_tail_shows_events_to_people_and_names_topics_that_are_not_there(shell: Shell) -> None:
    assert shell.run("tail", "articles.raw", "--from-start", "--max", "1").stdout.count("\n") == 1
    missing = shell.run("tail", "articles.rare")
    assert missing.returncode == 2
    assert "articles.raw" in missing.stderr


def test_doctor_on_a_cluster(shell: Shell) -> None:
    done = shell.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "group normalizer" in done.stdout


def processes_with(words: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if words in command:
            found.append(command)
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes left behind in /proc")
def test_two_demos_at_once_come_through_and_leave_nothing_behind(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("KAFKA_BOOTSTRAP_SERVERS", "VARTA_GROUP_PREFIX")}
    started = []
    for name, more in (("one", []), ("two", ["--keep"])):
        (tmp_path / name).mkdir()
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "services.cli", "demo", "--profile", "fast", *more],
                env={**environment, "TMPDIR": str(tmp_path / name)}, cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=(tmp_path / f"{name}.said").open("w"),
            )
        )  # fmt: skip
    one, two = started
    out, _ = one.communicate(timeout=180)
    said = (tmp_path / "one.said").read_text()
    assert one.returncode == 0, said + out
    assert "CONSULT/phone" in out
    assert "Joe Biden" in out
    assert "dead letters               0" in out
    assert out.count("/metrics") >= 3

    eventually(lambda: "stays up until Ctrl-C" in (tmp_path / "two.said").read_text(), 120)
    assert processes_with(str(tmp_path / "two"))
    two.send_signal(signal.SIGINT)
    two.communicate(timeout=60)
    assert two.returncode == 0
    for name in ("one", "two"):
        assert processes_with(str(tmp_path / name)) == []
        assert list((tmp_path / name).iterdir()) == []
