"""`varta` as people and programs run it: real processes, exit codes, words on standard error, JSON on standard out."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.cli import COMMANDS, main
from services.knowledge.shared import ROOT

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def varta(*words: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *map(str, words)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
    )


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"varta {command}" in capsys.readouterr().out.split("examples:")[1]


def test_tag_writes_one_line_an_article_with_exact_evidence() -> None:
    records = lines(varta("tag", "--jsonl", "--profile", "fast", *SEEDS))
    assert [record["id"] for record in records] == [path.stem for path in SEEDS]
    assert sum(len(record["events"]) for record in records) >= 10
    for record in records:
        for event in record["events"]:
            words = event["evidence"]
            assert record["text"][words["start"] : words["end"]] == words["text"]
            assert {
                "event_type",
                "event_mode",
                "status",
                "actors",
                "recipients",
                "date",
                "place",
                "confidence",
            } <= event.keys()
        for mention in record["mentions"]:
            assert record["text"][mention["start"] : mention["end"]] == mention["text"]


def test_tag_reads_json_lines_and_says_why_it_refuses() -> None:
    given = [
        {
            "id": "good",
            "text": "Protesters blocked the highway in Lahore on Monday.",
            "published": "2024-05-07",
            "mood": 1,
        },
        {"id": "empty", "text": "  "},
        {
            "id": "french",
            "text": "Le président a rencontré le premier ministre à Paris pour parler du budget de l'année.",
        },
        {
            "id": "html",
            "html": "<html><body><p>Russia accused Ukraine of shelling a village on Monday.</p></body></html>",
        },
    ]
    done = varta(
        "tag", "--jsonl", "--profile", "fast", given="\n".join(map(json.dumps, given)).encode() + b"\n{broken\n"
    )
    good, empty, french, html, broken = lines(done)
    assert good["id"] == "good"
    assert good["language"] == "en"
    assert "rejected" not in good
    assert html["text"].startswith("Russia accused")
    for refused, stage in ((empty, "normalizer"), (french, "normalizer"), (broken, "normalizer")):
        assert refused["rejected"]["stage"] == stage
        assert len(refused["rejected"]["reason"].split()) > 2
    assert french["rejected"]["code"] == "other-language"


def test_tag_prints_events_for_people() -> None:
    done = varta("tag", "-", "--profile", "fast", given=SEEDS[0].read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert "CONSULT" in done.stdout.decode()
    assert "Joe Biden" in done.stdout.decode()


@pytest.mark.parametrize("style", ["plover", "cameo", "polecat"])
def test_export_writes_events(style: str) -> None:
    done = varta("export", "--format", style, "--profile", "fast", SEEDS[0])
    assert done.returncode == 0, done.stderr.decode()
    out = done.stdout.decode().splitlines()
    if style == "plover":
        assert {"id", "event", "source", "text", "language"} <= json.loads(out[0]).keys()
    else:
        assert len(out) > 1
        assert {line.count("\t") for line in out} == {out[0].count("\t")}


def test_wrong_usage_is_answered_in_words() -> None:
    done = varta("tag", "no-such-file.txt")
    assert (done.returncode, done.stderr) == (2, b"varta tag: no such file or folder: no-such-file.txt\n")
    done = varta("worker", "painter")
    assert done.returncode == 2
    assert b"normalizer, enricher, tagger" in done.stderr
    done = varta("replay", SEEDS[0], "--rate", "0")
    assert done.returncode == 2
    done = varta("worker", "normalizer", VARTA_PROFILE="slow", KAFKA_BOOTSTRAP_SERVERS="nowhere")
    assert done.returncode == 1
    assert b"VARTA_PROFILE" in done.stderr
    assert b"KAFKA_BOOTSTRAP_SERVERS" in done.stderr
    assert b"Traceback" not in done.stderr


def test_without_a_broker_commands_say_so_and_how_to_have_one() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{probe.getsockname()[1]}"
    for words in (("tail", "events.tagged"), ("topics", "plan"), ("replay", SEEDS[0]), ("dlq", "list", "tagger")):
        done = varta(*words, KAFKA_BOOTSTRAP_SERVERS=nobody)
        assert done.returncode == 1, words
        assert b"varta up" in done.stderr
        assert b"Traceback" not in done.stderr
    done = varta("doctor", KAFKA_BOOTSTRAP_SERVERS=nobody)
    assert done.returncode == 1
    assert "✗ broker" in done.stdout.decode()


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {k: v for k, v in os.environ.items() if k != "KAFKA_BOOTSTRAP_SERVERS"}
        done = subprocess.run(
            [sys.executable, "-m", "services.cli", "up", "--port", str(port)],
            capture_output=True,
            env=environment,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"port {port} is in use".encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m services.cli topics manifest | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_doctor_finds_this_installation_well() -> None:
    done = varta("doctor", "--offline")
    assert done.returncode == 0, done.stdout.decode()


def test_stories_in_process(tmp_path: Path) -> None:
    records = lines(varta("stories", "--jsonl", "--profile", "fast", *SEEDS))
    assert [record["id"] for record in records] == [path.stem for path in SEEDS]
    assert all(record["story"] for record in records)
    assert {"id", "story", "follows", "copy_of"} <= records[0].keys()
