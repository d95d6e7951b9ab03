"""IPTC Media Topics of an article, by the words that speak for a topic and by the text's place in the vector space."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.contracts.enriched import Topic
from services.knowledge import mediatopics
from services.knowledge.shared import models
from services.language import inflection
from services.language.tokens import Tokens, form

THRESHOLD = 0.35
MOST = 6  # leaf topics of an article, before their ancestors


@cache
def seeds() -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Words and phrases that speak for topics, by first folded word, longest first: (words, topic ids)."""
    text = files("services.enricher").joinpath("data", "topic_words.tsv").read_text(encoding="utf-8")
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        topic, hindi, english = line.split("\t")
        for lemma in filter(None, hindi.split(",")):
            for written in inflection.hindi(lemma):
                found[tuple(form(word) for word in written.split())].add(topic)
        for lemma in filter(None, english.split(",")):
            for written in inflection.english(lemma):
                found[tuple(Tokens(written).keys)].add(topic)
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for keys, topics in found.items():
        by_first[keys[0]].append((keys, tuple(sorted(topics))))
    return {first: tuple(sorted(entries, key=lambda e: -len(e[0]))) for first, entries in by_first.items()}


def words_said(keys: Sequence[str]) -> dict[str, float]:
    """Strength of each topic's words in a text: distinct words count, repetitions a little."""
    table = seeds()
    counts: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = defaultdict(int)
    for at, key in enumerate(keys):
        for entry in table.get(key, ()):
            n = len(entry[0])
            if n == 1 or tuple(keys[at : at + n]) == entry[0]:
                counts[entry] += 1
    strength: dict[str, float] = defaultdict(float)
    for (_, topics), count in counts.items():
        for topic in topics:
            strength[topic] += 1.0 + min(1.0, 0.5 * (count - 1))
    return strength


@dataclass(frozen=True)
class Model:
    """Prototype vectors [n, 256] of the topics and the four coefficients of the logistic model over the evidence."""

    ids: tuple[str, ...]
    prototypes: NDArray[np.float32]
    mean: NDArray[np.float32]
    coefficients: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a file that `training/topics/train.py` wrote."""
        with np.load(path) as data:
            ids = tuple(str(i) for i in data["ids"])
            return cls(ids, data["prototypes"].astype(np.float32), data["mean"], data["coefficients"])

    @cached_property
    def place(self) -> dict[str, int]:
        """Row of each topic."""
        return {topic: row for row, topic in enumerate(self.ids)}

    @cached_property
    def family(self) -> NDArray[np.float64]:
        """[n, n]: 1 where the column's topic is the row's or stands below it."""
        family = np.zeros((len(self.ids), len(self.ids)))
        for column, topic in enumerate(self.ids):
            family[[self.place[t.id] for t in mediatopics.lineage(topic)], column] = 1.0
        return family

    @cached_property
    def peers(self) -> NDArray[np.float64]:
        """[n, n]: 1 where both topics are of one level."""
        levels = np.array([mediatopics.table()[i].level for i in self.ids])
        peers: NDArray[np.float64] = np.equal.outer(levels, levels).astype(np.float64)
        return peers

    def evidence(self, keys: Sequence[str], vector: NDArray[np.float32] | None) -> NDArray[np.float64]:
        """Features [n, 4] of each topic: its words, their share within the level, likeness to the prototype, 1."""
        features = np.zeros((len(self.ids), 4))
        own: NDArray[np.float64] = np.zeros(len(self.ids))
        for topic, value in words_said(keys).items():
            own[self.place[topic]] = value
        said = self.family @ own
        features[:, 0] = np.log1p(said)
        features[:, 1] = said / np.maximum(self.peers @ said, 1.0)
        if vector is not None:
            centred = vector - self.mean
            features[:, 2] = self.prototypes @ (centred / (float(np.linalg.norm(centred)) or 1.0))
        features[:, 3] = 1.0
        return features

    def probabilities(self, keys: Sequence[str], vector: NDArray[np.float32] | None) -> NDArray[np.float64]:
        """Probability [n] of each topic."""
        scores = self.evidence(keys, vector) @ self.coefficients
        return np.asarray(1.0 / (1.0 + np.exp(-scores)), np.float64)


@cache
def model() -> Model:
    """The model that ships with the project; loaded once a process."""
    return Model.load(models("topics", "topics.npz"))


def find(keys: Sequence[str], vector: NDArray[np.float32] | None) -> list[Topic]:
    """Topics of a text given by its folded words and its document vector, surest first, each with its ancestors."""
    known = model()
    chance = known.probabilities(keys, vector)
    best = [i for i in np.argsort(-chance)[:MOST] if chance[i] >= THRESHOLD]
    confidence: dict[str, float] = {}
    for i in best:
        for topic in mediatopics.lineage(known.ids[i]):
            confidence[topic.id] = max(confidence.get(topic.id, 0.0), round(float(chance[i]), 3))
    table = mediatopics.table()
    ordered = sorted(confidence.items(), key=lambda item: (-item[1], table[item[0]].level))
    return [Topic.model_construct(id=i, label=table[i].label, level=table[i].level, confidence=c) for i, c in ordered]
