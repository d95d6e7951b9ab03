"""What a crawler sends, told apart by content type and content.

Varta's raw article, plain text, HTML, ninjs, news-please, WARC.
"""

from __future__ import annotations

import html
import re
from typing import Any

import orjson
from pydantic import ValidationError

from services.contracts.raw import RawArticle
from services.contracts.stage import Reject
from services.language import characters
from services.normalizer import decode, formats, warc
from services.normalizer.draft import Draft, Line, lines_of

LARGEST = 6 * 1024 * 1024  # bytes; the topic takes 8 MiB, and an article of this size is not one

MOST_TAGS = 100_000  # no page of an article has a tenth of it


def read(raw: RawArticle | bytes | str, content_type: str | None = None) -> Draft:
    """A draft of the article in `raw`; raises Reject where there is none."""
    if isinstance(raw, RawArticle):
        return _from_raw(raw)
    if len(raw) > LARGEST:
        raise Reject("too-large", f"the article has {len(raw):,} bytes; at most {LARGEST:,} are taken")
    value = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in ("application/warc", "application/warc-fields") or warc.is_warc(value):
        draft = _from_raw(warc.only_article(value))
        draft.format = "warc"
        return draft
    json = kind.endswith("json")
    if json or (value[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and kind not in _PAGES):
        loaded = _load(value, content_type, told=json)
        if loaded is not None:
            return _from_json(loaded)
    decoded = decode.decode(value, content_type)
    page = kind in _PAGES or looks_like_html(decoded.text)
    if page and decoded.text.count("<") > MOST_TAGS:
        raise Reject("too-complex", f"the page has {decoded.text.count('<'):,} tags; at most {MOST_TAGS:,} are read")
    draft = _from_page(decoded.text) if page else _from_text(decoded.text)
    draft.repairs[:0] = decoded.repairs
    return draft


_PAGES = ("text/html", "application/xhtml+xml")
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


_BREAK = re.compile(r"</?(?:p|br|div|li|ul|tr|h[1-6]|blockquote)\b[^<>]{0,500}>", re.I)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_LAYERS = 4  # text was escaped more than once


def looks_like_html(text: str) -> bool:
    """Whether a text is a page or a piece of one: it begins with a tag of a document's frame."""
    start = text[:400].lstrip().lower()
    return start.startswith(_PAGE) and "</" in text


def _from_text(text: str) -> Draft:
    draft = Draft(text, [])
    draft.lines = lines_of(text, draft.notes)
    if ("<" in text and _TAG.search(text)) or ("&" in text and _ENTITY.search(text)):
        _strip_markup(draft)
    decode.refuse_legacy_font(text)
    if not draft.lines:
        raise Reject("empty-text", "the text is empty")
    return draft


def _strip_markup(draft: Draft) -> None:
    """Take the residue of mark-up out of plain text: tags go, entities are read; a line that was nothing else goes."""
    kept: list[Line] = []
    for line in draft.lines:
        plain = line.text
        for _ in range(_LAYERS):
            tags = _TAG.findall(plain) if "<" in plain else []
            for tag in tags:
                draft.remove(line, "markup", tag)
            broken = _TAG.sub(" ", _BREAK.sub("\n", plain))
            pieces = (characters.clean(piece, draft.notes) for piece in _ENTITY.sub(_entity, broken).split("\n"))
            bare = "\n".join(piece for piece in pieces if piece)
            if bare == plain:
                break
            plain = bare
        if plain == line.text:
            kept.append(line)
            continue
        _note(draft, "markup in plain text")
        kept += [
            Line(piece, line.start, line.end, gap=line.gap or i > 0)
            for i, piece in enumerate(plain.split("\n"))
            if piece
        ]
    draft.lines = kept


def _entity(match: re.Match[str]) -> str:
    return " ".join(html.unescape(match.group()).split()) or " "


def _note(draft: Draft, name: str) -> None:
    draft.notes[name] = draft.notes.get(name, 0) + 1


_JSON_NAMES: dict[type, str] = {type(None): "null", list: "an array", str: "a string", bool: "a truth value"}


def _load(value: bytes, content_type: str | None, *, told: bool) -> dict[str, Any] | None:
    """The JSON object in `value`; None when it is none and was not said to be one. Raises Reject."""
    try:
        loaded: Any = orjson.loads(value.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        try:  # perhaps JSON in another charset
            value.decode("utf-8")
        except UnicodeDecodeError:
            text = decode.decode(value, content_type).text
            return _load(text.encode("utf-8", "replace"), None, told=told)
        if not told and not re.match(rb'\s*\{\s*"', value):
            return None
        raise Reject("bad-json", f"not JSON: {error}") from None
    if not isinstance(loaded, dict):
        raise Reject(
            "wrong-type", f"one JSON object an article is expected, not {_JSON_NAMES.get(type(loaded), 'a number')}"
        )
    return loaded


def _from_json(item: dict[str, Any]) -> Draft:
    try:
        if formats.is_ninjs(item):
            return _from_raw(formats.from_ninjs(item), "ninjs")
        if formats.is_news_please(item):
            return _from_raw(formats.from_news_please(item), "news-please")
        return _from_raw(RawArticle.model_validate(item))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Reject("wrong-type", f"field {place}: {first['msg']}") from None


def _from_page(page: str, url: str | None = None) -> Draft:
    # trafilatura and what it needs take half a second to import, and most messages are no pages
    from services.normalizer import pages

    return pages.read(page, url)


def _from_raw(raw: RawArticle, kind: str = "varta") -> Draft:
    repairs: list[str] = []
    if raw.text and raw.text.strip():
        text = _mended(raw.text, repairs)
        page = looks_like_html(text) and "<body" in text[:20_000].lower()
        draft = _from_page(text, raw.url) if page else _from_text(text)
    elif raw.html and raw.html.strip():
        draft = _from_page(_mended(raw.html, repairs), raw.url)
    else:
        raise Reject("empty-text", "the article has neither text nor html")
    draft.format = kind
    draft.repairs.extend(repairs)
    draft.id = raw.id
    draft.url = raw.url or draft.url
    draft.source = raw.source or draft.source
    draft.title = _field(raw.title, draft) or draft.title
    draft.author = _field(raw.author, draft) or draft.author
    draft.published = raw.published
    draft.crawled = raw.crawled
    draft.language_hint = raw.language or draft.language_hint
    return draft


def _mended(text: str, repairs: list[str]) -> str:
    decoded = decode.mended(text, [])
    repairs.extend(r for r in decoded.repairs if r not in repairs)
    return decoded.text


def _field(value: str | None, draft: Draft) -> str | None:
    """A short field on one line, cleaned as text is."""
    if not value or not value.strip():
        return None
    return characters.clean(" ".join(_mended(html.unescape(value), draft.repairs).split())) or None
