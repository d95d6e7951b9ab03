"""Who acted and on whom: features of each candidate for each act, from grammar and the reader, and the linear
models over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.tagger.acts import Act
from services.tagger.candidates import Candidate, PartyInfo, Reading
from services.tagger.features import clause
from services.tagger.lexicon import country_names, word_list

HINDI_CASE = word_list("hindi case")
HINDI_RELATION = word_list("hindi relation")
ENGLISH_BEFORE = word_list("english preposition")
SAYING = word_list("saying")
PASSIVE_EN = word_list("english passive")
PASSIVE_HI = word_list("hindi passive")
NEAREST = 16  # candidates of a sentence that are looked at for one act
COORDINATION = word_list("coordination")


@dataclass(slots=True)
class Row:
    """A party considered for an act, where it was seen nearest, and its features."""

    party: PartyInfo
    candidate: Candidate | None
    index: int | None
    features: list[str]
    actor: float = 0.0
    recipient: float = 0.0


def logit(p: float) -> float:
    """Log-odds, bounded."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def trigger_words(reading: Reading, act: Act) -> tuple[int, int]:
    """Word range of the act's trigger in its sentence; the last word when it has none."""
    ws = reading.words[act.sentence]
    if act.trigger is None:
        return max(0, len(ws) - 2), max(0, len(ws) - 1)
    start, end = act.trigger
    inside = [i for i, w in enumerate(ws) if w.start < end and w.end > start]
    return (inside[0], inside[-1]) if inside else (0, max(0, len(ws) - 1))


def home_party(reading: Reading) -> PartyInfo | None:
    """The government of the country that the article is about."""
    if not reading.home or reading.home not in country_names():
        return None
    name = country_names()[reading.home]
    return PartyInfo(name, "LOC", f"for:{name}", None, reading.home, "GOV")


def _bucket(distance: int) -> str:
    for limit in (1, 3, 6, 10, 16):
        if distance <= limit:
            return str(limit)
    return "far"


def _case(keys: Sequence[str], c: Candidate, hindi: bool) -> tuple[str, str]:
    """(case, wider case) of a candidate: the postposition after it or the preposition before it."""
    n = len(keys)
    after = keys[c.last + 1] if c.last + 1 < n else "$"
    if hindi:
        second = keys[c.last + 2] if c.last + 2 < n else "$"
        if after in ("के", "की", "का") and second in HINDI_RELATION:
            return f"{after} {second}", second
        if after in HINDI_CASE:
            return after, f"{after} {second}" if after in ("के", "की", "का", "से", "पर") else after
        return ("," if not after[0].isalnum() else "0"), "0"
    i = c.first - 1
    hops = 0
    while i >= 0 and hops < 4 and keys[i][0].isalnum() and keys[i] not in ENGLISH_BEFORE:
        i -= 1
        hops += 1
    before = keys[i] if i >= 0 and (keys[i] in ENGLISH_BEFORE) else ("^" if i < 0 else "0")
    possessive = after in ("'s", "’s")
    return before + ("'s" if possessive else ""), before + "|" + (after if after in ENGLISH_BEFORE else "0")


