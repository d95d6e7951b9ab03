"""Whatever a crawler sends becomes the same article, or is refused in words that a person understands."""

from __future__ import annotations

import gzip
import io

import orjson
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from services.contracts import topics
from services.contracts.raw import RawArticle
from services.contracts.stage import Message, Reject
from services.normalizer import warc
from services.normalizer.stage import NormalizerStage, normalize

LEDE = "प्रधानमंत्री नरेंद्र मोदी ने शुक्रवार को कहा कि भारत और रूस के बीच वार्ता जारी रहेगी।"
REST = "उन्होंने मास्को में पत्रकारों से कहा कि दोनों देश शांति चाहते हैं और बैठक अगले महीने फिर होगी।"
TEXT = f"{LEDE}\n{REST}"
TITLE = "मोदी ने कहा, रूस से वार्ता जारी रहेगी"
PAGE = (
    f'<html lang="hi"><head><title>{TITLE}</title><link rel="canonical" href="https://news.example.in/a/1">'
    '<meta property="article:published_time" content="2024-01-12T10:00:00+05:30"></head>'
    f"<body><nav>होम देश</nav><article><h1>{TITLE}</h1><p>{LEDE}</p><p>{REST}</p><p>{LEDE[:-1]}, यह दोहराया गया।</p>"
    "</article></body></html>"
)


def json(**fields: object) -> bytes:
    return orjson.dumps(fields)


def refusal(value: bytes, kind: str | None = None) -> Reject:
    with pytest.raises(Reject) as caught:
        normalize(value, kind)
    return caught.value


def test_plain_text_and_raw_json_give_the_same_text() -> None:
    assert normalize(TEXT.encode()).text == TEXT
    assert normalize(json(text=TEXT, title=TITLE)).text == TEXT
    assert normalize(RawArticle(text=TEXT)).text == TEXT


def test_ninjs_3_with_a_body_in_html() -> None:
    item = {
        "standard": {"name": "ninjs", "version": "3.0"},
        "uri": "urn:news:1",
        "headlines": [{"role": "sub", "value": "नीचे"}, {"role": "main", "value": TITLE}],
        "bodies": [{"contentType": "text/html", "value": f"<p>{LEDE}</p><p>{REST}</p>"}],
        "firstCreated": "2024-01-12T10:00:00+05:30",
        "by": "भाषा",
    }
    article = normalize(orjson.dumps(item), "application/json")
    assert (article.format, article.title, article.text) == ("ninjs", TITLE, TEXT)
    assert article.published == "2024-01-12T10:00:00+05:30"


def test_ninjs_2_with_plain_text() -> None:
    article = normalize(json(uri="https://a.example.in/1", headline=TITLE, body_text=TEXT, versioncreated="2024-01-12"))
    assert (article.format, article.title, article.text, article.published) == ("ninjs", TITLE, TEXT, "2024-01-12")


def test_news_please_keeps_crawl_and_publication_apart() -> None:
    article = normalize(
        json(
            maintext=TEXT,
            title=TITLE,
            authors=["A. Sharma", "None"],
            date_publish="2024-01-12 10:00:00",
            date_download="2024-01-13 09:00:00",
            source_domain="example.in",
            url="https://example.in/a",
        )
    )
    assert (article.format, article.author, article.source) == ("news-please", "A. Sharma", "example.in")
    assert (article.published, article.crawled) == ("2024-01-12T10:00:00", "2024-01-13T09:00:00")


def test_a_page_gives_typed_blocks_that_point_into_its_source() -> None:
    article = normalize(PAGE.encode(), "text/html; charset=utf-8")
    assert article.title == TITLE
    assert article.text.startswith(TEXT)
    assert article.url == "https://news.example.in/a/1"
    assert article.published == "2024-01-12T10:00:00+05:30"
    assert [d.source for d in article.dates] == ["metadata"]
    block = article.blocks[0]
    assert PAGE[block.raw_start : block.raw_end] == LEDE
    assert any(r.reason == "layout" and "होम देश" in r.text for r in article.removed)


def test_an_embedded_post_stays_with_account_and_link() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p lang="en">We had a productive meeting. <a href="https://t.co/x">'
        'pic.twitter.com/abc</a></p>&mdash; ANI (@ANI) <a href="https://twitter.com/ANI/status/12">Jan 12</a>'
        "</blockquote>"
    )
    article = normalize(PAGE.replace(f"<p>{REST}", f"{post}<p>{REST}").encode(), "text/html")
    found = [b for b in article.blocks if b.kind == "embed"]
    assert [(article.text[b.start : b.end], b.handle, b.link, b.language) for b in found] == [
        ("We had a productive meeting.", "ANI", "https://twitter.com/ANI/status/12", "en")
    ]


