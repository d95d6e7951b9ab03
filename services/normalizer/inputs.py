"""What a crawler sends, told apart by content type and content: Varta's raw article, plain text, HTML, ninjs, news-please, WARC."""

from __future__ import annotations

import re
from typing import Any

import orjson
from pydantic import ValidationError

from services.contracts.raw import RawArticle
from services.contracts.stage import Reject
from services.language import characters
from services.normalizer import decode, pages
from services.normalizer.draft import Draft, Line, lines_of

LARGEST = 6 * 1024 * 1024  # bytes; the topic takes 8 MiB, and an article of this size is not one


def read(raw: RawArticle | bytes | str, content_type: str | None = None) -> Draft:
    """A draft of the article in `raw`; raises Reject where there is none."""
    if isinstance(raw, RawArticle):
        return _from_raw(raw)
    if len(raw) > LARGEST:
        raise Reject("too-large", f"the article has {len(raw):,} bytes; at most {LARGEST:,} are taken")
    kind = (content_type or "").split(";")[0].strip().lower()
    if isinstance(raw, bytes):
        start = raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
        if kind.endswith("json") or (start[:1] == b"{" and kind in ("", "text/plain", "application/octet-stream")):
            return _from_json(raw, strict=kind.endswith("json"))
        decoded = decode.decode(raw, content_type)
        text, repairs = decoded.text, decoded.repairs
    else:
        text, repairs = raw, []
        if kind.endswith("json") or (not kind and raw.lstrip()[:1] == "{"):
            return _from_json(raw.encode("utf-8", "surrogatepass"), strict=kind.endswith("json"))
    draft = (
        _from_html(text)
        if kind in ("text/html", "application/xhtml+xml") or looks_like_html(text)
        else _from_text(text)
    )
    draft.repairs[:0] = repairs
    return draft


_PAGE = (
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<article",
    "<?xml",
    "<!--",
    "<div",
    "<p>",
    "<p ",
    "<section",
    "<main",
)
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|li|h[1-6]|blockquote|img|figure|iframe|script|style)\b[^<>]{0,500}>", re.I
)


def looks_like_html(text: str) -> bool:
    """Whether a text is a page or a piece of one: it begins with a tag of a document's frame."""
    start = text[:400].lstrip().lower()
    return start.startswith(_PAGE) and "</" in text


def _from_text(text: str) -> Draft:
    draft = Draft(text, [])
    draft.lines = lines_of(text, draft.notes)
    if "<" in text and _TAG.search(text):
        _strip_tags(draft)
    decode.refuse_legacy_font(text)
    if not draft.lines:
        raise Reject("empty-text", "the text is empty")
    return draft


def _strip_tags(draft: Draft) -> None:
    """Take the residue of mark-up out of plain text; a line that was nothing else goes."""
    kept: list[Line] = []
    for line in draft.lines:
        plain = characters.clean(_TAG.sub(" ", line.text)) if "<" in line.text else line.text
        if plain != line.text:
            for tag in _TAG.findall(line.text)[:20]:
                draft.remove(line, "markup", tag)
            line.become(plain)
        if plain:
            kept.append(line)
    draft.lines = kept


def _from_html(html: str, url: str | None = None) -> Draft:
    return pages.read(html, url)


def _from_json(value: bytes, *, strict: bool) -> Draft:
    try:
        loaded: Any = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise Reject("bad-json", f"not JSON: {error}") from None
    if not isinstance(loaded, dict):
        raise Reject("wrong-type", f"one JSON object an article is expected, not {type(loaded).__name__}")
    try:
        return _from_raw(RawArticle.model_validate(loaded))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Reject("wrong-type", f"field {place}: {first['msg']}") from None


def _from_raw(raw: RawArticle) -> Draft:
    if raw.text and raw.text.strip():
        page = looks_like_html(raw.text) and "<body" in raw.text[:20_000].lower()
        draft = _from_html(raw.text, raw.url) if page else _from_text(raw.text)
    elif raw.html and raw.html.strip():
        draft = _from_html(raw.html, raw.url)
    else:
        raise Reject("empty-text", "the article has neither text nor html")
    draft.format = "varta"
    draft.id = raw.id
    draft.url = raw.url or draft.url
    draft.source = raw.source or draft.source
    draft.title = raw.title.strip() if raw.title and raw.title.strip() else draft.title
    draft.author = raw.author or draft.author
    draft.published = raw.published
    draft.crawled = raw.crawled
    draft.language_hint = raw.language
    return draft
