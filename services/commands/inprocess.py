"""The way of an article without Kafka: the same stages, one after the other, on batches in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from pydantic import BaseModel

from services.commands.sources import Source
from services.commands.stages import PIPELINE, load
from services.contracts import topics
from services.contracts.normalized import NormalizedArticle
from services.contracts.stage import Message, Output, Reject
from services.contracts.tagged import TaggedArticle

Contracted = TypeVar("Contracted", bound=BaseModel)
BATCH = 32  # large enough for the models' batches, small enough that the first results come soon


@dataclass(frozen=True, slots=True)
class Analysed:
    """What became of one article: tagged, in another language (`other`), or refused."""

    source: Source
    tagged: TaggedArticle | None = None
    other: NormalizedArticle | None = None
    refused: Reject | None = None
    stage: str = ""


class Pipeline:
    """Normalizer, enricher and tagger in one process. Not thread-safe."""

    def __init__(self, profile: str = "accurate") -> None:
        self.stages = [load(name, profile) for name in PIPELINE]

    def run(self, sources: Iterable[Source], batch: int = BATCH) -> Iterator[Analysed]:
        """One result an article, in order."""
        iterator = iter(sources)
        while chunk := list(islice(iterator, batch)):
            yield from self._batch(chunk)

    def _batch(self, sources: list[Source]) -> list[Analysed]:
        results: dict[int, Analysed] = {}
        current = {i: source.message for i, source in enumerate(sources)}
        for stage in self.stages:
            outcomes = stage.process_many(list(current.values()))
            following: dict[int, Message] = {}
            for i, outcome in zip(list(current), outcomes, strict=True):
                if isinstance(outcome, Reject):
                    results[i] = Analysed(sources[i], refused=outcome, stage=stage.name)
                    continue
                for output in outcome:
                    if output.topic == topics.OTHER:
                        results[i] = Analysed(sources[i], other=contract(output, NormalizedArticle), stage=stage.name)
                    elif output.topic == topics.TAGGED:
                        results[i] = Analysed(sources[i], tagged=contract(output, TaggedArticle), stage=stage.name)
                    elif output.topic in (topics.NORMALIZED, topics.ENRICHED):
                        following[i] = as_message(output)
            current = following
            if not current:
                break
        lost = [source.name for i, source in enumerate(sources) if i not in results]
        if lost:
            raise RuntimeError(f"no stage answered for {', '.join(lost)}")
        return [results[i] for i in range(len(sources))]


def as_message(output: Output) -> Message:
    """The output of one stage as the next one reads it from its topic."""
    value = output.value.model_dump_json().encode() if isinstance(output.value, BaseModel) else output.value
    key = output.key.encode() if output.key is not None else None
    return Message(value=value, key=key, headers=output.headers, topic=output.topic)


def contract(output: Output, model: type[Contracted]) -> Contracted:
    """The output's value as its contract."""
    if isinstance(output.value, model):
        return output.value
    return model.model_validate_json(output.value if isinstance(output.value, bytes) else b"null")