def rows_of(reading: Reading, act: Act, mode: str, status: str) -> list[Row]:
    """The parties that may take part in an act, with their features; readers' scores are added when there are any."""
    keys = reading.keys[act.sentence]
    hindi = reading.article.sentences[act.sentence].language != "en"
    t = act.event_type
    first, last = trigger_words(reading, act)
    c_start, c_end = clause(keys, first, last)
    candidates = reading.candidates
    inside = reading.by_sentence[act.sentence]
    if len(inside) > NEAREST:  # a list of names: those around the trigger
        inside = sorted(sorted(inside, key=lambda i: abs(candidates[i].first - first))[:NEAREST])
    passive = any(k in PASSIVE_EN for k in keys[max(0, first - 3) : first]) or any(
        k in PASSIVE_HI for k in keys[last + 1 : last + 4]
    )
    tm = f"{t}/{mode}"
    lang = "hi" if hindi else "en"
    before = [i for i in inside if candidates[i].last < first]
    after = [i for i in inside if candidates[i].first > last]
    best_actor = max((act.actor[i] for i in range(len(act.actor))), default=0.0)
    best_recipient = max((act.recipient[i] for i in range(len(act.recipient))), default=0.0)
    counts = reading.counts
    rows: list[Row] = []
    seen: set[str] = set()

    def describe(party: PartyInfo, place: str) -> list[str]:
        who = party.kind if party.kind != "desc" else "desc:" + (party.sector or "")
        f = [f"{t}|{place}|{who}", f"{t}|s:{party.sector}|{place}", f"{place}|{who}", f"{tm}|{place}"]
        if party.kind == "desc":
            f.append(f"{t}|n:{party.name}")
        f.append(f"{t}|{place}|home:{party.country == reading.home}")
        f.append(f"{place}|count:{min(counts.get(party.key, 0), 4)}")
        return f

    cases = {i: _case(keys, candidates[i], hindi) for i in inside}
    for i in inside:
        c = candidates[i]
        case, wider = cases[i]
        if c.last < first:
            side, distance = "b", first - c.last
            rank = len(before) - 1 - before.index(i)
        elif c.first > last:
            side, distance = "a", c.first - last
            rank = after.index(i)
        else:
            side, distance, rank = "in", 0, 0
        rank = min(rank, 3)
        same = c_start <= c.first < c_end
        order = min(inside.index(i), 3)
        follows = keys[c.last + 1] if c.last + 1 < len(keys) else "$"
        precedes = keys[c.first - 1] if c.first else "^"
        joined = ("r" if follows in COORDINATION else "") + ("l" if precedes in COORDINATION else "")
        says = any(k in SAYING for k in keys[c.last + 1 : c.last + 4])
        common = [
            f"{lang}|{side}|{case}",
            f"{t}|{lang}|{side}|{case}",
            f"{t}|{lang}|{case}",
            f"{tm}|{lang}|{case}",
            f"{lang}|{side}|w:{wider}",
            f"{t}|{side}|{rank}",
            f"{lang}|{side}|{rank}|{case}",
            f"{side}|d:{_bucket(distance)}|{same}",
            f"{t}|{lang}|{side}|{same}|{case}",
            f"{t}|{lang}|p:{passive}|{side}|{case}",
            f"{lang}|p:{passive}|{side}",
            f"order:{order}|{min(len(inside), 5)}",
            f"{t}|order:{order}|{lang}",
            f"j:{joined}|{t}",
            f"says:{says}|{t}|{side}",
            f"form:{c.form}|{t}",
            f"form:{c.form}|{case}",
            f"f:{follows}|{c.kind}",
            f"{lang}|{t}|n1:{follows if side == 'b' else precedes}",
            f"st:{status}|{side}|{case}",
            f"{lang}|{side}|like:{_nth(i, before if side == 'b' else after, cases, side)}|{case}",
            f"{t}|{lang}|{side}|like:{_nth(i, before if side == 'b' else after, cases, side)}|{case}",
            f"q:{'?' if c.first == 0 else ''}|{follows in ':—–-'}",
        ]
        scores: list[str] = []
        if act.actor:
            a, r = act.actor[i], act.recipient[i]
            scores = _score_features(t, a, r, best_actor, best_recipient)
        for party in c.parties:
            rows.append(Row(party, c, i, describe(party, "in") + common + scores))
            seen.add(party.key)
    recent = [i for i in range(len(candidates)) if candidates[i].sentence < act.sentence]
    later = [i for i in range(len(candidates)) if candidates[i].sentence > act.sentence]
    others = 0
    for i in [*reversed(recent), *later]:
        c = candidates[i]
        gap = act.sentence - c.sentence
        for party in c.parties:
            if party.key in seen:
                continue
            seen.add(party.key)
            others += 1
            place = "prev1" if gap == 1 else "prev" if gap > 1 else "next"
            keys_there = reading.keys[c.sentence]
            subject = _case(keys_there, c, reading.article.sentences[c.sentence].language != "en")[0]
            f = describe(party, place)
            f += [
                f"{place}|subj:{subject}",
                f"{t}|{place}|none:{not inside}",
                f"{place}|before:{bool(before)}|{c.form}",
                f"{t}|{place}|order:{min(reading.by_sentence[c.sentence].index(i), 2)}",
                f"{place}|others:{min(others, 4)}",
                f"{t}|{place}|title:{_in_title(reading, c)}",
            ]
            if act.actor:
                f += _score_features(t, act.actor[i], act.recipient[i], best_actor, best_recipient)
            rows.append(Row(party, c, i, f))
        if others > 12:
            break
    home = home_party(reading)
    if home and home.key not in seen:
        rows.append(
            Row(home, None, None, [*describe(home, "home"), f"{t}|home|{lang}", f"{tm}|home|{len(inside) > 1}"])
        )
    return rows


