"""Every topic in one place: name, partitions, retention, compaction, and the message it carries."""

from __future__ import annotations

from dataclasses import dataclass, field

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be on the cluster; `message` names the contract its values follow."""

    name: str
    message: str
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    compact: bool = False
    max_message_bytes: int = 8 * 1024 * 1024
    config: dict[str, str] = field(default_factory=dict)


RAW = "articles.raw"
NORMALIZED = "articles.normalized"
OTHER = "articles.other"
ENRICHED = "articles.enriched"
TAGGED = "articles.tagged"
EVENTS = "events.tagged"
COOPERATION = "events.cooperation"
CONFLICT = "events.conflict"
STORIES = "stories.updated"
RESOLVED = "events.resolved"
TRENDS = "trends.updated"
STORIES_STATE = "stories.state"
TRENDS_STATE = "trends.state"


def dead_letters(stage: str) -> str:
    """Name of the dead-letter topic of a stage."""
    return f"{stage}.dlq"


STAGES = ("normalizer", "enricher", "tagger", "stories")

TOPICS: tuple[Topic, ...] = (
    Topic(RAW, "RawArticle"),
    Topic(NORMALIZED, "NormalizedArticle"),
    Topic(OTHER, "NormalizedArticle"),
    Topic(ENRICHED, "EnrichedArticle"),
    Topic(TAGGED, "TaggedArticle"),
    Topic(EVENTS, "TaggedEvent"),
    Topic(COOPERATION, "TaggedEvent"),
    Topic(CONFLICT, "TaggedEvent"),
    # stories and resolved events are distinct over everything, so they keep one order
    Topic(STORIES, "Story", partitions=1, compact=True),
    Topic(RESOLVED, "ResolvedEvent", partitions=1, compact=True),
    Topic(STORIES_STATE, "StateChange", partitions=1, compact=True),
    Topic(TRENDS, "Trend", partitions=1, compact=True),
    Topic(TRENDS_STATE, "StateChange", partitions=1, compact=True),
    *(
        Topic(dead_letters(stage), "DeadLetter", partitions=1, retention_ms=30 * DAY_MS)
        for stage in (*STAGES, "trends")
    ),
)
