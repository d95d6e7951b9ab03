"""Linear models over named features: a table of weights in a JSON file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path


class Table:
    """Weights of named features for one or more outputs; unknown features count nothing."""

    def __init__(self, outputs: list[str], bias: list[float], weights: dict[str, list[float]]) -> None:
        self.outputs = outputs
        self.bias = bias
        self._weights = {name: tuple(values) for name, values in weights.items()}

    @classmethod
    def load(cls, path: Path, name: str) -> Table:
        """The table `name` of a file of tables."""
        data = json.loads(path.read_text(encoding="utf-8"))[name]
        return cls(data["outputs"], data["bias"], data["weights"])

    def scores(self, features: Iterable[str]) -> list[float]:
        """Score of each output."""
        get = self._weights.get
        if len(self.bias) == 2:  # the case that counts for speed
            first, second = self.bias
            for name in features:
                pair = get(name)
                if pair is not None:
                    first += pair[0]
                    second += pair[1]
            return [first, second]
        totals = list(self.bias)
        for name in features:
            values = get(name)
            if values is not None:
                for i, value in enumerate(values):
                    totals[i] += value
        return totals

    def probabilities(self, features: Iterable[str]) -> list[float]:
        """Each output's probability by itself."""
        return [1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, s)))) for s in self.scores(features)]

    def distribution(self, features: Iterable[str]) -> dict[str, float]:
        """Probabilities of outputs of which exactly one holds."""
        scores = self.scores(features)
        top = max(scores)
        e = [math.exp(s - top) for s in scores]
        total = sum(e)
        return {name: x / total for name, x in zip(self.outputs, e, strict=True)}

    def reasons(self, features: Iterable[str], output: int, limit: int = 3) -> list[str]:
        """The features that speak most for an output."""
        known = [(self._weights[f][output], f) for f in features if f in self._weights]
        return [f for w, f in sorted(known, reverse=True)[:limit] if w > 0]