def _nth(i: int, side: list[int], cases: dict[int, tuple[str, str]], which: str) -> int:
    """How many candidates of the same case stand nearer to the trigger."""
    nearer = [j for j in side if j > i] if which == "b" else [j for j in side if j < i]
    return min(2, sum(cases[j][0] == cases[i][0] for j in nearer))


def _in_title(reading: Reading, c: Candidate) -> bool:
    ks = reading.keys[c.sentence][c.first : c.last + 1]
    return bool(ks) and all(k in reading.title_keys for k in ks)


def _score_features(t: str, a: float, r: float, best_a: float, best_r: float) -> list[str]:
    """The reader's scores in steps, alone and against the best candidate's."""
    step_a, step_r = round(logit(a)), round(logit(r))
    return [
        f"A:{step_a}",
        f"R:{step_r}",
        f"A:{step_a}|R:{step_r}",
        f"{t}|A:{step_a // 2}|R:{step_r // 2}",
        f"A:{step_a}|top:{a >= best_a}",
        f"R:{step_r}|top:{r >= best_r}",
        f"Agap:{min(6, round(logit(best_a) - logit(a)))}",
        f"Rgap:{min(6, round(logit(best_r) - logit(r)))}",
    ]


def act_features(act: Act, mode: str, status: str, rows: Sequence[Row], hindi: bool) -> list[str]:
    """Features of the question whether an act has no recipient (or no actor), given the scores of the rows."""
    t = act.event_type
    f = [f"{t}", f"{t}/{mode}", f"{t}|{status}", f"{t}|{'hi' if hindi else 'en'}", f"n:{min(len(rows), 6)}"]
    for role, scores in (
        ("a", sorted((r.actor for r in rows), reverse=True)),
        ("r", sorted((r.recipient for r in rows), reverse=True)),
    ):
        top = scores[0] if scores else 0.0
        second = scores[1] if len(scores) > 1 else 0.0
        f += [
            f"{role}1:{round(2 * logit(top))}",
            f"{t}|{role}1:{round(logit(top))}",
            f"{role}2:{round(logit(second))}",
            f"{role}s:{round(2 * sum(scores))}",
        ]
    top_a = max(rows, key=lambda r: r.actor, default=None)
    top_r = max(rows, key=lambda r: r.recipient, default=None)
    f.append(f"{t}|same:{top_a is not None and top_a is top_r}")
    if top_r is not None:
        f.append(f"{t}|rin:{'in' if top_r.candidate and top_r.candidate.sentence == act.sentence else 'out'}")
        f.append(f"rplace:{top_r.party.kind}|{top_r.features[0]}")
    if act.recipient:
        f += [f"R*:{round(logit(max(act.recipient)))}", f"{t}|R*:{round(logit(max(act.recipient)))}"]
        f += [f"A*:{round(logit(max(act.actor)))}", f"{t}|A*:{round(logit(max(act.actor)))}"]
    return f
