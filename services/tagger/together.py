"""Two readers as one: the encoder, and the linear models, which know rare words and constructions the encoder blurs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from services.language.words import Word, words
from services.tagger.acts import Act, Text
from services.tagger.features import MAX_WORDS, sentence_features, status_features
from services.tagger.lexicon import key
from services.tagger.linear import MODE_NAMES, STATUSES, LinearReader, meaning_of, softmax

# Weights of the log-odds and the log-probabilities of the two, fitted on out-of-fold readings of the training articles.
ENCODER, LINEAR, BIAS = 0.52, 0.53, 0.68
MODE, STATUS = 1.0, 0.4
UNSEEN = 0.02  # what a reader that reports no act is taken to say
FLOOR = 0.06


def _logit(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return math.log(p / (1 - p))


Span = tuple[int, int]


class Together:
    """Reads with the encoder and the linear models and joins what they say of each sentence and type."""

    name = "encoder and linear models"

    def __init__(self, encoder: Any, linear: LinearReader) -> None:
        self.encoder, self.linear = encoder, linear

    def read(self, texts: Sequence[Text]) -> list[list[Act]]:
        """All acts above the floor, for each text, in sentence order."""
        found = self.encoder.read(texts)
        return [self.joined(text, acts) for text, acts in zip(texts, found, strict=True)]

    def joined(self, text: Text, acts: Sequence[Act]) -> list[Act]:
        """The encoder's acts of one text with the linear models' opinion, and the acts that only those see."""
        by_sentence: dict[int, list[Act]] = {}
        for act in acts:
            by_sentence.setdefault(act.sentence, []).append(act)
        out: list[Act] = []
        for number, (start, end) in enumerate(text.sentences):
            ws = words(text.text, start, end)[:MAX_WORDS]
            if len(ws) > 2:
                out += self._sentence(number, ws, by_sentence.get(number, []))
        return out

    def _sentence(self, number: int, ws: Sequence[Word], seen: Sequence[Act]) -> list[Act]:
        keys = [key(w.text) for w in ws]
        linear = {a.event_type: a for a in self.linear.sentence(number, ws, keys)}
        out: list[Act] = []
        scores = None
        for act in seen:
            other = linear.pop(act.event_type, None)
            p = self._chance(act.probability, other.probability if other else UNSEEN)
            if p < FLOOR:
                continue
            if scores is None:
                ids = [h for own in sentence_features(keys) for h in own]
                scores = self.linear.mode_scores(ids, meaning_of(keys))
            columns = self.linear.columns(act.event_type)
            modes = dict(zip((MODE_NAMES[i][1] for i in columns), softmax(scores[columns]), strict=True))
            first, last = _range(ws, act.trigger)
            told = self.linear.statuses.scores(status_features(keys, first, last, act.event_type))
            statuses = dict(zip(STATUSES, softmax(told), strict=True))
            mixed_modes = _mixed(act.modes, modes, MODE)
            mixed_statuses = _mixed(act.statuses, statuses, STATUS)
            out.append(replace(act, probability=p, modes=mixed_modes, statuses=mixed_statuses))
        for act in linear.values():
            p = self._chance(UNSEEN, act.probability)
            if p >= FLOOR:
                out.append(replace(act, probability=p))
        return out

    @staticmethod
    def _chance(encoder: float, linear: float) -> float:
        return 1 / (1 + math.exp(-(ENCODER * _logit(encoder) + LINEAR * _logit(linear) + BIAS)))

    def dyad(
        self, texts: Sequence[str], sources: Sequence[Span | None], targets: Sequence[Span | None]
    ) -> list[dict[str, float]]:
        """What a source does to a target is asked of the encoder alone: the linear models do not see who is who."""
        found: list[dict[str, float]] = self.encoder.dyad(texts, sources, targets)
        return found


def _range(ws: Sequence[Word], trigger: tuple[int, int] | None) -> tuple[int, int]:
    inside = [i for i, w in enumerate(ws) if trigger and w.start < trigger[1] and w.end > trigger[0]]
    return (inside[0], inside[-1]) if inside else (len(ws) - 1, len(ws) - 1)


def _mixed(first: dict[str, float], second: dict[str, float], weight: float) -> dict[str, float]:
    """Two distributions as a weighted geometric mean."""
    scores = np.asarray(
        [math.log(p + 1e-4) + weight * math.log(second.get(n, 0.0) + 1e-4) for n, p in first.items()], dtype=np.float32
    )
    return dict(zip(first, softmax(scores), strict=True)) if first else {}
