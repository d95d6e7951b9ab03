"""Casting: from the scores of who may take part to the actors and the recipients of an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.tagger.roles import Row

POOL = 5  # parties considered for a role
LARGEST = 3  # parties chosen for a role


@dataclass(frozen=True, slots=True)
class Settings:
    """Tuned on training articles. `sharpness` exponent of the odds; `exact` weight of the share of parties that are right, beside
    the chance that most of them are; `empty` factor on the odds of an empty role."""

    sharpness: float = 1.0
    exact: float = 0.2
    empty: float = 1.0


@cache
def _subsets(n: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """All subsets of n as bit masks and as rows of zeros and ones, by size."""
    masks = sorted(range(1 << n), key=lambda m: (bin(m).count("1"), m))
    return np.asarray(masks), np.asarray([[m >> i & 1 for i in range(n)] for m in masks], dtype=np.float64)


def cast(
    rows: Sequence[Row], no_actor: float, no_recipient: float, settings: Settings
) -> tuple[list[Row], list[Row]]:
    """(actors, recipients) of an act: the sets most likely to be right; a party has one role, the likelier one."""
    best: dict[str, Row] = {}
    for row in rows:
        known = best.get(row.party.key)
        if known is None or row.actor + row.recipient > known.actor + known.recipient:
            best[row.party.key] = row
    pool = list(best.values())
    actors = choose(pool, [r.actor for r in pool], no_actor, settings)
    keys = {id(r) for r in actors}
    rest = [r for r in pool if id(r) not in keys or r.recipient > r.actor]
    recipients = choose(rest, [r.recipient for r in rest], no_recipient, settings)
    taken = {id(r) for r in recipients}
    kept = [r for r in actors if id(r) not in taken]
    if actors and not kept:  # the only actor was taken: it stays one, and the recipient goes
        return actors, [r for r in recipients if id(r) not in keys]
    return kept, recipients


def choose(pool: Sequence[Row], scores: Sequence[float], none: float, settings: Settings) -> list[Row]:
    """The set of parties with the greatest expected agreement with the true set, taken as independent draws; a party of the
    right country counts half, as two names of one state often stand for each other."""
    order = sorted(range(len(pool)), key=lambda i: -scores[i])[:POOL]
    none = min(max(none, 1e-4), 1 - 1e-4)
    odds = none / (1 - none) * settings.empty
    if not order:
        return []
    n = len(order)
    masks, bits = _subsets(n)
    p = np.clip(np.asarray([scores[i] for i in order]), 1e-4, 1 - 1e-4)
    p = p**settings.sharpness / (p**settings.sharpness + (1 - p) ** settings.sharpness)
    weight = np.prod(np.where(bits > 0, p, 1 - p), axis=1)
    weight[0] = 0.0
    weight /= weight.sum()
    weight *= 1 / (1 + odds)
    weight[0] = odds / (1 + odds)
    size = bits.sum(axis=1)
    proposals = np.flatnonzero(size <= LARGEST)
    same = (bits[proposals][:, None, :] * bits[None, :, :]).sum(axis=2)
    half = np.zeros_like(same)
    countries = [pool[i].party.country for i in order]
    for country in {c for c in countries if c and countries.count(c) > 1}:
        of = np.asarray([c == country for c in countries], dtype=np.float64)
        left = bits * of
        mine, theirs = left[proposals].sum(axis=1)[:, None], left.sum(axis=1)[None, :]
        both = (left[proposals][:, None, :] * left[None, :, :]).sum(axis=2)
        half += 0.5 * (np.minimum(mine, theirs) - both)
    total = size[proposals][:, None] + size[None, :]
    f1 = np.where(total > 0, 2 * (same + half) / np.maximum(total, 1), 1.0)
    value = ((f1 >= 0.5) + settings.exact * f1) @ weight
    chosen = masks[proposals[int(value.argmax())]]
    return [pool[order[k]] for k in range(n) if chosen >> k & 1]
