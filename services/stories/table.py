"""The live articles in contiguous arrays, and the index from keys to the articles that hold them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.stories.article import KINDS, SHINGLES, U32, WIDTH, Article

Slots = NDArray[np.int64]

DIMENSIONS = 256
BANDS, ROWS = 21, 3  # of the 64 MinHash values; two texts that share half their triples meet in 19 of 20 cases
# How many of its weightiest keys an article is found by, of each kind.
INDEXED = {"words": 16, "names": 12, "facts": 6, "acts": 4, "title": 0, "gloss": 10}
NEWEST = 48  # articles looked at behind one key
RECENT = 1 << 15  # arrivals among which the other language is searched by vector
APART = 108  # of 256 components: an angle of 76 degrees
LANGUAGES = {"hi": 1, "en": 2}


def _columns() -> Slots:
    found: list[int] = []
    start = 0
    for kind, width in KINDS.items():
        found += range(start, start + INDEXED[kind])
        start += width
    return np.array(found)


COLUMNS = _columns()
STARTS = np.cumsum([0, *KINDS.values()])[:-1]


class Table:
    """Rows of live articles by slot. What it answers depends only on which articles are in it and on their `seq`."""

    def __init__(self, capacity: int = 1024) -> None:
        self.articles: dict[str, Article] = {}
        self.slot_of: dict[str, int] = {}
        self.at: list[Article | None] = []
        self._free: list[int] = []
        self._allocate(capacity)
        self._ring: NDArray[np.int32] = np.full(4096, -1, np.int32)  # slot by seq
        self._postings: dict[int, array[int]] = {}
        self._bands: dict[int, array[int]] = {}
        # signs of the vectors of the last RECENT arrivals by seq, for finding the other language's articles
        self._signs: NDArray[np.uint64] = np.zeros((RECENT, 4), np.uint64)
        self._signed: NDArray[np.int64] = np.full(RECENT, -1, np.int64)
        self._tongues: NDArray[np.int8] = np.zeros(RECENT, np.int8)

    def _allocate(self, capacity: int) -> None:
        self.keys: U32 = np.zeros((capacity, WIDTH), np.uint32)
        self.weights: NDArray[np.float16] = np.zeros((capacity, WIDTH), np.float16)
        self.vectors: NDArray[np.int8] = np.zeros((capacity, DIMENSIONS), np.int8)
        self.shingles: U32 = np.zeros((capacity, SHINGLES), np.uint32)
        self.levels: NDArray[np.int8] = np.zeros(capacity, np.int8)
        self.times: NDArray[np.int64] = np.zeros(capacity, np.int64)
        self.dated: NDArray[np.bool_] = np.zeros(capacity, np.bool_)
        self.languages: NDArray[np.int8] = np.zeros(capacity, np.int8)
        self.seqs: NDArray[np.int64] = np.zeros(capacity, np.int64)
        self.lengths: NDArray[np.int32] = np.zeros(capacity, np.int32)

    def __len__(self) -> int:
        return len(self.articles)

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles.values())

    def get(self, article_id: str) -> Article | None:
        """The live article of that id."""
        return self.articles.get(article_id)

    def slots(self, ids: list[str]) -> Slots:
        """Slots of live articles."""
        return np.array([self.slot_of[i] for i in ids], np.int64)

    def article(self, slot: int) -> Article:
        """The article in a slot that is in use."""
        found = self.at[slot]
        assert found is not None
        return found

    def add(self, article: Article) -> int:
        """Take an article in; its `seq` must be higher than any before."""
        slot = self._free.pop() if self._free else len(self.at)
        if slot == len(self.at):
            self.at.append(None)
            if slot >= len(self.times):
                self._grow()
        self.at[slot] = article
        self.articles[article.id] = article
        self.slot_of[article.id] = slot
        self.keys[slot] = article.keys
        self.weights[slot] = article.weights
        self.vectors[slot] = np.frombuffer(article.vector, np.int8) if len(article.vector) == DIMENSIONS else 0
        self.shingles[slot] = 0
        self.shingles[slot, : len(article.shingles)] = article.shingles
        self.levels[slot] = article.level
        self.times[slot] = article.time
        self.dated[slot] = article.dated
        self.languages[slot] = LANGUAGES.get(article.language, 0)
        self.seqs[slot] = article.seq
        self.lengths[slot] = article.length
        # the record's arrays and the table's rows are the same numbers; only one of them is kept
        article.keys, article.weights, article.shingles = self._views(slot, len(article.shingles))
        self._note(article.seq, slot)
        if article.vector:
            place = article.seq % RECENT
            self._signs[place], self._signed[place] = signs_of(article.vector), article.seq
            self._tongues[place] = self.languages[slot]
        for key in self._indexed(slot):
            self._postings.setdefault(key, array("q")).append(article.seq)
        for key in bands_of(article.signature):
            self._bands.setdefault(key, array("q")).append(article.seq)
        return slot

    def _views(self, slot: int, shingles: int) -> tuple[U32, NDArray[np.float16], U32]:
        return self.keys[slot], self.weights[slot], self.shingles[slot, :shingles]

    def remove(self, article_id: str) -> None:
        """Let an article go."""
        slot = self.slot_of.pop(article_id)
        article = self.articles.pop(article_id)
        for index, keys in ((self._postings, self._indexed(slot)), (self._bands, bands_of(article.signature))):
            for key in keys:
                seqs = index[key]
                del seqs[bisect_left(seqs, article.seq)]
                if not seqs:
                    del index[key]
        self._ring[article.seq & (len(self._ring) - 1)] = -1
        if self._signed[article.seq % RECENT] == article.seq:
            self._signed[article.seq % RECENT] = -1
        self.at[slot] = None
        self._free.append(slot)

    def _indexed(self, slot: int) -> list[int]:
        row = self.keys[slot, COLUMNS]
        return [int(key) for key in row[row != 0]]

    def _grow(self) -> None:
        old: tuple[NDArray[Any], ...] = (
            self.keys, self.weights, self.vectors, self.shingles, self.levels,
            self.times, self.dated, self.languages, self.seqs, self.lengths,
        )  # fmt: skip
        used = len(self.times)
        self._allocate(used * 2)
        new: tuple[NDArray[Any], ...] = (
            self.keys, self.weights, self.vectors, self.shingles, self.levels,
            self.times, self.dated, self.languages, self.seqs, self.lengths,
        )  # fmt: skip
        for into, was in zip(new, old, strict=True):
            into[:used] = was
        for slot, article in enumerate(self.at[:used]):
            if article is not None:
                article.keys, article.weights, article.shingles = self._views(slot, len(article.shingles))

    def _note(self, seq: int, slot: int) -> None:
        while self._ring[seq & (len(self._ring) - 1)] >= 0:
            ring: NDArray[np.int32] = np.full(len(self._ring) * 2, -1, np.int32)
            live = np.array([s for s, a in enumerate(self.at) if a is not None and s != slot], np.int64)
            ring[self.seqs[live] & (len(ring) - 1)] = live
            self._ring = ring
        self._ring[seq & (len(self._ring) - 1)] = slot

    def candidates(self, article: Article, most: int) -> Slots:
        """Slots of live articles that share the most telling keys with this one (live or not), best first."""
        seqs: list[array[int]] = []
        worth: list[float] = []
        for key, weight in zip(article.keys[COLUMNS].tolist(), article.weights[COLUMNS].tolist(), strict=True):
            found = self._postings.get(key) if key else None
            if found is not None:
                newest = found[-NEWEST:]
                seqs.append(newest)
                worth.append(weight)
        if not seqs:
            return np.zeros(0, np.int64)
        lengths = [len(s) for s in seqs]
        slots = self._ring[np.concatenate([np.frombuffer(s, np.int64) for s in seqs]) & (len(self._ring) - 1)]
        unique, inverse = np.unique(slots, return_inverse=True)
        score = np.bincount(inverse, np.repeat(worth, lengths))
        order = np.lexsort((-self.seqs[unique], -score))[:most]
        return unique[order].astype(np.int64)

    def translations(self, article: Article, most: int) -> Slots:
        """Slots of recent articles in the other language whose vectors point the same way, nearest first."""
        if not article.vector:
            return np.zeros(0, np.int64)
        used = min(RECENT, article.seq + 1)
        apart = np.bitwise_count(self._signs[:used] ^ signs_of(article.vector)).sum(axis=1, dtype=np.int64)
        signed = self._signed[:used]
        other = (self._tongues[:used] != LANGUAGES.get(article.language, 0)) & (signed >= 0)
        other &= signed > article.seq - RECENT
        near = np.flatnonzero(other & (apart < APART))
        order = np.lexsort((self._signed[near], apart[near]))[:most]
        found: Slots = self._ring[self._signed[near[order]] & (len(self._ring) - 1)].astype(np.int64)
        return found

    def lookalikes(self, article: Article, most: int = 24) -> Slots:
        """Slots of live articles that share a band of the near-duplicate signature, the oldest of each band first."""
        found: set[int] = set()
        for key in bands_of(article.signature):
            for seq in self._bands.get(key, ())[:4]:
                found.add(int(self._ring[seq & (len(self._ring) - 1)]))
        return np.array(sorted(found, key=lambda slot: self.seqs[slot])[:most], np.int64)


def signs_of(vector: bytes) -> NDArray[np.uint64]:
    """Which components of a vector are positive, as bits."""
    return np.packbits(np.frombuffer(vector, np.int8) > 0).view(np.uint64)


def bands_of(signature: bytes) -> list[int]:
    """Hashes of the bands of a MinHash signature; none for an empty one."""
    if len(signature) != 256:
        return []
    values = np.frombuffer(signature, np.uint32)[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    mixed = values[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= values[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= values[:, 2] * np.uint64(0x165667B19E3779F9)
    mixed += np.arange(BANDS, dtype=np.uint64)
    return [int(value) for value in mixed]
