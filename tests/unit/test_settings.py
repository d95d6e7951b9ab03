"""A wrong setting is named, with what was expected and what came."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.settings import Settings, SettingsError, load_settings, variables


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in variables():
        monkeypatch.delenv(variable.name, raising=False)
    settings = load_settings()
    assert settings.kafka.bootstrap_servers == "127.0.0.1:9092"
    assert settings.group("tagger") == "varta.tagger"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka", "expected host:port"),
        ("KAFKA_BOOTSTRAP_SERVERS", "a:9092,b:x", "got 'b:x'"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS", "'PLAINTEXT', 'SSL'"),
        ("KAFKA_SSL_CA_FILE", "/nowhere/ca.pem", "no file /nowhere/ca.pem"),
        ("VARTA_BATCH_MAX_MESSAGES", "0", "greater than or equal to 1"),
        ("VARTA_BATCH_MAX_BYTES", "many", "valid integer"),
        ("VARTA_PROFILE", "best", "'fast' or 'accurate'"),
        ("VARTA_METRICS_PORT", "70000", "less than or equal to 65535"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value).startswith(f"{name}: ")
    assert words in str(raised.value)
    assert value in str(raised.value)


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "x")
    monkeypatch.setenv("VARTA_PROFILE", "y")
    with pytest.raises(SettingsError, match=r"(?s)KAFKA_SECURITY_PROTOCOL.*VARTA_PROFILE"):
        load_settings()


def test_sasl_needs_user_and_password_and_never_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("KAFKA_SASL_USERNAME", "varta")
    with pytest.raises(SettingsError, match="needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"):
        load_settings()
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "secret")
    monkeypatch.setenv("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
    settings = load_settings()
    assert "secret" not in repr(settings)
    options = settings.kafka.client_options()
    assert options["sasl_plain_password"] == "secret"
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["ssl_context"].check_hostname


def test_unusable_certificates_are_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SSL")
    monkeypatch.setenv("KAFKA_SSL_CA_FILE", str(broken))
    with pytest.raises(SettingsError, match="certificate files cannot be used"):
        load_settings().kafka.client_options()


def test_every_variable_says_what_it_means() -> None:
    listed = variables()
    assert len({v.name for v in listed}) == len(listed)
    assert all(v.meaning for v in listed)
    assert {f"VARTA_{name.upper()}" for name in Settings.model_fields if name != "kafka"} <= {v.name for v in listed}
