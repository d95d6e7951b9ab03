"""Documents as tensors: ids, sentence of each token, and the targets of every head."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from gold import ROLES, SLOTS, STATUSES, TYPES, Doc, Event, Span

from services.tagger.unigram import Unigram

LONGEST = 500  # tokens of a window
OTHER_SENTENCE = 0.3  # weight of a party's mentions outside the sentences that state the event
PLAIN = 0.15  # weight of the tokens that belong to no possible party
REPEAT = 0.4  # weight of "no act" where the article has such an event elsewhere: the sentence may retell it


@dataclass
class Batch:
    """A padded batch; the act tensors have one entry an event, `ids` [B, T], `present` and `weight` [B, S, 16]."""

    ids: torch.Tensor
    mask: torch.Tensor
    segments: torch.Tensor
    present: torch.Tensor
    weight: torch.Tensor
    group: list[tuple[int, int, list[int]]]  # events told over several sentences: row, type, sentences
    row: torch.Tensor
    sentence: torch.Tensor
    kind: torch.Tensor
    mode: torch.Tensor
    status: torch.Tensor
    roles: torch.Tensor  # [N, 3, T]
    role_weight: torch.Tensor  # [N, 3, T]
    trigger: torch.Tensor  # [N, T], all zero where it is not marked


def spread(weights: torch.Tensor, span: Span, tokens: tuple[list[int], list[int]], amount: float) -> list[int]:
    """Give the tokens of a span `amount` together; returns their places."""
    starts, ends = tokens
    at = [i + 1 for i in range(len(starts)) if starts[i] < span[1] and ends[i] > span[0]]
    at = [i for i in at if i < len(weights)]
    for i in at:
        weights[i] = amount / len(at)
    return at


def role_targets(
    doc: Doc, event: Event, tokens: tuple[list[int], list[int]], length: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Target and weight [3, T] of an event's roles."""
    target, weight = torch.zeros(len(ROLES), length), torch.zeros(len(ROLES), length)
    own = [doc.sentences[i] for i in event.sentences]

    def inside(s: Span) -> bool:
        return any(a <= s[0] < b for a, b in own)

    for r, role in enumerate(ROLES):
        parties = event.roles[role]
        if parties is None:
            continue
        n = min(len(tokens[0]), length - 2)
        weight[r, 1 : n + 1] = PLAIN / 10
        for span in [s for s, _, _ in doc.mentions] + doc.descriptions:
            spread(weight[r], span, tokens, 1.0 if inside(span) else OTHER_SENTENCE)
        for spans in parties:
            here = [s for s in spans if inside(s)]
            before = [s for s in spans if s[0] < own[0][0]]
            for s in spans:
                best = s in here or (not here and s == (before or spans)[-1 if before else 0])
                amount = 1.0 if best else 0.0 if here else OTHER_SENTENCE
                for i in spread(weight[r], s, tokens, amount):
                    target[r, i] = 1.0
    return target, weight


def make(docs: list[Doc], tokenizer: Unigram, bos: int = 0, eos: int = 2, pad: int = 1) -> Batch:
    """The batch of some documents; what lies beyond the longest window is cut off."""
    coded = [tokenizer.encode(d.text) for d in docs]
    length = min(LONGEST, max(len(c[0]) for c in coded) + 2)
    count = max(len(d.sentences) for d in docs)
    b = len(docs)
    ids, mask = torch.full((b, length), pad), torch.zeros(b, length)
    segments = torch.full((b, length), -1)
    present, weight = torch.zeros(b, count, len(TYPES)), torch.zeros(b, count, len(TYPES))
    group, rows = [], []
    for row, (doc, (pieces, starts, ends)) in enumerate(zip(docs, coded, strict=True)):
        cut = pieces[: length - 2]
        ids[row, : len(cut) + 2] = torch.tensor([bos, *cut, eos])
        mask[row, : len(cut) + 2] = 1
        s = 0
        for i in range(len(cut)):
            while s + 1 < len(doc.sentences) and starts[i] >= doc.sentences[s + 1][0]:
                s += 1
            segments[row, i + 1] = s
        seen = set(segments[row].tolist())
        weight[row, [s for s in range(len(doc.sentences)) if s in seen]] = 1.0
        for e in doc.events:
            k = TYPES.index(e.type)
            told = [s for s in e.sentences if s in seen]
            if not told:
                continue
            weight[row, :, k] *= REPEAT
            present[row, told, k] = 1
            rows.append((row, told, k, e, (starts, ends)))
            if len(told) > 1:
                group.append((row, k, told))
        weight[row] = torch.where(present[row] > 0, 1.0, weight[row])
    n = len(rows)
    roles, role_weight, trigger = torch.zeros(n, 3, length), torch.zeros(n, 3, length), torch.zeros(n, length)
    for j, (row, _, _, e, tokens) in enumerate(rows):
        roles[j], role_weight[j] = role_targets(docs[row], e, tokens, length)
        if e.trigger:
            for i in spread(trigger[j], e.trigger, tokens, 1.0):
                trigger[j, i] = 1.0
    return Batch(
        ids, mask, segments, present, weight, group,
        torch.tensor([r[0] for r in rows], dtype=torch.long),
        torch.tensor([r[1][0] for r in rows], dtype=torch.long),
        torch.tensor([r[2] for r in rows], dtype=torch.long),
        torch.tensor([SLOTS.index((r[3].type, r[3].mode)) for r in rows], dtype=torch.long),
        torch.tensor([STATUSES.index(r[3].status) for r in rows], dtype=torch.long),
        roles, role_weight, trigger,
    )  # fmt: skip


def by_size(docs: list[Doc], budget: int, rng: random.Random) -> list[list[Doc]]:
    """Batches of similar length of about `budget` characters, in random order."""
    order = sorted(docs, key=lambda d: len(d.text) * rng.uniform(0.85, 1.15))
    out: list[list[Doc]] = [[]]
    for d in order:
        if out[-1] and (len(out[-1]) + 1) * len(d.text) > budget:
            out.append([])
        out[-1].append(d)
    rng.shuffle(out)
    return out
