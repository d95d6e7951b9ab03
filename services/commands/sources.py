"""Articles as they lie in files: text, JSON lines, HTML, JSON documents (ninjs, news-please), WARC, folders of them.

The content is passed on as it is; telling formats apart and cleaning them is the normalizer's work. All that happens
here is cutting a file into messages for articles.raw.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from services.commands.errors import UserError
from services.contracts.stage import Message, Reject
from services.knowledge.shared import ROOT, shared

SUFFIXES = (
    ".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson",
    ".warc", ".warc.gz", ".jsonl.gz", ".ndjson.gz", ".json.gz", ".html.gz", ".txt.gz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One article: what a person calls it, and the message that carries it."""

    name: str
    message: Message


def read_all(paths: Sequence[str], lines: bool = False) -> Iterator[Source]:
    """Every article of files, folders and `-` (standard input), in order.

    `lines` reads standard input as JSON lines, whatever it looks like. Raises UserError for what cannot be read.
    """
    for path in paths:
        if path == "-":
            yield from _from_bytes(sys.stdin.buffer.read(), "stdin", Path.cwd(), lines)
        elif not Path(path).exists():
            raise UserError(f"no such file or folder: {path}")
        elif Path(path).is_dir():
            files = [f for f in sorted(Path(path).rglob("*")) if f.is_file() and f.name.lower().endswith(SUFFIXES)]
            if not files:
                raise UserError(f"no articles in {path}: expected files ending in {', '.join(SUFFIXES[:9])} …")
            for file in files:
                yield from _from_file(file)
        else:
            yield from _from_file(Path(path))


def _from_file(path: Path) -> Iterator[Source]:
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        with path.open("rb") as stream:
            yield from _warc(stream, path.name)
        return
    data = path.read_bytes()
    if name.endswith(".gz"):
        name = name.removesuffix(".gz")
        try:
            data = gzip.decompress(data)
        except (gzip.BadGzipFile, EOFError) as error:
            raise UserError(f"{path}: not a whole gzip file ({error})") from error
    if name.endswith((".jsonl", ".ndjson")):
        yield from _json_lines(data, path.name, path.parent)
    elif name.endswith(".json"):
        yield from _json_document(data, path.name)
    elif name.endswith((".html", ".htm", ".xhtml")):
        yield Source(path.stem, _message(data, path.stem, "text/html"))
    else:
        yield Source(path.stem, _message(data, path.stem, "text/plain"))


def _from_bytes(data: bytes, name: str, base: Path, lines: bool) -> Iterator[Source]:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64]
    if lines:
        yield from _json_lines(data, name, base)
    elif data[:2] == b"\x1f\x8b" or start.startswith(b"WARC/"):
        import io

        yield from _warc(io.BytesIO(data), name)
    elif start[:1] in (b"{", b"["):
        first = data.strip().split(b"\n", 1)[0]
        whole_line = first.rstrip().endswith(b"}") and _is_json(first)
        yield from _json_lines(data, name, base) if whole_line else _json_document(data, name)
    elif start[:1] == b"<":
        yield Source(name, _message(data, name, "text/html"))
    elif not data.strip():
        raise UserError("standard input is empty: expected an article")
    else:
        yield Source(name, _message(data, name, "text/plain"))


def _json_lines(data: bytes, name: str, base: Path) -> Iterator[Source]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = line.strip()
        if not line:
            continue
        called = f"{name}:{number}"
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None  # the normalizer says what is wrong with it
        if isinstance(record, dict):
            called = str(record.get("id") or called)
            if isinstance(record.get("id"), int):
                line = orjson.dumps(record := {**record, "id": str(record["id"])})
            if record.get("file") and not record.get("text") and not record.get("html"):
                line = orjson.dumps(_with_file(record, base))
        yield Source(called, _message(line, called, "application/json"))


def _with_file(record: dict[str, Any], base: Path) -> dict[str, Any]:
    """The record with the content of its `file` in place."""
    file = str(record["file"])
    places = [base / file, Path.cwd() / file, ROOT / "seeds" / file, shared("seeds", file)]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise UserError(f"record {record.get('id')}: no file {file} beside the records or in {Path.cwd()}")
    content = found.read_bytes().decode("utf-8", errors="replace")
    field = "html" if file.lower().endswith((".html", ".htm", ".xhtml")) else "text"
    return {**{k: v for k, v in record.items() if k != "file"}, field: content}


def _json_document(data: bytes, name: str) -> Iterator[Source]:
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        yield Source(name, _message(data, name, "application/json"))
        return
    if not isinstance(document, list):
        yield Source(name, _message(data, name, "application/json"))
        return
    for number, record in enumerate(document, 1):
        given = record.get("id") or record.get("uri") if isinstance(record, dict) else None
        called = str(given or f"{name}:{number}")
        yield Source(called, _message(orjson.dumps(record), called, "application/json"))


def _warc(stream: BinaryIO, name: str) -> Iterator[Source]:
    from services.normalizer.warc import articles

    try:
        for page in articles(stream):
            called = page.url or name
            yield Source(called, _message(page.model_dump_json(exclude_none=True).encode(), called, "application/json"))
    except Reject as reject:
        raise UserError(f"{name}: {reject.why}") from reject


def _message(value: bytes, key: str, kind: str) -> Message:
    return Message(value=value, key=key.encode(), headers=(("content-type", kind.encode()),))


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