def archive(pages: list[tuple[str, str, bytes]], *, zipped: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=zipped)
    for url, status, body in pages:
        headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers))
    return out.getvalue()


@pytest.mark.parametrize("zipped", [True, False])
def test_a_web_archive_gives_its_successful_pages(zipped: bool) -> None:
    data = archive(
        [("https://a.example.in/1", "200 OK", PAGE.encode()), ("https://a.example.in/2", "404 Not Found", b"<p>x</p>")],
        zipped=zipped,
    )
    found = list(warc.articles(io.BytesIO(data)))
    assert [a.url for a in found] == ["https://a.example.in/1"]
    assert found[0].crawled
    assert normalize(found[0]).title == TITLE


def test_a_record_of_a_web_archive_as_a_message() -> None:
    article = normalize(archive([("https://a.example.in/1", "200 OK", PAGE.encode())], zipped=False))
    assert article.format == "warc"
    assert article.crawled is not None


def test_a_broken_web_archive_is_refused() -> None:
    with pytest.raises(Reject, match="web archive"):
        list(warc.articles(io.BytesIO(gzip.compress(b"no archive at all, only some words"))))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (TEXT.encode("utf-16"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("utf-8").decode("latin-1").encode("utf-8"), "doubly encoded"),
    ],
)
def test_charsets_are_found_and_repairs_are_told(value: bytes, told: str) -> None:
    article = normalize(value)
    assert article.text == TEXT
    assert told in " ".join(article.repairs)


def test_stray_bytes_and_code_pages() -> None:
    stray = normalize(TEXT.encode() + " और “शांति".encode() + b"\x94" + " भी।".encode())
    assert stray.text.endswith("और “शांति” भी।")
    assert "stray" in stray.repairs[0]
    english = "The minister’s café said “yes” on Monday, officials said after the long meeting."
    assert normalize(english.encode("cp1252")).text == english
    assert normalize(english.encode("cp1252"), "text/plain; charset=iso-8859-1").text == english


@pytest.mark.parametrize(
    ("value", "kind", "code", "words"),
    [
        (b"", None, "empty-text", "empty"),
        (b'{"text": "  "}', None, "empty-text", "neither text nor html"),
        (b'{"text": 5}', None, "wrong-type", "text"),
        (b'{"text": "abc"', "application/json", "bad-json", "not JSON"),
        (b"[1]", "application/json", "wrong-type", "an array"),
        (b"null", "application/json", "wrong-type", "null"),
        (bytes(range(256)) * 8, None, "undecodable", "binary"),
        ("होम\nशेयर करें\nSource link".encode(), None, "empty-text", "furniture"),
        (b"a" * (7 * 1024 * 1024), None, "too-large", "bytes"),
        (b"<p>" * 200_000, "text/html", "too-complex", "tags"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(value: bytes, kind: str | None, code: str, words: str) -> None:
    refused = refusal(value, kind)
    assert refused.code == code
    assert words in refused.why


def test_a_legacy_font_is_named() -> None:
    typed = (
        "iz/kkuea=h us dgk gS fd ljdkj fdlkuksa ds lkFk gS vkSj ekaxksa ij fopkj gSA cSBd esa Hkh ;g ckr dgh Fkh vkSj"
    )
    assert "Kruti Dev" in refusal(typed.encode()).why


def test_a_tombstone_is_refused_and_other_languages_go_elsewhere() -> None:
    stage = NormalizerStage()
    with pytest.raises(Reject, match="null-value"):
        stage.process(Message(None))
    marathi = "पंतप्रधान नरेंद्र मोदी यांनी शुक्रवारी सांगितले की भारत आणि रशिया यांच्यातील चर्चा सुरू राहील आणि शांतता हवी आहे."
    (output,) = stage.process(Message(marathi.encode()))
    assert output.topic == topics.OTHER
    assert output.value.language_tag == "mr"  # type: ignore[union-attr]
    (output,) = stage.process(Message(TEXT.encode(), headers=(("content-type", b"text/plain"),)))
    assert (output.topic, output.type) == (topics.NORMALIZED, "article.normalized")


def test_ids_depend_on_source_and_content_alone() -> None:
    one = normalize(json(text=TEXT, url="https://WWW.Example.in/a/?utm_source=x&id=7#top"))
    two = normalize(json(text=TEXT, url="https://www.example.in/a?id=7&fbclid=1", crawled="2024-01-13"))
    other = normalize(json(text=TEXT, url="https://other.in/a"))
    assert one.url == "https://www.example.in/a?id=7"
    assert one.id == two.id
    assert one.id != other.id
    assert one.content_hash == other.content_hash == normalize(TEXT.replace("।", ".").encode()).content_hash
