"""Articles out of a web archive: the HTML responses of a WARC file, plain or gzipped."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from services.contracts.raw import RawArticle
from services.contracts.stage import Reject
from services.normalizer import decode

_HTML = ("text/html", "application/xhtml+xml")
_LARGEST = 6 * 1024 * 1024


def articles(stream: BinaryIO) -> Iterator[RawArticle]:
    """A raw article for each successful HTML response, with address and time of the crawl.

    Other records, redirects, errors and pages over 6 MB are passed over. Raises Reject when the stream is no WARC.
    """
    from warcio.archiveiterator import ArchiveIterator  # here, as few messages need it and its import takes long
    from warcio.exceptions import ArchiveLoadFailed

    empty = True
    try:
        for record in ArchiveIterator(stream):
            empty = empty and record.format != "warc"  # any line of five words passes for the older ARC
            if empty or record.rec_type not in ("response", "resource") or record.http_headers is None:
                continue
            kind = record.http_headers.get_header("Content-Type") or ""
            if record.http_headers.get_statuscode() != "200" or not kind.lower().startswith(_HTML):
                continue
            body = record.content_stream().read(_LARGEST + 1)
            if not body or len(body) > _LARGEST:
                continue
            try:
                html = decode.decode(body, kind).text
            except Reject:
                continue
            yield RawArticle(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                html=html,
                crawled=record.rec_headers.get_header("WARC-Date"),
            )
    except ArchiveLoadFailed as error:
        raise Reject("bad-warc", f"the web archive cannot be read: {error}") from None
    if empty:
        raise Reject("bad-warc", "the web archive holds no record")


def is_warc(value: bytes) -> bool:
    """Whether bytes begin like a WARC record."""
    return value[:5] == b"WARC/"


def only_article(value: bytes) -> RawArticle:
    """The first HTML response of a message that is a piece of a WARC file; raises Reject when there is none."""
    for article in articles(io.BytesIO(value)):
        return article
    raise Reject("empty-text", "the WARC record holds no HTML response")
