"""events.tagged and articles.tagged: PLOVER events as one article states them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.base import Contract, Edtf, Iso3, Language, Offset, Probability, Span
from services.contracts.enriched import EnrichedArticle

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT",
    "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Status = Literal["actual", "future", "hypothetical", "negated", "historical"]


class Party(Contract):
    """An actor or a recipient."""

    name: str = Field(description="usual English name; a short lower-case description when unnamed (protesters)")
    entity: str | None = None
    qid: str | None = None
    country: Iso3 | None = None
    sector: str | None = None
    start: Offset | None = None
    end: Offset | None = None
    text: str | None = Field(None, description="the words in the article")


class Attribution(Contract):
    """Who says that the event happened."""

    speaker: str
    chain: list[str] = []
    is_party: bool = False


class Size(Contract):
    """Casualties and counts that the event's words give."""

    dead: int | None = None
    injured: int | None = None
    arrested: int | None = None


class Why(Contract):
    """Which words and which rule or model gave one decision."""

    what: str
    words: str
    start: Offset | None = None
    end: Offset | None = None
    by: str


class TaggedEvent(Contract):
    """One event as one article states it (events.tagged)."""

    id: str
    article_id: str
    event_type: EventType
    event_mode: str | None = None
    status: Status
    actors: list[Party] = []
    recipients: list[Party] = []
    date: Edtf | None = None
    place: str | None = None
    place_entity: str | None = None
    place_country: Iso3 | None = None
    evidence: Span
    further_evidence: list[Span] = Field([], description="other sentences of the article that state the same event")
    trigger: Span | None = None
    attribution: Attribution | None = None
    size: Size | None = None
    contexts: list[str] = []
    confidence: Probability
    quad: int = Field(ge=0, le=4)
    intensity: float
    cameo_root: str
    language: Language
    published: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    why: list[Why] = []


class TaggedArticle(EnrichedArticle):
    """An enriched article with its events (articles.tagged)."""

    events: list[TaggedEvent] = []
