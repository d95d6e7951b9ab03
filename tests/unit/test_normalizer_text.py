"""One clean text: what is content stays to the letter, what is not is listed with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.contracts.normalized import NormalizedArticle
from services.knowledge.shared import shared
from services.language.characters import clean, reading
from services.normalizer import sources
from services.normalizer.stage import NormalizerStage, normalize

LEDE = "प्रधानमंत्री नरेंद्र मोदी ने शुक्रवार को कहा कि भारत और रूस के बीच वार्ता जारी रहेगी।"
REST = "उन्होंने मास्को में पत्रकारों से कहा कि दोनों देश शांति चाहते हैं और बैठक अगले महीने फिर होगी।"
TITLE = "रूस से वार्ता जारी रहेगी: मोदी"


def article(*lines: str, **fields: str) -> NormalizedArticle:
    return normalize(json.dumps({"text": "\n".join(lines), **fields}).encode())


def reasons(found: NormalizedArticle) -> dict[str, str]:
    return {r.text: r.reason for r in found.removed}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("क\u093cलम", "क\u093cलम"),
        ("\u0958लम", "क\u093cलम"),
        ("Pu\u00adtin\u200b said\u202e", "Putin said"),
        ("क\u094d\u200dष और क\u200dल", "क\u094d\u200dष और कल"),
        ("Рutin", "Putin"),
        ("Путин", "Путин"),
        ("ＮＡＴＯ", "NATO"),
        ("दो\u00a0देश  हैं", "दो देश हैं"),
        ("“वार्ता” – १३ मिनट।", "“वार्ता” – १३ मिनट।"),
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert clean(raw) == expected
    assert clean(expected) == expected


def test_the_reading_makes_spellings_equal_that_only_look_different() -> None:
    assert reading("“फ़ोन” — १३ मिनट।") == reading("'फोन' - 13 मिनट.")
    assert reading("NATO") == reading("nato")


def test_a_headline_never_stands_in_the_text() -> None:
    for found in (
        article(TITLE, "", LEDE, "", REST),
        article(TITLE, LEDE, REST, title=TITLE),
        article(LEDE, REST, title=TITLE),
    ):
        assert found.title == TITLE
        assert found.text == f"{LEDE}\n{REST}"


def test_a_first_sentence_is_no_headline() -> None:
    assert article(LEDE, REST).title is None


def test_furniture_goes_with_its_reason_and_content_stays() -> None:
    found = article(
        "होम > देश > " + TITLE, TITLE, "शेयर करें", LEDE, "यह भी पढ़ें: भारत ने जीता मैच", REST,
        "ताजा खबरों के लिए हमें फेसबुक और ट्विटर पर फॉलो करें।", "Source link", "संबंधित खबरें",
        "चीन ने बढ़ाया शुल्क", "Recent Comments",
    )  # fmt: skip
    assert found.text == f"{LEDE}\n{REST}"
    assert found.title == TITLE
    told = reasons(found)
    assert told["यह भी पढ़ें: भारत ने जीता मैच"] == "also-read"
    assert told["Source link"] == "source-link"
    assert told["चीन ने बढ़ाया शुल्क"] == "listed under also-read"


def test_a_pointer_within_a_paragraph_is_cut_out() -> None:
    assert article(f"{LEDE} (यह भी पढ़ें: भारत ने जीता मैच)", REST).text == f"{LEDE}\n{REST}"


def test_words_of_calls_in_the_news_stay() -> None:
    news = [
        "मंत्री ने लोगों से अपील की कि वे अफवाहें शेयर न करें और पुलिस को सूचना दें।",
        "फेसबुक और ट्विटर ने सरकार के आदेश के बाद सैकड़ों खाते बंद कर दिए।",
        "The company said it would follow the court order and share data with police.",
        "Watch groups said the army must stop, and read out a list of names.",
    ]
    assert article(*news).text == "\n".join(news)


def test_copies_are_counted_and_numbers_keep_near_copies_apart() -> None:
    found = article(LEDE, REST, LEDE, REST.replace("।", "."))
    assert found.text == f"{LEDE}\n{REST}"
    assert [b.repeats for b in found.blocks] == [2, 2]
    two = [REST.replace("अगले", n) for n in ("12वें", "13वें")]
    assert article(LEDE, *two).text == "\n".join([LEDE, *two])


def test_a_dateline_is_typed_and_stays() -> None:
    found = article(f"नयी दिल्ली, 12 जनवरी (भाषा) {LEDE}", REST, published="2024-01-13")
    assert found.blocks[0].kind == "dateline"
    assert (found.dateline_place, found.agency) == ("नयी दिल्ली", "भाषा")
    assert found.text.startswith("नयी दिल्ली, 12 जनवरी (भाषा) प्रधान")
    assert ("dateline", "2024-01-12") in [(d.source, d.value) for d in found.dates]


def test_a_bare_date_of_the_page_is_not_the_publication() -> None:
    found = article("Thursday, June 20, 2024", LEDE, REST)
    assert found.published is None
    assert [(d.role, d.value) for d in found.dates] == [("page", "2024-06-20")]
    assert article("प्रकाशित: 20 जून 2024, 10:30 AM IST", LEDE, REST).published == "2024-06-20"
    assert article("Updated: June 20, 2024", LEDE, REST).published is None


@pytest.mark.parametrize("published", ["2031-01-01", "1970-01-01", "2024-02-30", "कल सुबह"])
def test_impossible_dates_are_refused_and_listed(published: str) -> None:
    found = article(LEDE, published=published, crawled="2024-01-13T00:00:00Z")
    assert found.published is None
    assert any(r.reason.startswith("date-refused") and r.text == published for r in found.removed)


def test_kinds_of_lines() -> None:
    found = article(
        "By Asha Rao", LEDE, "बैठक का महत्व", REST, "- पहली बात: शांति होनी चाहिए।", "फोटो: पीटीआई", "(इनपुट: भाषा)"
    )
    assert [b.kind for b in found.blocks] == [
        "byline", "paragraph", "heading", "paragraph", "bullet", "caption", "source"
    ]  # fmt: skip
    assert found.author == "Asha Rao"


def test_posts_in_plain_text() -> None:
    found = article(
        LEDE, '#WATCH | Moscow | "We will talk again," says the president.', "source: x=\"\" pic.twitter.com/Ab1", REST,
        "Leaders met for the first time. — ANI (@ANI) January 12, 2024",
    )  # fmt: skip
    posts = [b for b in found.blocks if b.kind == "embed"]
    assert [(b.handle, b.link) for b in posts] == [(None, "pic.twitter.com/Ab1"), ("ANI", None)]
    assert found.text.split("\n")[1] == '"We will talk again," says the president.'


def test_what_a_source_repeats_is_learned_and_taken_out(tmp_path: Path) -> None:
    slogan = "लोकमंच: आपकी आवाज, हमारा मंच।"
    stream = [article(f"{LEDE[:-1]} {n}।", slogan, source="lokmanch.in", title=f"शीर्षक {n}") for n in range(6)]
    copies = [article(LEDE, REST, source="copies.in", title="एक ही") for _ in range(9)]
    table = sources.learn([*stream, *copies])
    assert table == {"lokmanch.in": frozenset({reading(slogan)})}
    sources.save(table, tmp_path / "known.jsonl")
    assert sources.load(tmp_path / "known.jsonl") == table
    found = normalize(json.dumps({"text": f"{LEDE}\n{slogan}", "source": "lokmanch.in"}).encode(), known=table)
    assert found.text == LEDE
    assert NormalizerStage(table).name == "normalizer"


def test_a_bad_source_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    with pytest.raises(ValueError, match="line 1"):
        sources.load(tmp_path / "bad.jsonl")


@pytest.mark.skipif(not shared("gold", "seeds.jsonl").exists(), reason="the shared gold data is not here")
def test_the_seeds() -> None:
    from services.normalizer.evaluation import seeds

    assert seeds.figures(shared("gold", "seeds.jsonl"))["misses"] == []


@pytest.mark.skipif(not shared("gold", "events_dev.jsonl").exists(), reason="the shared gold data is not here")
def test_clean_articles_come_through_to_the_letter() -> None:
    for line in shared("gold", "events_dev.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        found = normalize(json.dumps({k: gold[k] for k in ("text", "title", "published")}).encode())
        assert (found.text, found.language, found.published) == (gold["text"], gold["language"], gold["published"])
