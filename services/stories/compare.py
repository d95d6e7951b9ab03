"""How alike two articles are: features, and the log-odds that they tell the same story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import orjson

from services.knowledge.shared import models
from services.stories.article import F32, KINDS, U32, Article
from services.stories.table import LANGUAGES, STARTS, Slots, Table

FEATURES = (*KINDS, "vector", "days", "no_names", "no_facts", "no_vector", "length")
VECTOR = len(KINDS)
PARTS = ("hi", "en", "cross")  # in the order of LANGUAGES
DAY = 86_400


def features(table: Table, article: Article, slots: Slots) -> F32:
    """One row of FEATURES for each slot: cosine of each kind of keys and of the vectors, days between (as log1p)."""
    held = np.flatnonzero(article.keys)
    order = held[np.argsort(article.keys[held], kind="stable")]
    keys: U32 = article.keys[order]
    weights = article.weights[order].astype(np.float32)
    result: F32 = np.zeros((len(slots), len(FEATURES)), np.float32)
    rows = table.keys[slots]
    if len(keys):
        at = np.minimum(np.searchsorted(keys, rows), len(keys) - 1)
        products = np.where(keys[at] == rows, weights[at], np.float32(0)) * table.weights[slots]
        result[:, : len(KINDS)] = np.add.reduceat(products, STARTS, axis=1)
    vectors = table.vectors[slots]
    if article.vector:
        own = np.frombuffer(article.vector, np.int8).astype(np.float32)
        result[:, VECTOR] = vectors.astype(np.float32) @ own / np.float32(127 * 127)
    gap = np.abs(table.times[slots] - article.time) * (table.dated[slots] & article.dated)
    result[:, VECTOR + 1] = np.log1p(gap / DAY)
    for column, kind in ((VECTOR + 2, 1), (VECTOR + 3, 2)):
        start = STARTS[kind]
        result[:, column] = (rows[:, start] == 0) | (article.keys[start] == 0)
    # vectors of long texts lie closer together than those of short ones, whatever they tell
    result[:, VECTOR + 5] = np.log1p(np.minimum(table.lengths[slots], article.length) / 50)
    result[:, VECTOR + 4] = ~vectors.any(axis=1) if article.vector else 1.0
    return result


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of FEATURES and a bias for pairs in Hindi, in English and across; and the thresholds of grouping."""

    weights: F32  # [3, features]
    biases: F32  # [3]
    join: float
    merge: float
    split: float
    follow: float

    def pairs(self, table: Table, article: Article, slots: Slots) -> F32:
        """Log-odds that the article and each slot's article tell the same story."""
        rows = features(table, article, slots)
        language = LANGUAGES.get(article.language, 0)
        part = np.where(table.languages[slots] == language, language, len(PARTS)) - 1
        odds: F32 = (rows * self.weights[part]).sum(axis=1) + self.biases[part]
        return odds


@cache
def default_scorer() -> Scorer:
    """The scorer that ships (models/stories/scorer.json)."""
    return scorer_from(orjson.loads(models("stories", "scorer.json").read_bytes()))


def scorer_from(record: dict[str, dict[str, float]]) -> Scorer:
    """A scorer from its file's content: weights by feature name; a feature without weight counts 0."""

    def weights(part: str) -> F32:
        return np.array([record[part].get(name, 0.0) for name in FEATURES], np.float32)

    settings = record["settings"]
    return Scorer(
        weights=np.stack([weights(part) for part in PARTS]),
        biases=np.array([record[part]["bias"] for part in PARTS], np.float32),
        join=settings["join"],
        merge=settings["merge"],
        split=settings["split"],
        follow=settings["follow"],
    )
