"""Which acts of an article are one event: headline and lede, a repeat, a call that three sentences describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from services.tagger.candidates import Reading
from services.tagger.circumstances import date_of
from services.tagger.features import stem
from services.tagger.roles import Row

if TYPE_CHECKING:
    from services.tagger.coder import Coded


def _overlap(a: Sequence[Row], b: Sequence[Row]) -> str:
    """How two lists of parties agree: same, some, country, none, or empty."""
    if not a or not b:
        return "empty" if not a and not b else "half-empty"
    ka, kb = {r.party.key for r in a}, {r.party.key for r in b}
    if ka == kb:
        return "same"
    if ka & kb:
        return "some"
    ca, cb = {r.party.country for r in a}, {r.party.country for r in b}
    return "country" if (ca & cb) - {None} else "none"


def same_features(reading: Reading, a: Coded, b: Coded) -> list[str]:
    """Features of the question whether two acts of one type are one event (or the second a mere repeat)."""
    actors, recipients = _overlap(a.actors, b.actors), _overlap(a.recipients, b.recipients)
    everyone = _overlap([*a.actors, *a.recipients], [*b.actors, *b.recipients])
    gap = abs(a.act.sentence - b.act.sentence)
    wa, wb = _content(reading, a), _content(reading, b)
    shared = len(wa & wb) / max(1, min(len(wa), len(wb)))
    modes = "same" if a.mode == b.mode else "open" if not a.mode or not b.mode else "other"
    low = min(a.confidence, b.confidence)
    t = a.act.event_type
    return [
        t,
        f"actors:{actors}",
        f"recipients:{recipients}",
        f"both:{actors}|{recipients}",
        f"all:{everyone}",
        f"gap:{min(gap, 4)}",
        f"mode:{modes}",
        f"mode:{modes}|{actors}",
        f"status:{a.status == b.status}",
        f"status:{'|'.join(sorted((a.status, b.status)))}",
        f"words:{round(shared * 6)}",
        f"low:{round(low * 8)}",
        f"low:{round(low * 4)}|{actors}|{recipients}",
        f"lang:{reading.article.sentences[a.act.sentence].language == reading.article.sentences[b.act.sentence].language}",  # noqa: E501
        f"{t}|{actors}",
    ]


def one_meeting(reading: Reading, a: Coded, b: Coded) -> bool:
    """Whether two acts surely tell of one meeting, call or agreement: the same two principals by country, status
    and mode, and no dates that differ. A date apart from the day of publication is not shared by an act without one."""
    if a.act.event_type not in ("CONSULT", "AGREE") or a.status != b.status:
        return False
    if a.mode and b.mode and a.mode != b.mode:
        return False
    principals = [frozenset(r.party.country for r in c.actors[:2]) for c in (a, b)]
    if principals[0] != principals[1] or len(principals[0]) != 2 or None in principals[0]:
        return False
    dates = [date_of(reading, c.act.sentence, c.words) for c in (a, b)]
    told = {d.edtf for d in dates if d}
    if not told or (len(told) == 1 and all(dates)):
        return True
    return len(told) == 1 and _near(next(iter(told)), reading.article.published)


def _near(edtf: str, published: str | None) -> bool:
    """Whether a date lies within two days of the publication."""
    try:
        return abs((date.fromisoformat(edtf) - date.fromisoformat((published or "")[:10])).days) <= 2
    except ValueError:
        return False


def _content(reading: Reading, c: Coded) -> set[str]:
    return {stem(k) for k in reading.keys[c.act.sentence] if len(k) > 3}


def groups(coded: Sequence[Coded], same: Callable[[Coded, Coded], float], limit: float) -> list[list[Coded]]:
    """Acts joined to the likeliest act of the same event, in the order of the text; of each group the
    likeliest comes first."""
    found: list[list[Coded]] = []
    for c in sorted(coded, key=lambda c: (-c.confidence, c.act.sentence)):
        options = [(same(g[0], c), i) for i, g in enumerate(found) if g[0].act.event_type == c.act.event_type]
        score, i = max(options, default=(0.0, -1))
        if i >= 0 and score >= limit:
            found[i].append(c)
        else:
            found.append([c])
    found.sort(key=lambda g: (g[0].act.sentence, g[0].words[0]))
    return found
