"""CloudEvents headers: deterministic ids, carried traces, nothing broken by garbage."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from services.contracts import topics
from services.contracts.stage import Message
from services.runtime import cloudevents

NOW = cloudevents.timestamp(1_700_000_000_123)


def _headers(message: Message, key: bytes = b"k", value: bytes = b"v") -> list[tuple[str, bytes]]:
    origin = cloudevents.origin_of(message)
    return cloudevents.output_headers(
        topics.NORMALIZED, key, value, source="/varta/normalizer", subject="a", time=NOW, origin=origin
    )


def test_attributes_are_those_of_cloudevents() -> None:
    event = cloudevents.read(_headers(Message(b"{}", topic=topics.RAW, timestamp_ms=1_700_000_000_000)))
    assert event.type == "varta.NormalizedArticle.v1"
    assert event.source == "/varta/normalizer"
    assert event.subject == "a"
    assert event.time == "2023-11-14T22:13:20.123Z"
    assert event.received == "2023-11-14T22:13:20.000Z"
    assert event.datacontenttype == "application/json"
    assert event.dataschema == cloudevents.schema_uri("NormalizedArticle")
    assert ("ce_specversion", b"1.0") in _headers(Message(b"{}"))


def test_the_id_depends_on_topic_key_and_value_alone() -> None:
    first = cloudevents.read(_headers(Message(b"{}", topic="t", partition=1, offset=2)))
    again = cloudevents.read(_headers(Message(b"{}", topic="t", partition=3, offset=9, timestamp_ms=5)))
    other = cloudevents.read(_headers(Message(b"{}", topic="t"), value=b"w"))
    assert first.id == again.id != other.id


def test_trace_and_arrival_are_carried_through() -> None:
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = (("traceparent", trace), ("tracestate", b"x=1"), ("ce_received", b"2024-01-02T03:04:05.678Z"))
    headers = _headers(Message(b"{}", headers=sent, timestamp_ms=9))
    assert all(header in headers for header in sent)
    assert cloudevents.received_ms(Message(None, headers=tuple(headers))) == 1_704_164_645_678


def test_a_trace_is_begun_where_none_came() -> None:
    event = cloudevents.read(_headers(Message(b"{}", topic="t", partition=1, offset=2)))
    version, trace, parent, flags = event.traceparent.split("-")
    assert (version, len(trace), len(parent), flags) == ("00", 32, 16, "01")


def test_a_message_that_enters_the_stream() -> None:
    headers = cloudevents.first_headers(
        topics.RAW, b"k", b"<html>", source="/crawler", now_ms=1_700_000_000_123, content_type="text/html"
    )
    event = cloudevents.read(headers)
    assert (event.datacontenttype, event.dataschema, event.time) == ("text/html", "", event.received)


@given(st.integers(0, 4_000_000_000_000))
def test_timestamps_are_rfc_3339(milliseconds: int) -> None:
    text = cloudevents.timestamp(milliseconds).decode()
    assert abs(datetime.fromisoformat(text).timestamp() * 1000 - milliseconds) < 1


@given(st.integers())
def test_no_time_of_a_producer_is_an_error(milliseconds: int) -> None:
    assert 1970 <= int(cloudevents.timestamp(milliseconds)[:4]) <= 9999


@given(st.lists(st.tuples(st.sampled_from(["traceparent", "ce_received", "tracestate", "x"]), st.binary(max_size=60))))
def test_garbage_is_never_an_error(headers: list[tuple[str, bytes]]) -> None:
    message = Message(b"{}", headers=tuple(headers), timestamp_ms=1_700_000_000_000)
    cloudevents.read(_headers(message))
    cloudevents.received_ms(message)
