"""Other people's JSON as Varta's raw article: ninjs 2 and 3 (IPTC), and news-please."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.contracts.raw import RawArticle

Json = dict[str, Any]


def is_ninjs(item: Json) -> bool:
    """Whether an object is a ninjs news item."""
    standard = item.get("standard")
    if isinstance(standard, dict) and str(standard.get("name", "")).lower() == "ninjs":
        return True
    return "uri" in item and any(k in item for k in ("bodies", "body_text", "body_html", "headlines"))


def is_news_please(item: Json) -> bool:
    """Whether an object is an article of news-please."""
    return "maintext" in item or ("source_domain" in item and "date_download" in item)


def from_ninjs(item: Json) -> RawArticle:
    """A ninjs item; a body in HTML is taken only where there is none in plain text."""
    text = html = None
    for body in _dicts(item.get("bodies")):
        value, kind = _text(body.get("value")), str(body.get("contenttype") or body.get("contentType") or "").lower()
        if value and "html" in kind:
            html = html or value
        elif value:
            text = text or value
    text = text or _text(item.get("body_text"))
    html = html or _text(item.get("body_html")) or _text(item.get("body_xhtml"))
    sources = [*_dicts(item.get("infosources")), *_dicts(item.get("infoSources"))]
    source = next((s.get("name") for s in sources if s.get("name")), None) or item.get("slugline")
    return RawArticle(
        id=_text(item.get("uri")),
        url=next(
            (
                v
                for v in (_text(item.get("url")), _alternative(item), _text(item.get("uri")))
                if v and v.startswith("http")
            ),
            None,
        ),
        source=_text(source),
        title=_text(item.get("headline")) or _first(item.get("headlines")) or _text(item.get("title")),
        text=text,
        html=None if text else html,
        author=_text(item.get("byline")) or _first(item.get("bylines")) or _text(item.get("by")),
        published=next((v for v in map(_text, map(item.get, _NINJS_DATES)) if v), None),
        language=_text(item.get("language")),
    )


_NINJS_DATES = ("firstcreated", "firstCreated", "contentcreated", "contentCreated", "versioncreated", "versionCreated")


def from_news_please(item: Json) -> RawArticle:
    """A news-please article; its dates carry no zone and are kept so."""
    authors = item.get("authors")
    return RawArticle(
        url=_text(item.get("url")),
        source=_text(item.get("source_domain")),
        title=_text(item.get("title")),
        text=_text(item.get("maintext")) or _text(item.get("text")),
        author=", ".join(a for a in map(_text, authors) if a) or None if isinstance(authors, list) else _text(authors),
        published=_text(item.get("date_publish")),
        crawled=_text(item.get("date_download")),
        language=_text(item.get("language")),
    )


def _text(value: object) -> str | None:
    """A string that says something; news-please writes missing values as the word None too."""
    return value.strip() if isinstance(value, str) and value.strip() not in ("", "None", "null") else None


def _dicts(value: object) -> Iterator[Json]:
    yield from (v for v in value if isinstance(v, dict)) if isinstance(value, list) else ()


def _first(value: object) -> str | None:
    """The main one of ninjs's lists of headlines or bylines, else the first."""
    entries = list(_dicts(value))
    entries.sort(key=lambda e: e.get("role") not in ("main", "headline", None))
    return next((t for t in (_text(e.get("value")) for e in entries) if t), None)


def _alternative(item: Json) -> str | None:
    for alt in (*_dicts(item.get("altids")), *_dicts(item.get("altIds"))):
        value = _text(alt.get("value"))
        if value and value.startswith("http"):
            return value
    return None
