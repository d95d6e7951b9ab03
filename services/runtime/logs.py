"""Logs: one JSON object a line, or coloured lines for people."""

from __future__ import annotations

import logging
import sys
import time

import structlog

from services.runtime.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send all logs, structlog's and the libraries', to standard error in the format the settings ask for."""
    level = getattr(logging, settings.log_level)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.log_format == "console":
        renderer = structlog.dev.ConsoleRenderer()
    else:
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # aiokafka reports each step of a rebalance or reconnect; what matters of it the runner says itself
    logging.getLogger("aiokafka").setLevel(max(level, logging.ERROR))
    # filters of a logger do not see its children's records, those of a handler do
    handler.addFilter(Seldom("aiokafka", seconds=10.0))


class Seldom(logging.Filter):
    """Lets a line of one library through once in `seconds`: of a broker that is away, clients speak without end."""

    def __init__(self, library: str, seconds: float) -> None:
        super().__init__()
        self._library = library
        self._seconds = seconds
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for what was said a moment ago, whatever numbers it had."""
        if not record.name.startswith(self._library):
            return True
        now = time.monotonic()
        words = str(record.msg)
        if now - self._said.get(words, -self._seconds) < self._seconds:
            return False
        self._said[words] = now
        return True
