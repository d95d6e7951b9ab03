"""Files of every kind become messages with the content as it is."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from services.commands.errors import UserError
from services.commands.sources import Source, read_all


def read(*paths: Path) -> list[Source]:
    return list(read_all([str(path) for path in paths]))


def kind(source: Source) -> str:
    return dict(source.message.headers)["content-type"].decode()


def test_a_text_file_is_one_article_byte_for_byte(tmp_path: Path) -> None:
    body = "पहली पंक्ति\r\nदूसरी".encode() + b"\xff"
    (tmp_path / "one.txt").write_bytes(body)
    (source,) = read(tmp_path / "one.txt")
    assert (source.name, source.message.value, kind(source)) == ("one", body, "text/plain")


def test_each_json_line_is_an_article_named_by_its_id(tmp_path: Path) -> None:
    lines = ['{"id": "a", "text": "x"}', "", '{"text": "y"}', "{broken", '{"id": 7, "text": "z"}']
    (tmp_path / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    sources = read(tmp_path / "all.jsonl")
    assert [source.name for source in sources] == ["a", "all.jsonl:3", "all.jsonl:4", "7"]
    assert sources[2].message.value == b"{broken"
    assert json.loads(sources[3].message.value or b"")["id"] == "7"


def test_a_record_may_name_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "body.txt").write_text("पाठ", encoding="utf-8")
    (tmp_path / "all.jsonl").write_text('{"id": "a", "file": "body.txt"}\n', encoding="utf-8")
    (source,) = read(tmp_path / "all.jsonl")
    assert json.loads(source.message.value or b"") == {"id": "a", "text": "पाठ"}
    (tmp_path / "all.jsonl").write_text('{"id": "a", "file": "none.txt"}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"none\.txt"):
        read(tmp_path / "all.jsonl")


def test_html_and_json_documents_keep_their_kind(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><p>x</p></html>")
    (tmp_path / "b.json").write_bytes(b'{"uri": "u", "body_text": "x"}')
    (tmp_path / "c.json").write_bytes(b'[{"uri": "u1"}, {"id": "i2"}]')
    sources = read(tmp_path)
    assert [kind(source) for source in sources] == ["text/html", *["application/json"] * 3]
    assert [source.name for source in sources] == ["a", "b.json", "u1", "i2"]


def warc(compressed: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for status, body, content in (
        ("200 OK", "<html><p>ख़बर</p></html>".encode(), "text/html; charset=utf-8"),
        ("404 Not Found", b"<html>gone</html>", "text/html"),
        ("200 OK", b"\x89PNG", "image/png"),
    ):
        head = StatusAndHeaders(status, [("Content-Type", content)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "https://example.org/story", "response", payload=io.BytesIO(body), http_headers=head
            )
        )
    return out.getvalue()


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_pages_of_a_warc_that_were_found_become_articles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(warc(name.endswith("gz")))
    (source,) = read(tmp_path / name)
    page = json.loads(source.message.value or b"")
    assert page["url"] == "https://example.org/story"
    assert "ख़बर" in page["html"]
    assert page["crawled"].startswith("20")


def test_compressed_lines_are_read_and_half_a_file_is_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"id": "a", "text": "x"}\n' * 200)
    (tmp_path / "a.jsonl.gz").write_bytes(whole)
    assert len(read(tmp_path / "a.jsonl.gz")) == 200
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="gzip"):
        read(tmp_path / "a.jsonl.gz")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read(tmp_path / "nothing")
    with pytest.raises(UserError, match="no articles in"):
        read(tmp_path)
