"""Other names in the same places: an article's people, places and organisations swapped for others of their kind.

One real name gets one new name throughout the article, full where the text had a full name and short where it had a
short one, so that the encoder reads the grammar of the sentence and not the fame of its parties.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

from gold import Doc, Event, Span


class Names:
    """Names by kind and language, as (full, short) pairs."""

    def __init__(self, entities: Path) -> None:
        self.pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for line in entities.read_text(encoding="utf-8").splitlines():
            e = json.loads(line)
            for language, full, aliases in (("en", e["name"], e["aliases_en"]), ("hi", e["name_hi"], e["aliases_hi"])):
                if not full:
                    continue
                short = full.split()[-1] if e["kind"] == "PER" else min([full, *aliases], key=len)
                self.pairs.setdefault((language, e["kind"]), []).append((full, short))

    def swap(self, doc: Doc, rate: float, rng: random.Random) -> Doc:
        """The document with each name swapped with probability `rate`; spans moved along."""
        chosen: dict[str, tuple[str, str]] = {}
        longest: dict[str, int] = {}
        for (a, b), kind, name in doc.mentions:
            pairs = self.pairs.get((doc.language, kind))
            if name not in longest and pairs and rng.random() < rate:
                chosen[name] = rng.choice(pairs)
            longest[name] = max(longest.get(name, 0), len(doc.text[a:b].split()))
        edits = []
        for (a, b), _, name in doc.mentions:
            if name in chosen:
                full, short = chosen[name]
                edits.append((a, b, full if len(doc.text[a:b].split()) == longest[name] else short))
        return rewrite(doc, edits) if edits else doc


def rewrite(doc: Doc, edits: list[tuple[int, int, str]]) -> Doc:
    """The document after replacing [start, end) by a string for each edit (in order, without overlap)."""
    parts, at, shift = [], 0, 0
    moves: list[tuple[int, int, int]] = []  # old start, old end, shift after it
    for a, b, new in edits:
        parts += [doc.text[at:a], new]
        at, shift = b, shift + len(new) - (b - a)
        moves.append((a, b, shift))
    parts.append(doc.text[at:])

    def start(x: int) -> int:
        before = 0
        for a, b, after in moves:
            if x < b:
                return (a if x > a else x) + before
            before = after
        return x + before

    def end(x: int) -> int:
        before = 0
        for a, b, after in moves:
            if x <= a:
                return x + before
            if x <= b:
                return b + after
            before = after
        return x + before

    def move(s: Span) -> Span:
        return start(s[0]), end(s[1])

    def roles(e: Event) -> dict[str, list[list[Span]] | None]:
        return {r: p and [[move(s) for s in spans] for spans in p] for r, p in e.roles.items()}

    return Doc(
        doc.id,
        doc.language,
        "".join(parts),
        [move(s) for s in doc.sentences],
        [(move(s), k, n) for s, k, n in doc.mentions],
        [move(s) for s in doc.descriptions],
        [replace(e, roles=roles(e), trigger=e.trigger and move(e.trigger)) for e in doc.events],
    )


def pack(docs: list[Doc], size: int, rng: random.Random) -> list[Doc]:
    """Sentence documents of one language joined into documents of up to `size` sentences."""
    out = []
    for language in ("hi", "en"):
        group = [d for d in docs if d.language == language]
        rng.shuffle(group)
        while group:
            n = rng.randint(1, size)
            chosen, group = group[:n], group[n:]
            out.append(join(chosen))
    return out


def join(docs: list[Doc]) -> Doc:
    """One document of several, a blank between them."""
    whole = Doc("+".join(d.id for d in docs), docs[0].language, "", [], [], [])
    for d in docs:
        o, k = len(whole.text), len(whole.sentences)

        def move(s: Span, o: int = o) -> Span:
            return s[0] + o, s[1] + o

        whole.text += d.text + " "
        whole.sentences += [move(s) for s in d.sentences]
        whole.mentions += [(move(s), kind, n) for s, kind, n in d.mentions]
        whole.descriptions += [move(s) for s in d.descriptions]
        for e in d.events:
            roles = {r: p and [[move(s) for s in spans] for spans in p] for r, p in e.roles.items()}
            trigger = e.trigger and move(e.trigger)
            whole.events.append(replace(e, sentences=[i + k for i in e.sentences], roles=roles, trigger=trigger))
    whole.text = whole.text[:-1]
    return whole
