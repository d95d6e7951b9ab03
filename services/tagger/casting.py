"""Casting: from the scores of who may take part to the actors and the recipients of an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.tagger.lexicon import country_names
from services.tagger.roles import Row

POOL = 5  # parties considered for a role
LARGEST = 3  # parties chosen for a role


@dataclass(frozen=True, slots=True)
class Settings:
    """Tuned on training articles. `exact`: weight of the share of parties that are right, beside the chance
    that most of
    them are; `empty`: factor on the odds of an empty role; `named`: how often the right party also has the
    right name."""

    exact: float = 0.3
    empty: float = 1.2
    named: float = 0.6


@dataclass(frozen=True, slots=True)
class _Sets:
    """All subsets of n parties as rows of zeros and ones, by size; how those small enough to be chosen agree
    with each."""

    bits: NDArray[np.float64]  # [2**n, n]
    chosen: NDArray[np.float64]  # [proposals, n]
    same: NDArray[np.float64]  # [proposals, 2**n]
    total: NDArray[np.float64]
    f1: NDArray[np.float64]


@cache
def _subsets(n: int) -> _Sets:
    bits = np.asarray([[m >> i & 1 for i in range(n)] for m in sorted(range(1 << n), key=int.bit_count)], dtype=float)
    chosen = bits[bits.sum(axis=1) <= LARGEST]
    same = chosen @ bits.T
    total = chosen.sum(axis=1)[:, None] + bits.sum(axis=1)[None, :]
    return _Sets(bits, chosen, same, total, _f1(same, total))


def _f1(same: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.where(total > 0, 2 * same / np.maximum(total, 1), 1.0))


def cast(rows: Sequence[Row], no_actor: float, no_recipient: float, settings: Settings) -> tuple[list[Row], list[Row]]:
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


def _generic(row: Row) -> bool:
    """Whether a party is a state or a description, for which another party of that state can stand."""
    return row.party.kind == "desc" or (
        row.party.kind == "LOC" and row.party.name == country_names().get(row.party.country or "")
    )


def _same(a: Row, b: Row) -> bool:
    """Whether two rows are likely one party under two names: a state and its government, "the president" and
    his name."""
    if a.party.country is None or a.party.country != b.party.country or not (_generic(a) or _generic(b)):
        return False
    return a.party.sector == b.party.sector or {a.party.sector, b.party.sector} <= {"GOV", None}


def choose(pool: Sequence[Row], scores: Sequence[float], none: float, settings: Settings) -> list[Row]:
    """The set of parties with the greatest expected agreement with the true set, taken as independent draws; a
    party of the
    right country counts half, as two names of one state often stand for each other."""
    order: list[int] = []
    for i in sorted(range(len(pool)), key=lambda i: -scores[i]):
        if not any(_same(pool[i], pool[j]) for j in order):
            order.append(i)
        if len(order) == POOL:
            break
    none = min(max(none, 1e-4), 1 - 1e-4)
    odds = none / (1 - none) * settings.empty
    if not order:
        return []
    n = len(order)
    if none < 0.05 and scores[order[0]] > 0.8 and (n == 1 or scores[order[1]] < 0.08):
        return [pool[order[0]]]  # nothing to weigh
    sets = _subsets(n)
    p = np.clip(np.asarray([scores[i] for i in order]), 1e-4, 1 - 1e-4)
    weight = np.where(sets.bits > 0, p, 1 - p).prod(axis=1)
    weight[0] = 0.0
    weight *= 1 / (1 + odds) / weight.sum()
    weight[0] = odds / (1 + odds)
    f1 = sets.f1
    countries = [pool[i].party.country for i in order]
    shared = {c for c in countries if c and countries.count(c) > 1}
    half = np.zeros_like(sets.same)
    if shared:
        for country in shared:
            of = [k for k, c in enumerate(countries) if c == country]
            mine, theirs = sets.chosen[:, of], sets.bits[:, of]
            both = mine @ theirs.T
            half += 0.5 * (np.minimum(mine.sum(axis=1)[:, None], theirs.sum(axis=1)[None, :]) - both)
        f1 = _f1(sets.same + half, sets.total)
    value = ((f1 >= 0.5) + settings.exact * f1) @ weight
    if settings.named < 1:  # the right party under another name of its state counts half
        f1 = _f1(0.5 * sets.same + half, sets.total)
        other = ((f1 >= 0.5) + settings.exact * f1) @ weight
        value = settings.named * value + (1 - settings.named) * other
    best = sets.chosen[int(value.argmax())]
    return [pool[order[k]] for k in range(n) if best[k]]
