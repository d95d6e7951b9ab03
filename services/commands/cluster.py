"""The Kafka a command works on: the one KAFKA_BOOTSTRAP_SERVERS names, else an embedded one for as long as needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.runtime.embedded import EmbeddedKafka

VARIABLE = "KAFKA_BOOTSTRAP_SERVERS"


def given() -> str | None:
    """The cluster that the environment names, if any."""
    return os.environ.get(VARIABLE) or None


def prepared(
    port: int | None = None, folder: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> EmbeddedKafka | None:
    """An embedded Kafka with its address settled but not yet started; None when the environment names a cluster."""
    return None if given() else EmbeddedKafka(port=port, folder=folder, say=say)


@contextmanager
def pointed_at(kafka: EmbeddedKafka | None) -> Iterator[str]:
    """Within the block the environment names the cluster, for settings and child processes; gives its address."""
    if kafka is None:
        yield os.environ[VARIABLE]
        return
    os.environ[VARIABLE] = kafka.bootstrap
    try:
        yield kafka.bootstrap
    finally:
        del os.environ[VARIABLE]
