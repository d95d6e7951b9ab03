"""How rare a key is: document frequency over the live articles, on top of what is known of the language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.knowledge.shared import models
from services.stories.article import F32, KINDS, U32
from services.stories.keys import MASKS

BUCKETS = 1 << 20
STRENGTH = 4000.0  # articles that the background counts for
# Share of articles that hold an unknown key of the kind.
UNKNOWN = {"words": 2e-4, "names": 1e-3, "facts": 2e-3, "acts": 2e-3, "title": 2e-4, "gloss": 2e-4}


@cache
def _background() -> tuple[U32, F32]:
    """Keys of common words and names (sorted) and the share of articles that hold them."""
    with np.load(models("stories", "background.npz")) as table:
        return table["keys"], np.exp(-table["rarity"].astype(np.float32) / 16)


def background(keys: U32, kind: str) -> F32:
    """Share of articles of the language that hold each key."""
    share = np.full(len(keys), UNKNOWN[kind], np.float32)
    known, shares = _background()
    looked = keys ^ np.uint32(MASKS[kind]) if kind in MASKS else keys
    if kind in ("words", "title", "gloss", "names"):
        at = np.minimum(np.searchsorted(known, looked), len(known) - 1)
        found = known[at] == looked
        share[found] = shares[at[found]]
    return share


class Frequency:
    """Counts of live articles by key. Adding and removing the same article leaves no trace."""

    def __init__(self) -> None:
        self.articles = 0
        self.counts: NDArray[np.int32] = np.zeros(BUCKETS, np.int32)

    def add(self, keys: U32, sign: int = 1) -> None:
        """Count an article with these keys (zeros are padding)."""
        self.articles += sign
        np.add.at(self.counts, (keys[keys != 0] & np.uint32(BUCKETS - 1)).astype(np.int64), sign)

    def rarity(self, keys: U32, kind: str) -> F32:
        """Inverse document frequency of each key, 0 for a key that every article has."""
        seen = self.counts[(keys & np.uint32(BUCKETS - 1)).astype(np.int64)].astype(np.float32)
        expected = background(keys, kind) * np.float32(STRENGTH)
        share = (seen + expected) / np.float32(self.articles + STRENGTH)
        return np.maximum(-np.log(np.minimum(share, 1.0)), 0.0).astype(np.float32)


# Length added to a row before it is scaled: one shared number makes nothing of two articles that share nothing else.
SMOOTH = {"words": 8.0, "names": 8.0, "facts": 12.0, "acts": 10.0, "title": 5.0, "gloss": 8.0}


def rows(counts: Mapping[str, Mapping[int, int]], frequency: Frequency) -> tuple[U32, F32]:
    """One row of keys and weights: in each kind the weightiest keys, weights of at most unit length."""
    keys: list[U32] = []
    weights: list[F32] = []
    for kind, width in KINDS.items():
        counted = counts[kind]
        row, weight = np.zeros(width, np.uint32), np.zeros(width, np.float32)
        if counted:
            found = np.fromiter(counted, np.uint32, len(counted))
            often = np.fromiter(counted.values(), np.float32, len(counted))
            value = (1 + np.log(often)) * frequency.rarity(found, kind)
            order = np.lexsort((found, -value))[:width]
            order = order[value[order] > 0]
            row[: len(order)] = found[order]
            length = float(np.sqrt((value[order] ** 2).sum() + SMOOTH[kind] ** 2))
            weight[: len(order)] = value[order] / length
        keys.append(row)
        weights.append(weight)
    return np.concatenate(keys), np.concatenate(weights)
