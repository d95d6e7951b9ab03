"""An analysed article as one JSON line: the plain shape that programs and scorers read."""

from __future__ import annotations

from typing import Any

from services.commands.inprocess import Analysed
from services.contracts.tagged import Party, TaggedArticle, TaggedEvent


def record_of(result: Analysed) -> dict[str, Any]:
    """The line of one article; a refused one has `rejected` with code, reason and the stage that refused."""
    name = result.source.name
    if result.tagged is not None:
        return {"id": name, **_article(result.tagged)}
    if result.other is not None:
        article = result.other
        why = f"the article is neither Hindi nor English (language: {article.language})"
        return {
            "id": name,
            "language": article.language,
            "title": article.title,
            "text": article.text,
            "rejected": {"code": "other-language", "reason": why, "stage": result.stage},
        }
    refused = result.refused
    assert refused is not None
    return {"id": name, "rejected": {"code": refused.code, "reason": refused.why, "stage": result.stage}}


def _article(article: TaggedArticle) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "language": article.language,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "source": article.source,
        "url": article.url,
        "events": [event_record(event) for event in article.events],
        "mentions": [
            m.model_dump(include={"text", "kind", "name", "entity", "qid", "country", "start", "end"})
            for m in article.mentions
        ],
        "quantities": [q.model_dump(exclude_none=True) for q in article.quantities],
        "quotes": [q.model_dump(include={"speaker", "text", "direct", "start", "end"}) for q in article.quotes],
        "dates": [{**t.model_dump(exclude={"edtf"}, exclude_none=True), "value": t.edtf} for t in article.times],
        "topics": [t.model_dump() for t in article.topics],
        "removed": [r.model_dump(include={"reason", "text", "count"}) for r in article.removed],
    }


def event_record(event: TaggedEvent) -> dict[str, Any]:
    """One event of the line."""
    return {
        "id": event.id,
        "event_type": event.event_type,
        "event_mode": event.event_mode,
        "status": event.status,
        "actors": [_party(party) for party in event.actors],
        "recipients": [_party(party) for party in event.recipients],
        "date": event.date,
        "place": event.place,
        "evidence": event.evidence.model_dump(include={"text", "start", "end"}),
        "confidence": event.confidence,
        "quad": event.quad,
        "intensity": event.intensity,
        "cameo_root": event.cameo_root,
        "attribution": event.attribution.model_dump() if event.attribution else None,
        "size": event.size.model_dump(exclude_none=True) if event.size else None,
        "contexts": event.contexts,
    }


def _party(party: Party) -> dict[str, Any]:
    return party.model_dump(include={"name", "qid", "country", "sector", "text"})
