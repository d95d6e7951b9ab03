"""Figures of stories and resolved events: `varta eval stories`."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from services.contracts import topics
from services.contracts.stage import Message
from services.knowledge.shared import shared
from services.stories import made, made_events
from services.stories.measures import Figures, bcubed, pairwise
from services.stories.running import Placed, grouped, in_order

ORDERS = 20
DELAY = 6 * 3600  # seconds by which articles of a shuffled stream overtake one another


def evaluate(data: Path | None = None, profile: str = "accurate") -> dict[str, Any]:
    """All figures on the development data, or the story figures of another file of its format."""
    if data is not None:
        return {"clusters": clusters(data, profile)}
    figures: dict[str, Any] = {}
    dev = shared("data", "story_clusters_en", "news_cluster.jsonl")
    if dev.exists():
        figures["clusters"] = clusters(dev, profile)
    if shared("data", "parallel_news_en_hi", "newstest2014.en").exists():
        figures["bilingual"] = bilingual(profile)
    if dev.exists():
        figures["copies"] = copies(dev)
    figures["events"] = events()
    return figures


def clusters(path: Path, profile: str) -> dict[str, Any]:
    """BCubed and pairs on articles with `event_id`, streamed in the order of their dates; and over shuffled orders."""
    records = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    articles: list[Any] = list(tagged((raw(record) for record in records), profile))
    truth_of = {record["id"]: str(record.get("event_id", record.get("story"))) for record in records}
    truth = {article["id"]: truth_of[article["name"]] for article in articles}
    found = by_story(grouped(in_order(articles)))
    return {
        "articles": len(articles),
        "bcubed": bcubed(found, truth).rounded(),
        "pairs": pairwise(found, truth).rounded(),
        "orders": orders(articles, found, ORDERS),
    }


def raw(record: dict[str, Any]) -> dict[str, Any]:
    """A record of the development clusters as a raw article."""
    return {
        "id": record["id"],
        "title": record.get("title"),
        "text": record["text"],
        "published": record.get("date") or record.get("published"),
        "url": record.get("url"),
        "source": record.get("source"),
        "language": record.get("language"),
    }


def by_story(places: Iterable[Placed]) -> dict[str, str]:
    """Story by article."""
    return {place.id: place.story for place in places}


def orders(articles: Sequence[dict[str, Any]], found: dict[str, str], number: int) -> dict[str, float]:
    """Least and mean BCubed F1 of shuffled orders to the order of publication, and to one another."""
    results = [found]
    for seed in range(number):
        draw = random.Random(seed)
        times = {a["id"]: _hours(a) + draw.uniform(0, DELAY / 3600) for a in articles}
        shuffled: list[dict[str, Any]] = sorted(articles, key=lambda a: times[a["id"]])
        results.append(by_story(grouped(shuffled)))
    to_first = [bcubed(result, found).f1 for result in results[1:]]
    to_each = [bcubed(a, b).f1 for n, a in enumerate(results) for b in results[n + 1 :]]
    return {
        "orders": number,
        "to_publication_mean": round(sum(to_first) / len(to_first), 4),
        "one_to_another_mean": round(sum(to_each) / len(to_each), 4),
        "one_to_another_least": round(min(to_each), 4),
    }


def _hours(article: dict[str, Any]) -> float:
    from services.stories.intake import seconds

    return (seconds(article.get("published")) or 0) / 3600


# -- both languages ---------------------------------------------------------------------------------------------------


def bilingual(profile: str) -> dict[str, Any]:
    """Pairs across languages on translated news, among articles of the project on the same persons and places."""
    figures: dict[str, Any] = {}
    noise = [a for path in sorted(shared("gold").glob("events_*.jsonl")) for a in _lines(path)]
    others = list(tagged((raw(record) for record in noise), profile))
    for name, dealt in (("whole", False), ("no common sentence", True)):
        documents = list(tagged(made.translations(dealt), profile))
        story = {a["id"]: a["name"].rpartition("/")[0] for a in documents}
        language = {a["id"]: a["language"] for a in (*documents, *others)}
        stream = [*documents, *others]
        random.Random(5).shuffle(stream)
        found = by_story(grouped(in_order(stream)))
        figures[name] = {"documents": len(set(story.values())), **across(found, story, language).rounded()}
    return figures


def across(found: dict[str, str], story: dict[str, str], language: dict[str, str]) -> Figures:
    """Pairs of articles in two languages, at least one of which has a known story (an article without one has none)."""
    members: dict[str, list[str]] = {}
    for article, cluster in found.items():
        members.setdefault(cluster, []).append(article)
    said = right = 0
    for articles in members.values():
        for n, one in enumerate(articles):
            for two in articles[n + 1 :]:
                if language[one] != language[two] and (one in story or two in story):
                    said += 1
                    right += story.get(one, one) == story.get(two, two)
    true = sum(
        language[one] != language[two]
        for stories in _by_value(story).values()
        for n, one in enumerate(stories)
        for two in stories[n + 1 :]
    )
    return Figures.of(right / said if said else 1.0, right / true if true else 1.0)


def _by_value(mapping: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in mapping.items():
        found.setdefault(value, []).append(key)
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        yield orjson.loads(line)


# -- copies -----------------------------------------------------------------------------------------------------------


def copies(path: Path) -> dict[str, Any]:
    """Near-duplicates made from real articles by edits, among all others of the same stories."""
    records = [{**raw(record), "language": record.get("language") or "en"} for record in _lines(path)]
    hindi = [raw(a) for name in ("events_train_a", "events_train_b") for a in _lines(shared("gold", f"{name}.jsonl"))]
    records += [a for a in hindi if a["language"] == "hi"]
    stream, truth = made.edited(records)
    places = grouped(in_order(stream))
    original = {place.id: place.copy_of or place.id for place in places}
    figures: dict[str, Any] = {"articles": len(stream), **pairwise(original, truth).rounded()}
    for edit in made.EDITS:
        mine = [i for i in truth if i.endswith("/" + edit)]
        caught = sum((truth[original[i]] == truth[i] and original[i] != i) or _is_first(i, original) for i in mine)
        figures[edit] = round(caught / len(mine), 4) if mine else None
    return figures


def _is_first(article: str, original: dict[str, str]) -> bool:
    """Whether the article is itself the original that others copy."""
    return any(o == article and i != article for i, o in original.items())


# -- events -----------------------------------------------------------------------------------------------------------


def events() -> dict[str, Any]:
    """Resolved events on made streams whose events are known."""
    from services.stories.engine import Engine

    found: dict[str, Any] = {}
    counts: list[tuple[int, int]] = []
    reports: dict[str, str] = {}
    truth: dict[str, str] = {}
    for seed in range(4):
        stream, told = made_events.reports(seed)
        engine = Engine()
        for article in stream:
            engine.take(article)
        live = [e for e in engine.resolving.events.values() if e.reports]
        counts.append((len(live), len(set(told.values()))))
        for event in live:
            for report in event.reports:
                reports[f"{seed}/{report.event['id']}"] = f"{seed}/{event.id}"
        truth |= {f"{seed}/{k}": f"{seed}/{v}" for k, v in told.items()}
    counted, true = sum(c for c, _ in counts), sum(t for _, t in counts)
    found["events"], found["counted"] = true, counted
    found["over_or_under"] = round(counted / true - 1, 4)
    # an event is split when its reports are in several, and mixed when reports of another are in its own
    found["split"] = round(sum(len({reports[r] for r in rs}) - 1 for rs in _by_value(truth).values()) / true, 4)
    found["mixed"] = round(sum(len({truth[r] for r in rs}) - 1 for rs in _by_value(reports).values()) / true, 4)
    found |= {"bcubed": bcubed(reports, truth).rounded()}
    return found


# -- the stages before ------------------------------------------------------------------------------------------------


def tagged(records: Iterable[dict[str, Any]], profile: str) -> Iterator[dict[str, Any]]:
    """Raw articles through normalizer, enricher and tagger, as plain data; `name` is the id they came with."""
    from services.enricher.stage import EnricherStage
    from services.normalizer.stage import NormalizerStage
    from services.tagger.stage import TaggerStage

    chain: list[tuple[Any, str]] = [
        (NormalizerStage(), topics.NORMALIZED),
        (EnricherStage(profile), topics.ENRICHED),  # type: ignore[arg-type]
        (TaggerStage(profile), topics.TAGGED),  # type: ignore[arg-type]
    ]
    batch = [(r["id"], Message(orjson.dumps(r), r["id"].encode())) for r in records]
    for start in range(0, len(batch), 64):
        current = batch[start : start + 64]
        for stage, topic in chain:
            following = []
            for (name, _), outcome in zip(current, stage.process_many([m for _, m in current]), strict=True):
                for output in outcome if isinstance(outcome, list) else ():
                    if output.topic == topic and output.value is not None:
                        value = output.value
                        plain = value if isinstance(value, bytes) else value.model_dump_json().encode()
                        following.append((name, Message(plain, name.encode())))
            current = following
        for name, message in current:
            yield {**orjson.loads(message.value or b"{}"), "name": name}
