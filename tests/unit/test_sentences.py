"""Sentence boundaries."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language.sentences import split

CASES = [
    ("U.S. President Joe Biden spoke. He left.", ["U.S. President Joe Biden spoke.", "He left."]),
    ("He lives in the U.S. The talks failed.", ["He lives in the U.S.", "The talks failed."]),
    ("डॉ. सिंह ने कहा। वे आएंगे.", ["डॉ. सिंह ने कहा।", "वे आएंगे."]),
    ("उन्होंने बात की. इसके बाद वे चले गए.", ["उन्होंने बात की.", "इसके बाद वे चले गए."]),
    ("विदेश मंत्री एस. जयशंकर ने 3.5 करोड़ डॉलर दिए। फिर लौटे।", ["विदेश मंत्री एस. जयशंकर ने 3.5 करोड़ डॉलर दिए।", "फिर लौटे।"]),
    ("“यह सब … तैयारी में था।” पेसकोव बोले।", ["“यह सब … तैयारी में था।”", "पेसकोव बोले।"]),
    ('"We will see," he said. "No deal."', ['"We will see," he said.', '"No deal."']),
    ("यह कब होगा? पता नहीं! देखिए।", ["यह कब होगा?", "पता नहीं!", "देखिए।"]),
    ("पहला वाक्य है।दूसरा वाक्य है।", ["पहला वाक्य है।", "दूसरा वाक्य है।"]),
    ("शीर्षक बिना विराम\nपहला वाक्य।", ["शीर्षक बिना विराम", "पहला वाक्य।"]),
    ("At 3:30 p.m. the call began. It ended.", ["At 3:30 p.m. the call began.", "It ended."]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences_are_split_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in split(text)] == expected


@given(st.text(alphabet="अकहै।.?! \nAbU.S|…”“,९9", max_size=80))
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    spans = split(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b for a, b in spans)


def test_hostile_text_takes_bounded_time() -> None:
    started = time.perf_counter()
    for hostile in ("." * 200_000, "a" * 500_000, "U.S." * 50_000, ("अ" * 30 + ".") * 10_000):
        split(hostile)
    assert time.perf_counter() - started < 5
