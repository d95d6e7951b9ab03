"""Every setting a worker reads, from the environment: `KAFKA_…` for the cluster, `VARTA_…` for Varta itself.

Validated when a process starts; a wrong value ends it with the variable's name, what was expected and what came.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KIB = 1024
MIB = 1024 * KIB


class SettingsError(ValueError):
    """The environment is not as it must be; the message names each variable with what is wrong."""


class KafkaSettings(BaseSettings):
    """How to reach the cluster; passed on to every client."""

    model_config = SettingsConfigDict(env_prefix="KAFKA_", env_ignore_empty=True)

    bootstrap_servers: str = Field(
        "127.0.0.1:9092", description="brokers to start from, `host:port` with commas between"
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; read when the protocol has SASL"
    )
    sasl_username: str | None = Field(None, description="user of SASL")
    sasl_password: SecretStr | None = Field(None, description="password of SASL")
    ssl_ca_file: Path | None = Field(None, description="PEM file of the authorities to trust; the system's by default")
    ssl_cert_file: Path | None = Field(None, description="PEM file of the client's certificate")
    ssl_key_file: Path | None = Field(
        None, description="PEM file of the client's key, where it is not in the certificate's file"
    )
    ssl_key_password: SecretStr | None = Field(None, description="password of the client's key")
    ssl_check_hostname: bool = Field(True, description="whether the broker's certificate must name its host")

    @field_validator("bootstrap_servers")
    @classmethod
    def _hosts_and_ports(cls, value: str) -> str:
        for server in value.split(","):
            host, colon, port = server.strip().rpartition(":")
            if not (colon and host and port.isdigit() and 0 < int(port) < 65536):
                raise ValueError(f"expected host:port with commas between, got {server.strip()!r}")
        return value

    @field_validator("ssl_ca_file", "ssl_cert_file", "ssl_key_file")
    @classmethod
    def _file_exists(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"no file {value}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> KafkaSettings:
        if self.security_protocol.startswith("SASL") and (self.sasl_username is None or self.sasl_password is None):
            raise ValueError(f"{self.security_protocol} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD")
        return self

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments that every aiokafka client (consumer, producer, admin) is made with."""
        options: dict[str, Any] = {
            "bootstrap_servers": [server.strip() for server in self.bootstrap_servers.split(",")],
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol.endswith("SSL"):
            options["ssl_context"] = self._ssl_context()
        if self.security_protocol.startswith("SASL"):
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.sasl_username
            options["sasl_plain_password"] = self.sasl_password.get_secret_value() if self.sasl_password else None
        return options

    def _ssl_context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=str(self.ssl_ca_file) if self.ssl_ca_file else None)
            context.check_hostname = self.ssl_check_hostname
            if self.ssl_cert_file:
                password = self.ssl_key_password.get_secret_value() if self.ssl_key_password else None
                context.load_cert_chain(self.ssl_cert_file, self.ssl_key_file, password)
        except (ssl.SSLError, OSError) as error:
            raise SettingsError(f"KAFKA_SSL_…: the certificate files cannot be used: {error}") from error
        return context


