"""Measures of a clustering against another: BCubed and pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass

Clustering = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Figures:
        """With the F1 of the two."""
        return cls(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)

    def rounded(self) -> dict[str, float]:
        """For a report."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def bcubed(found: Clustering, truth: Clustering) -> Figures:
    """BCubed over the items of `truth`, each of which `found` must place."""
    sizes, true_sizes = Counter(found[i] for i in truth), Counter(truth.values())
    common = Counter((found[i], truth[i]) for i in truth)
    precision = sum(n * n / sizes[cluster] for (cluster, _), n in common.items()) / len(truth)
    recall = sum(n * n / true_sizes[cluster] for (_, cluster), n in common.items()) / len(truth)
    return Figures.of(precision, recall)


def pairwise(found: Clustering, truth: Clustering) -> Figures:
    """Precision and recall of pairs of items in one cluster."""
    common = Counter((found[i], truth[i]) for i in truth)
    right = sum(n * (n - 1) for n in common.values())
    said = sum(n * (n - 1) for n in Counter(found[i] for i in truth).values())
    true = sum(n * (n - 1) for n in Counter(truth.values()).values())
    return Figures.of(right / said if said else 1.0, right / true if true else 1.0)


def clusters(clustering: Clustering) -> list[list[str]]:
    """Items by cluster, largest first."""
    found: dict[Hashable, list[str]] = defaultdict(list)
    for item, cluster in clustering.items():
        found[cluster].append(item)
    return sorted(found.values(), key=lambda items: (-len(items), items))
