"""The normalizer: one clean text out of whatever a crawler sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.contracts import topics
from services.contracts.normalized import DateFound, NormalizedArticle, Removed
from services.contracts.raw import RawArticle
from services.contracts.stage import Message, OneByOne, Output, Reject
from services.normalizer import (
    embeds,
    furniture,
    identity,
    inputs,
    languages,
    parts,
    publication,
    repeats,
    sources,
    titles,
    zones,
)
from services.normalizer.draft import Draft, Line


class NormalizerStage(OneByOne):
    """articles.raw to articles.normalized, or to articles.other when the article is neither Hindi nor English."""

    name = "normalizer"
    inputs = (topics.RAW,)

    def __init__(self, known: sources.Table | None = None) -> None:
        """`known` are lines that sources repeat, as `sources.load` reads them."""
        self._known = known or {}

    def process(self, message: Message) -> list[Output]:
        """One clean article for one raw one; raises Reject with the reason when there is none in it."""
        if message.value is None:
            raise Reject("null-value", "a raw article has no value; a tombstone means nothing on this topic")
        headers = {k.lower(): v for k, v in message.headers}
        kind = headers.get("content-type") or headers.get("datacontenttype") or headers.get("ce_datacontenttype")
        arrived = datetime.fromtimestamp(message.timestamp_ms / 1000, UTC).date() if message.timestamp_ms > 0 else None
        article = normalize(message.value, kind.decode("latin-1") if kind else None, arrived=arrived, known=self._known)
        topic = topics.OTHER if article.language == "other" else topics.NORMALIZED
        return [Output(topic, article.id, article, type="article.normalized", subject=article.id)]


def normalize(
    raw: RawArticle | bytes | str,
    content_type: str | None = None,
    *,
    arrived: date | None = None,
    known: sources.Table | None = None,
) -> NormalizedArticle:
    """The clean article in `raw`: a raw article, or bytes of any format Varta reads, told apart by type and content.

    `arrived` is the day the article came in; a date of publication after it is refused. `known` are lines that sources
    repeat. Raises Reject.
    """
    draft = inputs.read(raw, content_type)
    _clean(draft, known or {})
    return _article(draft, arrived)


def _clean(draft: Draft, known: sources.Table) -> None:
    """Take out what is not the article, and type what is."""
    parts.take_page_dates(draft)
    embeds.settle(draft)
    before = len(draft.lines)
    furniture.take_out(draft, known.get(draft.source or identity.host_of(draft.url) or "", frozenset()))
    titles.settle(draft)
    zones.trim(draft, cleared=before > len(draft.lines))
    repeats.collapse(draft)
    if not draft.lines:
        headline = draft.title is not None and all(r.reason == "repeated" for r in draft.removed)
        left = "the headline" if headline else "site furniture"
        raise Reject("empty-text", f"the article holds no words beside {left}")
    parts.type_lines(draft)


def _article(draft: Draft, arrived: date | None) -> NormalizedArticle:
    blocks, tongues, text, place, agency = _blocks(draft)
    if not text:
        raise Reject("empty-text", "the article holds no words")
    published = publication.settle(draft, arrived)
    whole = languages.of_article(tongues)
    url = identity.canonical_url(draft.url)
    host = identity.host_of(url)
    content = identity.content_hash(line.read for line in draft.lines)
    for name, count in draft.notes.items():
        draft.repairs.append(f"{name} ({count})")
    return NormalizedArticle.model_validate(
        {
            "id": identity.article_id(draft.id, url, draft.source or host, content),
            "url": url,
            "source": draft.source or host,
            "host": host,
            "author": draft.author,
            "title": draft.title,
            "text": text,
            "language": whole.language,
            "language_tag": whole.tag,
            "script": whole.script,
            "published": published,
            "crawled": draft.crawled,
            "dates": draft.dates,
            "dateline_place": place,
            "agency": agency,
            "blocks": blocks,
            "removed": _counted(draft.removed),
            "repairs": draft.repairs,
            "content_hash": content,
            "format": draft.format,
        }
    )


def _blocks(draft: Draft) -> tuple[list[dict[str, Any]], list[languages.Tongue], str, str | None, str | None]:
    blocks: list[dict[str, Any]] = []
    place: str | None = None
    agency: str | None = None
    at = 0
    body = 0
    tongues = languages.of_lines([line.text for line in draft.lines])
    for line, tongue in zip(draft.lines, tongues, strict=True):
        size = len(line.text)
        cut = 0
        if line.kind == "paragraph" and body < 2:
            body += 1
            found = parts.dateline(line.text) if place is None else None
            if found:
                cut, place, agency = found.end, found.place, found.agency
                if found.day:
                    evidence = line.text[:cut].strip()
                    draft.dates.append(
                        DateFound(role="published", value=found.day.edtf(), source="dateline", evidence=evidence)
                    )
        if cut:
            lead = line.text[:cut].rstrip()
            blocks.append(_block(line, "dateline", at, at + len(lead), tongue, (0, len(lead))))
        blocks.append(_block(line, line.kind or "paragraph", at + cut, at + size, tongue, (cut, size)))
        at += size + 1
    return blocks, tongues, "\n".join(line.text for line in draft.lines), place, agency


def _block(
    line: Line, kind: str, start: int, end: int, tongue: languages.Tongue, part: tuple[int, int]
) -> dict[str, Any]:
    raw_start, raw_end = line.start, line.end
    if raw_start is not None and raw_end is not None and raw_end - raw_start == len(line.text):
        raw_start, raw_end = raw_start + part[0], raw_start + part[1]
    return {
        "kind": kind,
        "start": start,
        "end": end,
        "raw_start": raw_start,
        "raw_end": raw_end,
        "language": tongue.language,
        "script": tongue.script,
        "handle": line.handle,
        "link": line.link,
        "repeats": line.repeats,
    }


def _counted(removed: list[Removed]) -> list[Removed]:
    """Equal removals as one with their number."""
    if len(removed) < 2:
        return removed
    first: dict[tuple[str, str], Removed] = {}
    for item in removed:
        known = first.setdefault((item.reason, item.text), item)
        if known is not item:
            known.count += 1
    return list(first.values())
