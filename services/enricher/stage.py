"""The enricher: articles.normalized in, articles.enriched out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from services.contracts import topics as kafka
from services.contracts.enriched import EnrichedArticle, Sentence
from services.contracts.normalized import Block, NormalizedArticle
from services.contracts.stage import Message, Outcome, Output, Reject
from services.enricher import dates, fingerprint, quantities, quotes, topics
from services.enricher.coreference import find_references
from services.enricher.mentions import find_mentions
from services.language import sentences
from services.language.tokens import Tokens

if TYPE_CHECKING:
    from services.enricher.reconcile import Reconciler

Profile = Literal["accurate", "fast"]


def enrich(article: NormalizedArticle, profile: Profile = "accurate") -> EnrichedArticle:
    """The article with everything that is found in its text; nothing of it is changed."""
    text = article.text
    spans = sentences.split(text)
    told = _sentences(spans, article)
    tokens = Tokens(text)
    mentions = find_mentions(text, [(s.start, s.end, s.language) for s in told], article.published, tokens.words)
    references = find_references(text, spans, mentions, tokens.words)
    times = dates.find(text, tokens, spans, article.published)
    countries = Counter(m.country for m in mentions if m.country)
    keys = [*Tokens(article.title).keys, *tokens.keys] if article.title else tokens.keys
    vector = fingerprint.vectors().document(keys)
    return EnrichedArticle.model_construct(
        **dict(article),
        sentences=told,
        mentions=mentions,
        references=references,
        times=times,
        quantities=quantities.find(tokens, times, countries),
        quotes=quotes.find(text, tokens, spans, mentions, references),
        topics=topics.find(keys, vector),
        fingerprint=fingerprint.of(keys, vector),
    )


def _sentences(spans: Sequence[tuple[int, int]], article: NormalizedArticle) -> list[Sentence]:
    """Sentences with the block and the language of each."""
    blocks: list[Block] = article.blocks
    found, at = [], 0
    for start, end in spans:
        while at + 1 < len(blocks) and blocks[at].end <= start:
            at += 1
        language = blocks[at].language if blocks else article.language
        found.append(Sentence.model_construct(start=start, end=end, language=language, block=at))
    return found


class EnricherStage:
    """Stateless: one enriched article for one normalized article, under the article's id."""

    name = "enricher"
    inputs = (kafka.NORMALIZED,)

    def __init__(self, profile: Profile = "accurate", reconcile_url: str | None = None) -> None:
        """`reconcile_url` is the service asked about names that no table knows; ValueError where it is no address."""
        self.profile: Profile = profile
        self.reconciler: Reconciler | None = None
        if reconcile_url:
            from services.enricher.reconcile import Reconciler  # here: its HTTP client takes long to import

            self.reconciler = Reconciler(reconcile_url)
        self.collectors = (self.reconciler,) if self.reconciler else ()

    def process(self, message: Message) -> list[Output]:
        """The enriched article; raises Reject where the message is no normalized article."""
        try:
            article = NormalizedArticle.model_validate_json(message.value or b"")
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "message"
            raise Reject("bad-article", f"expected a normalized article; {where}: {first['msg']}") from error
        enriched = enrich(article, self.profile)
        if self.reconciler is not None:
            from services.enricher.reconcile import reconcile

            linked = reconcile(enriched.mentions, self.reconciler)
            enriched = enriched.model_copy(update={"mentions": linked})
        return [Output(kafka.ENRICHED, article.id, enriched, subject=article.id)]

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message, in order."""
        outcomes: list[Outcome] = []
        for message in messages:
            try:
                outcomes.append(self.process(message))
            except Reject as refusal:
                outcomes.append(refusal)
        return outcomes
