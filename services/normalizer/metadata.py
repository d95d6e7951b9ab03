"""What a page says about itself: dates of publication with their evidence, canonical address, language hint."""

from __future__ import annotations

import re
from typing import Any

import orjson
from lxml.html import HtmlElement

from services.contracts.normalized import DateFound
from services.normalizer import dates

_META = re.compile(
    r"(?:article:published_time|article:published|og:published_time|og:article:published_time|datepublished|"
    r"date(?:\.issued|\.created)?|dc\.date(?:\.issued|\.created)?|dcterms\.(?:date|created|issued)|publishdate|publish_date|publish-date|"
    r"pubdate|published_time|publication_date|article_date_original|sailthru\.date|parsely-pub-date|cxenseparse:recs:publishtime|"
    r"originalpublicationdate|article\.published|rnews:datepublished|news_publishdate)",
    re.IGNORECASE,
)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/_-]|$)")
_MOST = 200_000  # characters of embedded JSON that are read


def published(tree: HtmlElement, url: str | None) -> list[DateFound]:
    """Dates of publication that the page's metadata or address tell, the most telling first."""
    found: list[DateFound] = []
    seen: set[str] = set()

    def note(value: str, evidence: str, source: str) -> None:
        day = dates.read_iso(value) if value else None
        if day and day not in seen:
            seen.add(day)
            found.append(DateFound(role="published", value=day, source=source, evidence=evidence[:200]))

    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        for value in _json_dates(script.text or ""):
            note(value, f"JSON-LD datePublished {value}", "metadata")
    for meta in tree.iterfind(".//meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = meta.get("content") or ""
        if content and _META.fullmatch(name):
            note(content, f"meta {name} {content}", "metadata")
    for time in tree.iterfind(".//time"):
        value = time.get("datetime") or ""
        marks = " ".join(
            (time.get("itemprop") or "", time.get("class") or "", "pubdate" if "pubdate" in time.attrib else "")
        )
        if (
            value
            and re.search(r"publish|pubdate|entry-date|datePublished", marks, re.I)
            and "modif" not in marks.lower()
        ):
            note(value, f"time {value}", "metadata")
    match = _URL_DAY.search(url or "")
    if match:
        note("-".join(match.groups()), match.group(), "url")
    return found


def _json_dates(text: str) -> list[str]:
    """Values of datePublished in embedded JSON-LD, of articles before other things."""
    if len(text) > _MOST:
        return []
    try:
        loaded: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return re.findall(r'"datePublished"\s*:\s*"([^"]{8,40})"', text)[:3]
    articles: list[str] = []
    others: list[str] = []
    stack: list[Any] = [loaded]
    while stack and len(articles) + len(others) < 20:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:200]))
        elif isinstance(item, dict):
            value = item.get("datePublished")
            if isinstance(value, str):
                kind = str(item.get("@type"))
                (articles if "Article" in kind or "Posting" in kind else others).append(value)
            stack.extend(v for v in item.values() if isinstance(v, dict | list))
    return articles or others


def language_hint(tree: HtmlElement) -> str | None:
    """The language the page claims."""
    for element in tree.iter("html"):
        value = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
        if value and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w{2,8}){0,3}", value.strip()):
            return str(value.strip().replace("_", "-"))
    return None
