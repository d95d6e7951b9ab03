"""Tagged articles made by hand, for tests of stories."""

from __future__ import annotations

from typing import Any

import orjson

from services.contracts.stage import Message, Output
from services.contracts.topics import STORIES_STATE
from services.stories.stage import StoriesStage

NAMES = {
    "Joe Biden": ("PER", "USA"),
    "Vladimir Putin": ("PER", "RUS"),
    "Russia": ("LOC", "RUS"),
    "United States": ("LOC", "USA"),
    "Ukraine": ("LOC", "UKR"),
    "Geneva": ("LOC", "CHE"),
    "Narendra Modi": ("PER", "IND"),
    "Colombo": ("LOC", "LKA"),
    "Sri Lanka": ("LOC", "LKA"),
}


def party(name: str) -> dict[str, Any]:
    """A party of an event."""
    kind, country = NAMES.get(name, ("PER", None))
    return {"name": name, "entity": f"x:{name.lower()}", "country": country, "sector": "GOV" if kind == "PER" else None}


def event(article: str, n: int, kind: str, actors: list[str], recipients: list[str], **more: Any) -> dict[str, Any]:
    """An event as an article states it."""
    return {
        "id": f"{article}#{n}",
        "article_id": article,
        "event_type": kind,
        "event_mode": None,
        "status": "actual",
        "actors": [party(name) for name in actors],
        "recipients": [party(name) for name in recipients],
        "evidence": {"start": 0, "end": 4, "text": more.pop("words", "said")},
        "confidence": 0.8,
        "quad": 1,
        "intensity": 1.0,
        **more,
    }


def article(id: str, text: str, title: str | None = None, published: str | None = None, **more: Any) -> dict[str, Any]:
    """A tagged article; `names` are English names that it mentions."""
    names = more.pop("names", [name for name in NAMES if name in text])
    return {
        "id": id,
        "text": text,
        "title": title,
        "published": published,
        "language": more.pop("language", "en"),
        "source": more.pop("source", f"{id}.example"),
        "mentions": [
            {"text": n, "name": n, "entity": f"x:{n.lower()}", "kind": NAMES[n][0], "start": 0, "end": 1} for n in names
        ],
        "events": more.pop("events", []),
        **more,
    }


class Newsroom:
    """A stage with a topic for its changelog, as a worker would drive it."""

    def __init__(self, stage: StoriesStage | None = None) -> None:
        self.stage = stage or StoriesStage()
        self.changelog: list[tuple[bytes, bytes | None]] = []
        self.latest: dict[tuple[str, str], Any] = {}
        self.sent: list[Output] = []

    def send(self, *articles: dict[str, Any]) -> list[Output]:
        """Articles as one batch; returns what was published besides the changelog."""
        return self._run([Message(orjson.dumps(a), a["id"].encode()) for a in articles])

    def withdraw(self, article_id: str) -> list[Output]:
        """The article of that id taken back."""
        return self._run([Message(None, article_id.encode())])

    def _run(self, messages: list[Message]) -> list[Output]:
        published = []
        for outcome in self.stage.process_many(messages):
            assert isinstance(outcome, list), outcome
            for output in outcome:
                if output.topic == STORIES_STATE:
                    assert output.key is not None
                    assert output.value is None or isinstance(output.value, bytes)
                    self.changelog.append((output.key.encode(), output.value))
                else:
                    published.append(output)
                    self.latest[output.topic, output.key or ""] = output.value
        self.sent += published
        return published

    def compacted(self) -> list[tuple[bytes, bytes | None]]:
        """The changelog as compaction leaves it: the last record of each key, in the order of those."""
        last = {key: place for place, (key, _) in enumerate(self.changelog)}
        return [record for place, record in enumerate(self.changelog) if last[record[0]] == place]

    def restarted(self) -> Newsroom:
        """Another worker that takes over from the changelog."""
        other = Newsroom()
        other.stage.restore(self.compacted())
        other.changelog, other.latest = list(self.changelog), dict(self.latest)
        return other

    def story_of(self, article_id: str) -> str:
        """Story that a live article is in."""
        return self.stage.engine.table.articles[article_id].story

    def events(self) -> list[Any]:
        """Resolved events as last published, without those merged or retracted."""
        return [
            v
            for (topic, _), v in self.latest.items()
            if topic == "events.resolved" and not v.merged_into and not v.retracted
        ]
