"""The tagger: articles.enriched in; events.tagged, articles.tagged and routed topics out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from services.contracts import topics as kafka
from services.contracts.enriched import EnrichedArticle
from services.contracts.stage import Message, Outcome, Output, Reject
from services.contracts.tagged import TaggedArticle, TaggedEvent
from services.knowledge.shared import models
from services.tagger.acts import Reader
from services.tagger.coder import Coder, Model
from services.tagger.linear import LinearReader
from services.tagger.routes import Routes, load

Profile = Literal["accurate", "fast"]


@cache
def coder(profile: Profile = "accurate") -> Coder:
    """The coder of a profile, loaded once: `fast` reads with linear models, `accurate` with the encoder."""
    reader: Reader
    if profile == "accurate" and models("tagger", "accurate.json").exists():
        from services.tagger.encoder import Encoder
        from services.tagger.together import Together

        reader = Together(Encoder(), LinearReader(models("tagger", "linear.npz")))
    else:
        profile = "fast"
        reader = LinearReader(models("tagger", "linear.npz"), floor=0.08)
    return Coder(reader, Model.load(models("tagger", f"{profile}.json")))


def tag(articles: Sequence[EnrichedArticle], profile: Profile = "accurate") -> list[TaggedArticle]:
    """Articles with their events."""
    found = coder(profile).code(articles)
    return [
        TaggedArticle.model_construct(**dict(article), events=events)
        for article, events in zip(articles, found, strict=True)
    ]


class TaggerStage:
    """Stateless: for one enriched article its events, one message each, and the article with them, all under
    the article's id."""

    name = "tagger"
    inputs = (kafka.ENRICHED,)

    def __init__(self, profile: Profile = "accurate", routes: Path | None = None) -> None:
        self.profile: Profile = profile
        self.routes: Routes = load(routes)
        coder(profile)

    def process(self, message: Message) -> list[Output]:
        """Messages for one article; raises Reject where the message is no enriched article."""
        outcome = self.process_many([message])[0]
        if isinstance(outcome, Reject):
            raise outcome
        return outcome

    def process_many(self, messages: Sequence[Message]) -> list[Outcome]:
        """Outcomes of a batch; the reader sees all its articles at once."""
        outcomes: list[Outcome] = [[] for _ in messages]
        articles: list[EnrichedArticle] = []
        places: list[int] = []
        for i, message in enumerate(messages):
            try:
                articles.append(EnrichedArticle.model_validate_json(message.value or b""))
                places.append(i)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "message"
                outcomes[i] = Reject("bad-message", f"not an enriched article: {where}: {first['msg']}")
        for i, article in zip(places, tag(articles, self.profile), strict=True):
            outcomes[i] = self._outputs(article)
        return outcomes

    def _outputs(self, article: TaggedArticle) -> list[Output]:
        outputs = [self._event(kafka.EVENTS, article, event) for event in article.events]
        outputs.append(Output(kafka.TAGGED, article.id, article, subject=article.id))
        for event in article.events:
            outputs += [self._event(topic, article, event) for topic in self.routes.topics_of(event)]
        return outputs

    @staticmethod
    def _event(topic: str, article: TaggedArticle, event: TaggedEvent) -> Output:
        return Output(topic, article.id, event, subject=event.id)
