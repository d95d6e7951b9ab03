"""Logs say once what a library repeats."""

from __future__ import annotations

import logging

from services.runtime.logs import Seldom


def _record(name: str, words: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "", 0, words, (), None)


def test_a_library_that_repeats_itself_is_heard_once() -> None:
    seldom = Seldom("aiokafka", seconds=60)
    assert seldom.filter(_record("aiokafka.client", "Unable to connect"))
    assert not seldom.filter(_record("aiokafka.client", "Unable to connect"))
    assert seldom.filter(_record("aiokafka.consumer", "another thing"))
    assert seldom.filter(_record("services.runtime", "Unable to connect"))
    assert seldom.filter(_record("services.runtime", "Unable to connect"))
