"""Near-duplicates: wire copies, cut or re-led versions of one text."""

from __future__ import annotations

import numpy as np

from services.stories.article import Article
from services.stories.table import Slots, Table

LEAST = 8  # common triples below which nothing is said
CONTAINED = 0.42  # share of the shorter text's triples that are in the other
RATIO = 0.12  # length of the shorter over the longer: a round-up that quotes a brief is no copy of it


def copies_among(table: Table, article: Article, slots: Slots) -> Slots:
    """Those slots whose article shares its text with this one, in whole or in a good part."""
    own = article.shingles
    slots = slots[table.languages[slots] == table.languages[table.slot_of[article.id]]] if len(slots) else slots
    if len(own) < LEAST or not len(slots):
        return np.zeros(0, np.int64)
    theirs = table.shingles[slots]
    level = np.maximum(table.levels[slots], article.level).astype(np.uint32)
    mask = ((np.uint32(1) << level) - np.uint32(1))[:, None]
    kept = (theirs != 0) & ((theirs & mask) == 0)
    at = np.minimum(np.searchsorted(own, theirs), len(own) - 1)
    common = (kept & (own[at] == theirs)).sum(axis=1)
    size = kept.sum(axis=1)
    own_size = ((own[None, :] & mask) == 0).sum(axis=1)
    shorter, longer = np.minimum(size, own_size), np.maximum(size, own_size)
    same = (common >= LEAST) & (common >= CONTAINED * shorter) & (shorter >= RATIO * longer)
    found: Slots = slots[same]
    return found
