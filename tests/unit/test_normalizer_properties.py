"""What holds for every input: a result or a refusal, no invented characters, offsets that point at what they say."""

from __future__ import annotations

import html
import re

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.contracts.normalized import NormalizedArticle
from services.contracts.stage import Message, Reject
from services.language.characters import LINE_BREAK, clean, reading
from services.normalizer.decode import mended
from services.normalizer.evaluation import hostile
from services.normalizer.stage import NormalizerStage, normalize

STAGE = NormalizerStage()
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = """प्रधानमंत्री ने कहा कि भारत और रूस के बीच वार्ता हुई। बैठक में, यह भी पढ़ें: शेयर करें होम नई दिल्ली
The minister said on Monday. Read more Source link – “ ” ' # @ANI pic.twitter.com/abc 12 जनवरी 2024 ज\u093c &amp;
क\u094d\u200dष \u200b \ufeff <p> </p> <br> …"""
WORDS = st.sampled_from(PIECES.split())
LINES = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=12)
TEXTS = LINES.flatmap(lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda end: end.join(lines)))
ANY_TEXT = st.one_of(TEXTS, st.text(max_size=400))


def article_of(text: str, title: str | None = None) -> NormalizedArticle | None:
    try:
        return normalize(orjson.dumps({"text": text, "title": title}), "application/json")
    except (Reject, orjson.JSONEncodeError):
        return None


@given(
    st.binary(max_size=2000),
    st.sampled_from([None, "text/html", "text/plain", "application/json", "text/html; charset=utf-16"]),
)
@SLOW
def test_any_bytes_give_a_result_or_a_refusal(value: bytes, kind: str | None) -> None:
    headers = (("content-type", kind.encode()),) if kind else ()
    try:
        outputs = STAGE.process(Message(value, headers=headers))
    except Reject as reject:
        outputs = [reject.why]
    assert len([output for output in outputs if output]) == 1


@given(st.text(max_size=400).map(lambda t: "<html><body><p>" + t + "</p></body></html>"))
@SLOW
def test_any_page_gives_a_result_or_a_refusal(page: str) -> None:
    try:
        told = normalize(page.encode("utf-8", "surrogatepass"), "text/html").text
    except Reject as reject:
        told = reject.why
    assert told


@given(ANY_TEXT)
@SLOW
def test_the_clean_text_of_a_clean_text_is_itself(text: str) -> None:
    once = article_of(text)
    if once is not None and all(b.kind != "embed" for b in once.blocks):  # a post is known by the residue that went
        twice = article_of(once.text, once.title)
        assert twice is not None
        assert twice.text == once.text


@given(ANY_TEXT)
@SLOW
def test_no_letter_is_invented(text: str) -> None:
    article = article_of(text)
    text = mended(text, []).text  # offsets count in the text with its encoding repaired
    if article is not None:
        known = set(reading("\n".join(map(clean, text.splitlines())))) | set(reading(text)) | set(" \n")
        assert set(reading(article.text)) <= known


@given(ANY_TEXT)
@SLOW
def test_blocks_tile_the_text_and_point_at_the_raw_words(text: str) -> None:
    article = article_of(text)
    text = mended(text, []).text  # offsets count in the text with its encoding repaired
    if article is None:
        return
    at = 0
    for block in article.blocks:
        assert article.text[at : block.start].strip() == ""
        assert block.end > block.start
        at = block.end
        if block.raw_start is not None and block.raw_end is not None:
            raw = html.unescape(text[block.raw_start : block.raw_end])
            words = set(reading(clean(re.sub(r"<[^<>]*>", " ", raw))).split())
            assert set(reading(article.text[block.start : block.end]).split()) <= words
    assert at == len(article.text)


@given(ANY_TEXT)
@SLOW
def test_every_line_is_kept_moved_to_the_title_or_listed_as_removed(text: str) -> None:
    article = article_of(text)
    text = mended(text, []).text  # offsets count in the text with its encoding repaired
    if article is None:
        return
    told = "\n".join([article.title or "", article.text, *(r.text for r in article.removed)])
    told_words = set(reading(told).split())
    for line in LINE_BREAK.split(text):
        words = reading(clean(html.unescape(re.sub(r"<[^<>]*>", " ", line)))).split()
        assert set(words) <= told_words


@pytest.mark.parametrize("name", hostile.INPUTS)
def test_hostile_text_of_a_megabyte_ends_in_time(name: str) -> None:
    assert hostile.seconds(hostile.INPUTS[name]) < 20
