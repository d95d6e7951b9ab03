"""Casting: from the scores of who may take part to the actors and the recipients of an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.tagger.acts import Act
from services.tagger.ontology import RECIPROCAL
from services.tagger.roles import Row


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds of casting, tuned on training articles: `none_*` probability above which a role stays empty; `multi` share of the
    best score that a further party needs; `joined` the same for one that is coordinated with the best."""

    none_actor: float = 0.6
    none_recipient: float = 0.5
    multi: float = 0.5
    joined: float = 0.2


def cast(
    act: Act, rows: Sequence[Row], no_actor: float, no_recipient: float, settings: Settings
) -> tuple[list[Row], list[Row]]:
    """(actors, recipients) of an act; a party has one role, the likelier one."""
    best: dict[str, Row] = {}
    for row in rows:
        known = best.get(row.party.key)
        if known is None or row.actor + row.recipient > known.actor + known.recipient:
            best[row.party.key] = row
    pool = list(best.values())
    actors: list[Row] = []
    recipients: list[Row] = []
    if no_actor <= settings.none_actor:
        actors = _pick(pool, [r.actor for r in pool], settings)
    if no_recipient <= settings.none_recipient:
        rest = [r for r in pool if r not in actors or r.recipient > r.actor]
        recipients = _pick(rest, [r.recipient for r in rest], settings)
        if len(recipients) and len(actors) > 1:
            actors = [r for r in actors if r not in recipients] or actors
        recipients = [r for r in recipients if r not in actors]
    elif act.event_type in RECIPROCAL and len(actors) == 1:
        others = [r for r in pool if r not in actors]
        second = max(others, key=lambda r: max(r.actor, r.recipient), default=None)
        if second is not None and max(second.actor, second.recipient) >= 0.25:
            actors.append(second)
    return actors, recipients


def _pick(pool: Sequence[Row], scores: Sequence[float], settings: Settings) -> list[Row]:
    """The best row, with those that score nearly as well or stand beside it."""
    if not pool:
        return []
    order = sorted(range(len(pool)), key=lambda i: -scores[i])
    top = order[0]
    chosen = [top]
    for i in order[1:]:
        limit = settings.joined if _joined(pool[top], pool[i]) else settings.multi
        if scores[i] >= max(limit * scores[top], 0.5 * limit):
            chosen.append(i)
    return [pool[i] for i in chosen]


def _joined(a: Row, b: Row) -> bool:
    """Whether two parties stand side by side (or in one reference)."""
    if a.candidate is None or b.candidate is None or a.candidate.sentence != b.candidate.sentence:
        return False
    if a.candidate is b.candidate:
        return True
    gap = max(b.candidate.first - a.candidate.last, a.candidate.first - b.candidate.last)
    return gap <= 3
