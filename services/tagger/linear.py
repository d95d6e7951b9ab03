"""The fast reader: linear models over the words of each sentence; no encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.enricher.fingerprint import vectors
from services.language.words import Word, words
from services.tagger.acts import Act, Text
from services.tagger.features import MAX_WORDS, sentence_features, status_features
from services.tagger.lexicon import key
from services.tagger.ontology import TYPES, modes

STATUSES = ("actual", "future", "hypothetical", "negated", "historical")
MODE_NAMES: tuple[tuple[str, str], ...] = tuple((t, m) for t in TYPES for m in ("", *modes(t)))
FLOOR = 0.03

Matrix = NDArray[np.float32]


def sigmoid(x: Matrix) -> Matrix:
    """Logistic function, safe at the ends."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def meaning_of(keys: Sequence[str]) -> Matrix | None:
    """The unit vector of a sentence in the bilingual word space; None when it has no known word."""
    return vectors().document(keys)


class Head:
    """One linear layer over hashed features: `scores(ids)` sums the rows of the features that are there."""

    def __init__(self, weights: NDArray[np.int8], scale: Matrix, bias: Matrix) -> None:
        self.table = weights.astype(np.float32) * scale
        self.bias = bias
        self.mask = weights.shape[0] - 1

    def rows(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Row of each hash."""
        found: NDArray[np.int64] = np.asarray(ids, dtype=np.int64) & self.mask
        return found

    def scores(self, ids: Sequence[int]) -> Matrix:
        """Scores of each output."""
        total: Matrix = self.table[np.unique(self.rows(ids))].sum(axis=0) + self.bias
        return total


class LinearReader:
    """Reads acts with the linear models of `models/tagger/linear.npz`."""

    name = "linear"

    def __init__(self, path: Path, floor: float = FLOOR) -> None:
        self.floor = floor
        with np.load(path) as file:
            self.types = Head(file["type_weights"], file["type_scale"], file["type_bias"])
            self.modes = Head(file["mode_weights"], file["mode_scale"], file["mode_bias"])
            self.meaning = file["meaning"].astype(np.float32) if "meaning" in file.files else None
            self.mode_meaning = file["mode_meaning"].astype(np.float32) if "mode_meaning" in file.files else None
            self.statuses = Head(file["status_weights"], file["status_scale"], file["status_bias"])
        self._modes_of = {
            t: np.asarray([i for i, (u, _) in enumerate(MODE_NAMES) if u == t], dtype=np.int64) for t in TYPES
        }

    def chances(self, keys: Sequence[str]) -> dict[str, float]:
        """Probability of each type in a sentence."""
        scores = self.types.scores([h for own in sentence_features(keys) for h in own])
        meaning = meaning_of(keys)
        if self.meaning is not None and meaning is not None:
            scores = scores + meaning @ self.meaning
        return dict(zip(TYPES, sigmoid(scores).tolist(), strict=True))

    def mode_scores(self, ids: Sequence[int], meaning: Matrix | None) -> Matrix:
        """Scores of all modes for a sentence's features and vector."""
        scores = self.modes.scores(ids)
        if self.mode_meaning is not None and meaning is not None:
            scores = scores + meaning @ self.mode_meaning
        return scores

    def columns(self, event_type: str) -> NDArray[np.int64]:
        """Outputs of the mode layer that belong to a type."""
        return self._modes_of[event_type]

    def read(self, texts: Sequence[Text]) -> list[list[Act]]:
        """All acts above the floor, for each text, in sentence order."""
        return [self._article(text) for text in texts]

    def _article(self, text: Text) -> list[Act]:
        acts: list[Act] = []
        for number, (start, end) in enumerate(text.sentences):
            ws = words(text.text, start, end)[:MAX_WORDS]
            if len(ws) > 2:
                acts += self.sentence(number, ws, [key(w.text) for w in ws])
        return acts

    def sentence(self, number: int, ws: Sequence[Word], keys: Sequence[str]) -> list[Act]:
        """Acts of one sentence."""
        by_word = sentence_features(keys)
        ids = np.concatenate([np.asarray(f, dtype=np.int64) for f in by_word])
        owner = np.repeat(np.arange(len(by_word)), [len(f) for f in by_word])
        rows, first = np.unique(ids & self.types.mask, return_index=True)
        table = self.types.table[rows]
        scores = table.sum(axis=0) + self.types.bias
        meaning = meaning_of(keys)
        if self.meaning is not None and meaning is not None:
            scores = scores + meaning @ self.meaning
        probabilities = sigmoid(scores)
        found: list[Act] = []
        mode_scores: Matrix | None = None
        for t in np.flatnonzero(probabilities >= self.floor):
            event_type = TYPES[t]
            by = np.zeros(len(by_word), dtype=np.float32)
            np.add.at(by, owner[first], table[:, t])
            a, b = trigger_range(by)
            if mode_scores is None:
                mode_scores = self.mode_scores(ids.tolist(), meaning)
            columns = self._modes_of[event_type]
            statuses = self.statuses.scores(status_features(keys, a, b, event_type))
            found.append(
                Act(
                    number,
                    event_type,
                    float(probabilities[t]),
                    (ws[a].start, ws[b].end),
                    dict(zip((MODE_NAMES[i][1] for i in columns), softmax(mode_scores[columns]), strict=True)),
                    dict(zip(STATUSES, softmax(statuses), strict=True)),
                )
            )
        return found


def softmax(scores: Matrix) -> list[float]:
    """Scores as a distribution."""
    e = np.exp(scores - scores.max())
    return [float(x) for x in e / e.sum()]


def trigger_range(by_word: Matrix) -> tuple[int, int]:
    """The word that speaks most for the act, with neighbours that speak for it nearly as much; at most five words."""
    peak = int(by_word.argmax())
    start = end = peak
    limit = 0.35 * float(by_word[peak])
    while end + 1 < len(by_word) and end - start < 4 and by_word[end + 1] > limit:
        end += 1
    while start > 0 and end - start < 4 and by_word[start - 1] > limit:
        start -= 1
    return start, end
