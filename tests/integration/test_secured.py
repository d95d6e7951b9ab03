"""A cluster that asks for TLS and a password, reached by settings of the environment alone."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.runtime.embedded import EmbeddedKafka, free_port
from services.runtime.settings import load_settings
from services.runtime.worker import run
from tests.integration.conftest import new_stream
from tests.integration.kafka import values
from tests.integration.stages import PassThrough

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and a key store of it with its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, public = folder / "key.pem", folder / "ca.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=varta"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(public)]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "store.pem"
    both.write_text(key.read_text() + public.read_text())
    return public, both


@pytest.fixture(scope="module")
def secured(certificate: tuple[Path, Path]) -> Iterator[str]:
    """The address of a listener that speaks SASL over TLS."""
    broker, port = EmbeddedKafka(), free_port()
    (node,) = broker.nodes
    plain = f"PLAINTEXT://127.0.0.1:{node.port}"
    own = f"SECURED://127.0.0.1:{port}"
    login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    broker.config = {
        "listeners": f"{plain},{own},CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"{plain},{own}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.secured.plain.sasl.jaas.config": f'{login} user_varta="right";',
        "listener.name.secured.ssl.keystore.type": "PEM",
        "listener.name.secured.ssl.keystore.location": str(certificate[1]),
    }
    with broker:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def environment(secured: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What an operator would set."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", secured)
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("KAFKA_SASL_USERNAME", "varta")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "right")
    monkeypatch.setenv("KAFKA_SSL_CA_FILE", str(certificate[0]))
    return monkeypatch


async def test_all_clients_use_tls_and_the_password(environment: pytest.MonkeyPatch) -> None:
    async with new_stream(load_settings().model_copy(update={"group_prefix": "secured"})) as stream:
        await stream.send([b"a", b"b"])
        async with stream.worker(PassThrough(stream.name)):
            assert sorted(values(await stream.read("out", 2))) == [b"a", b"b"]


async def test_a_wrong_password_is_told(environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    environment.setenv("KAFKA_SASL_PASSWORD", "wrong")
    stop = asyncio.Event()
    worker = asyncio.ensure_future(run([PassThrough("secured")], load_settings(), stop=stop))
    for _ in range(200):
        await asyncio.sleep(0.05)
        if "Authentication failed: Invalid username or password" in caplog.text:
            break
    assert not worker.done(), "a password may be mended while the worker waits"
    stop.set()
    await worker
    assert "Authentication failed: Invalid username or password" in caplog.text
