"""What stories compare articles by: a vector that both languages share, and a signature of near-duplicate wording."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.contracts.enriched import Fingerprint
from services.knowledge.shared import models

PERMUTATIONS = 64
SHINGLE = 3
_SCALE = 127.0


class Vectors:
    """Static word vectors: int8 [n, 256] of unit length up to a common scale, with a weight for each word."""

    def __init__(self, words: Sequence[str], vectors: NDArray[np.int8], weights: NDArray[np.float32]) -> None:
        self.rows = {word: row for row, word in enumerate(words)}
        self.vectors, self.weights = vectors, weights

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """Read a file that `training/vectors/distil.py` wrote."""
        with np.load(path) as data:
            words = data["words"].tobytes().decode().split("\n")
            return cls(words, data["vectors"], data["weights"].astype(np.float32))

    def document(self, keys: Iterable[str]) -> NDArray[np.float32] | None:
        """Unit vector [256] of a text given by its folded words; None where no word is known."""
        counts: Counter[int | None] = Counter(map(self.rows.get, keys))
        counts.pop(None, None)
        if not counts:
            return None
        index = np.fromiter((row for row in counts if row is not None), np.intp, len(counts))
        weights = (1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.weights[index]
        vector = weights @ self.vectors[index].astype(np.float32)
        length = float(np.linalg.norm(vector))
        return (vector / length).astype(np.float32) if length > 0 else None


@cache
def vectors() -> Vectors:
    """The vectors that ship with the project; loaded once a process."""
    return Vectors.load(models("vectors", "vectors.npz"))


_SIGNS = frozenset("।॥.,;:!?\"'“”‘’()[]{}<>|/\\-–—…·•*&%$₹€£@#+=_~`^")


@lru_cache(maxsize=1 << 17)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd multipliers and offsets of the hash family, the same in every process."""
    generator = np.random.default_rng(20260101)
    multipliers = generator.integers(1, 1 << 63, PERMUTATIONS, np.uint64) | np.uint64(1)
    return multipliers, generator.integers(0, 1 << 63, PERMUTATIONS, np.uint64)


def minhash(keys: Sequence[str]) -> NDArray[np.uint32] | None:
    """MinHash [64] over the word 3-grams of folded words (shorter texts: over what they have); None for no words."""
    words = np.array([_hash(key) for key in keys if key[0] not in _SIGNS], np.uint64)
    if not len(words):
        return None
    size = min(SHINGLE, len(words))
    with np.errstate(over="ignore"):
        shingles = np.zeros(len(words) - size + 1, np.uint64)
        for at in range(size):
            shingles = (shingles ^ words[at : len(words) - size + 1 + at]) * np.uint64(0x9E3779B97F4A7C15)
            shingles ^= shingles >> np.uint64(29)
        multipliers, offsets = _permutations()
        least = np.full(PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
        for at in range(0, len(shingles), 4096):  # bounded memory for texts of any length
            hashed = shingles[at : at + 4096, None] * multipliers + offsets
            least = np.minimum(least, hashed.min(axis=0))
    return (least >> np.uint64(32)).astype(np.uint32)


def of(keys: Sequence[str], vector: NDArray[np.float32] | None) -> Fingerprint:
    """Fingerprint of a text given by its folded words and its document vector."""
    signature = minhash(keys)
    return Fingerprint(
        vector="" if vector is None else base64.b64encode(np.round(vector * _SCALE).astype(np.int8).tobytes()).decode(),
        signature="" if signature is None else base64.b64encode(signature.astype("<u4").tobytes()).decode(),
    )
