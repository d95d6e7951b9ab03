"""stories.updated, events.resolved, trends.updated: one id for one real event, its story, and the counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.base import Contract, Edtf, Iso3, Probability
from services.contracts.tagged import EventType, Party, Status


class StoryArticle(Contract):
    """An article of a story."""

    id: str
    language: str
    title: str | None = None
    published: str | None = None
    source: str | None = None
    url: str | None = None
    copy_of: str | None = Field(None, description="id of the original that this article copies")


class Story(Contract):
    """A story as it stands after a change (stories.updated, key = story id)."""

    id: str
    change: Literal["created", "grown", "merged", "split", "closed"]
    merged_into: str | None = Field(None, description="tombstone: where this story went")
    split_from: str | None = None
    follows: str | None = Field(None, description="the earlier story that this one follows up")
    headline_hi: str | None = None
    headline_en: str | None = None
    articles: list[StoryArticle] = []
    entities: list[str] = []
    sources: int = 0
    started: str | None = None
    updated: str | None = None
    timeline: list[str] = Field([], description="ids of its resolved events in order of their dates")


class Support(Contract):
    """One article that reports the event, with its words."""

    article_id: str
    event_id: str
    source: str | None = None
    published: str | None = None
    language: str
    evidence: str
    status: Status
    copy_of: str | None = None


class StatusChange(Contract):
    """A step in an event's history."""

    status: str
    at: str | None = None
    article_id: str


class Contradiction(Contract):
    """A field on which the reports do not agree, with the values and how many independent sources give each."""

    field: str
    values: dict[str, int]


class ResolvedEvent(Contract):
    """One real event (events.resolved, compacted, key = event id)."""

    id: str
    story: str
    event_type: EventType
    event_mode: str | None = None
    status: Status
    actors: list[Party] = []
    recipients: list[Party] = []
    date: Edtf | None = None
    place: str | None = None
    place_country: Iso3 | None = None
    quad: int
    intensity: float
    confidence: Probability
    reports: int
    independent_sources: int
    support: list[Support] = []
    history: list[StatusChange] = []
    contradictions: list[Contradiction] = []
    topics: list[str] = []
    first_reported: str | None = None
    last_reported: str | None = None
    retracted: bool = False
    merged_into: str | None = None


class Trend(Contract):
    """Distinct counts of one window and one subject (trends.updated, key = window and subject)."""

    window: Literal["15m", "1h", "1d"]
    start: str = Field(description="UTC start of the window")
    dimension: Literal["pair", "type", "quad", "topic", "place", "story", "all"]
    value: str
    events: int
    articles: int
    sources: int
    mean_intensity: float
    baseline: float | None = Field(None, description="mean events of the trailing windows")
    significance: float | None = Field(None, description="-log10 p of the burst against the baseline")
    burst: bool = False