class Settings(BaseSettings):
    """All of Varta's settings, with the cluster's under `kafka`."""

    model_config = SettingsConfigDict(env_prefix="VARTA_", env_ignore_empty=True)

    group_prefix: str = Field(
        "varta", min_length=1, description="consumer groups and transactional ids are named PREFIX.STAGE"
    )
    batch_max_messages: int = Field(2000, ge=1, le=20_000, description="most messages in one transaction")
    batch_max_bytes: int = Field(
        4 * MIB, ge=KIB, description="most bytes of input in one transaction (one message may exceed it)"
    )
    batch_max_ms: int = Field(
        500, ge=1, description="about how long a stage may work on one transaction; batches shrink to it"
    )
    max_message_bytes: int = Field(
        4 * MIB,
        ge=KIB,
        le=7 * MIB,
        description="larger inputs become dead letters unread, larger outputs make their input one",
    )
    transaction_timeout_ms: int = Field(
        60_000, ge=1000, le=900_000, description="the broker aborts a transaction left open longer"
    )
    session_timeout_ms: int = Field(10_000, ge=1000, description="a worker silent for longer loses its partitions")
    request_timeout_ms: int = Field(
        15_000, ge=1000, description="how long a request to a broker may take before it is retried"
    )
    replication: int = Field(
        0,
        ge=0,
        description="copies of each topic that `varta topics apply` creates; 0 is as many as brokers, at most 3",
    )
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = Field(
        "lz4", description="how outputs are compressed: none, gzip, snappy, lz4 or zstd"
    )
    stop_seconds: float = Field(20.0, gt=0, description="how long a stopping worker may finish what it has begun")
    metrics_host: str = Field("127.0.0.1", description="address of /metrics, /healthz and /readyz")
    metrics_port: int = Field(0, ge=0, le=65535, description="their port; 0 takes a free one and logs it")
    heartbeat_seconds: float = Field(
        0.0, ge=0, description="how often a heartbeat message is sent through all stages; 0 sends none"
    )
    stall_seconds: float = Field(
        120.0, gt=0, description="/healthz fails when messages wait and none has been processed for so long"
    )
    profile: Literal["fast", "accurate"] = Field("accurate", description="models used: fast or accurate")
    routes: Path | None = Field(None, description="YAML file of further topics for events, read by the tagger")
    source_lines: Path | None = Field(
        None, description="file of lines that each source repeats on its pages, removed as furniture by the normalizer"
    )
    reconcile_url: str | None = Field(
        None, description="reconciliation service that the enricher asks about names its tables lack; none by default"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["json", "console"] = Field("json", description="json (one object a line) or console")
    kafka: KafkaSettings = Field(default_factory=KafkaSettings, description="see KAFKA_…")

    @field_validator("source_lines", "routes")
    @classmethod
    def _file_exists(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"no file {value}")
        return value

    def group(self, stage: str) -> str:
        """Consumer group of a stage."""
        return f"{self.group_prefix}.{stage}"

    @property
    def heartbeat_interval_ms(self) -> int:
        """How often a worker tells the group that it lives."""
        return max(300, self.session_timeout_ms // 3)


def load_settings() -> Settings:
    """The settings of this process's environment; raises SettingsError naming every wrong variable."""
    problems: list[str] = []
    kafka = settings = None
    try:
        kafka = KafkaSettings()
    except ValidationError as error:
        problems += _in_words(error, "KAFKA_")
    try:
        settings = Settings(kafka=kafka or KafkaSettings.model_construct())
    except ValidationError as error:
        problems += _in_words(error, "VARTA_")
    if problems or settings is None:
        raise SettingsError("\n".join(problems))
    return settings


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: name, default as text (empty when there is none), and what it means."""

    name: str
    default: str
    meaning: str


# read before any settings exist, so they belong to no model
_OTHERS = (
    Variable("VARTA_CACHE", "~/.cache/varta", "folder for the embedded Kafka's jars"),
    Variable("VARTA_MODELS", "models", "folder of the model files"),
    Variable("VARTA_SHARED", "../shared", "folder of reference data for development; not needed to run"),
)


def variables(include_development: bool = False) -> list[Variable]:
    """Every variable a worker reads, for the README's table and the deployment's tests."""
    found = []
    for prefix, model in (("KAFKA_", KafkaSettings), ("VARTA_", Settings)):
        for name, info in model.model_fields.items():
            if name == "kafka":
                continue
            default = "" if info.default is None else str(info.default)
            found.append(Variable(prefix + name.upper(), default, info.description or ""))
    return found + [v for v in _OTHERS if include_development or v.name != "VARTA_SHARED"]


def _in_words(error: ValidationError, prefix: str) -> list[str]:
    words = []
    for problem in error.errors():
        where = "".join(str(part) for part in problem["loc"])
        name = prefix + where.upper() if where else prefix + "…"
        came = "" if not where or "password" in where else f" (it is {str(problem['input'])[:80]!r})"
        words.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}{came}")
    return words
