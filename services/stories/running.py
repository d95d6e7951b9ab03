"""The story engine on a list of tagged articles, without Kafka: what `varta stories` and the evaluations run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.contracts.tagged import TaggedArticle
from services.stories.compare import Scorer
from services.stories.engine import Engine, Limits

Tagged = TaggedArticle | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article stands at the end."""

    id: str
    story: str
    follows: str | None
    copy_of: str | None


def grouped(articles: Iterable[Tagged], scorer: Scorer | None = None, limits: Limits | None = None) -> list[Placed]:
    """Each article's story, the story that this follows, and what it copies, after all have come in their order."""
    engine = Engine(scorer, limits)
    order: list[str] = []
    for article in articles:
        plain = article.model_dump(mode="json") if isinstance(article, TaggedArticle) else article
        engine.take(plain)
        order.append(plain["id"])
    return placed(engine, order)


def placed(engine: Engine, order: Iterable[str]) -> list[Placed]:
    """Where these articles stand in the engine, left ones included; those it does not know are left out."""
    threads = engine.grouping.stories
    found: dict[str, Placed] = {}
    for thread in (*threads.values(), *engine.touched.closed.values()):
        for entry in thread.past:
            found[str(entry["id"])] = Placed(str(entry["id"]), thread.id, thread.follows, entry["copy_of"])
    for article in engine.table:
        found[article.id] = Placed(article.id, article.story, threads[article.story].follows, article.copy_of)
    return [found[i] for i in dict.fromkeys(order) if i in found]


def in_order(articles: Iterable[Tagged]) -> list[Tagged]:
    """Articles in the order of their publication; undated ones first, as they came."""

    def published(article: Tagged) -> str:
        if isinstance(article, TaggedArticle):
            return article.published or ""
        return article.get("published") or ""

    return sorted(articles, key=published)
