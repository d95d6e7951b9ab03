"""articles.enriched: sentences, mentions with links, dates, numbers, quotations, topics, fingerprints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.base import Contract, Edtf, Iso3, Kind, Language, Offset, Probability, Span
from services.contracts.normalized import NormalizedArticle


class Sentence(Contract):
    """`text[start:end]` is one sentence."""

    start: Offset
    end: Offset
    language: Language
    block: int = Field(0, description="index into `blocks`")


class Candidate(Contract):
    """One entity that a mention might mean."""

    entity: str
    name: str
    score: Probability


class Mention(Span):
    """A name of a person, place or organisation, linked to one id across scripts and spellings."""

    kind: Kind
    name: str = Field(description="usual English name in full; the words themselves when unknown")
    entity: str = Field(description="Q… (Wikidata), geo:… (GeoNames), iso:… or x:… (local id from a phonetic key)")
    qid: str | None = None
    geonames: int | None = None
    country: Iso3 | None = None
    sector: str | None = Field(None, description="PLOVER sector of the entity")
    acts_for: str | None = Field(
        None, description="English name of the state or body a metonym acts for (Kremlin → Russia)"
    )
    acts_for_country: Iso3 | None = None
    confidence: Probability = 1.0
    via: str = Field("", description="how it was linked: alias, country, city, surname, phonetic, reconciliation …")
    candidates: list[Candidate] = []


class Reference(Span):
    """A description or pronoun that stands for entities named elsewhere ("दोनों नेता", "the president", "उन्होंने")."""

    form: Literal["pronoun", "title", "description", "plural"]
    mentions: list[int] = Field(description="indices into `mentions`, one for each entity it stands for")
    confidence: Probability = 1.0


class TimeExpression(Span):
    """Words that tell a time, with its EDTF value."""

    edtf: Edtf
    provenance: Literal["explicit", "relative-to-publication", "relative-to-text", "unknown"]
    time: str | None = Field(None, description="clock time HH:MM with zone when told")


class Quantity(Span):
    """A number with unit and what is counted."""

    value: float
    unit: str | None = Field(None, description="singular English: person, Indian rupee, percent, minute …")
    high: float | None = Field(None, description="upper bound of a range; `value` is the lower one")
    approximate: bool = False
    counted: str | None = Field(None, description="killed, injured, arrested, soldier …")


class Quotation(Span):
    """Words somebody said, with the speaker."""

    speaker: str | None = Field(None, description="canonical name of the speaker")
    speaker_mention: int | None = Field(None, description="index into `mentions`")
    direct: bool = True
    chain: list[str] = Field([], description="relays, outermost first (TASS, Peskov)")


class Topic(Contract):
    """An IPTC Media Topic."""

    id: str
    label: str
    level: int
    confidence: Probability


class Fingerprint(Contract):
    """What stories compare: a cross-lingual vector and a near-duplicate signature."""

    vector: str = Field(
        "", description="base64 of int8[256], the unit document vector times 127; empty when no word is known"
    )
    signature: str = Field("", description="base64 of uint32[64], MinHash over word 3-grams of the normalised text")


class EnrichedArticle(NormalizedArticle):
    """A normalized article with everything that was found in it."""

    sentences: list[Sentence] = []
    mentions: list[Mention] = []
    references: list[Reference] = []
    times: list[TimeExpression] = []
    quantities: list[Quantity] = []
    quotes: list[Quotation] = []
    topics: list[Topic] = []
    fingerprint: Fingerprint = Fingerprint()
