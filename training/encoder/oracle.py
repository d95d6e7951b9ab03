"""How well the reader reads, given the sentences and the gold mentions: no coding, no linking, no merging.

python oracle.py BASE MODEL FILE...
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import batches
import e5
import torch
from gold import SLOTS, STATUSES, TYPES, Doc, Span, read
from net import Reader, States

from services.tagger.unigram import Unigram

ALLOWED = torch.tensor([[t == s for s, _ in SLOTS] for t in TYPES])


@dataclass
class Read:
    """One document as read: presence [S, 16], modes [S, 16, slots], statuses [S, 16, 5], roles [S, 16, 3, T] logits."""

    presence: torch.Tensor
    modes: torch.Tensor
    statuses: torch.Tensor
    attention: torch.Tensor
    states: States
    segments: torch.Tensor
    starts: list[int]
    ends: list[int]
    row: int

    def roles(self, model: Reader, sentence: int, kind: int) -> torch.Tensor:
        one = torch.tensor([self.row]), torch.tensor([sentence]), torch.tensor([kind])
        return model.roles(self.states, self.segments, *one)[0]

    def span(self, scores: torch.Tensor, span: Span) -> torch.Tensor:
        """Mean of token scores [..., T] over a span; -9 where it was cut off."""
        at = [i + 1 for i in range(len(self.starts)) if self.starts[i] < span[1] and self.ends[i] > span[0]]
        at = [i for i in at if i < scores.shape[-1]]
        return scores[..., at].mean(-1) if at else torch.full(scores.shape[:-1], -9.0)


@torch.no_grad()
def read_docs(model: Reader, tokenizer: Unigram, docs: list[Doc], size: int = 16) -> list[Read]:
    """Every document read, in order."""
    model.eval()
    out: list[Read | None] = [None] * len(docs)
    order = sorted(range(len(docs)), key=lambda i: len(docs[i].text))
    for at in range(0, len(order), size):
        chosen = order[at : at + size]
        b = batches.make([docs[i] for i in chosen], tokenizer)
        s = model(b.ids, b.mask, b.segments, b.present.shape[1])
        modes = model.mode(s.pooled).masked_fill(~ALLOWED, -1e4).softmax(-1)
        statuses = model.status(s.pooled).softmax(-1)
        for row, i in enumerate(chosen):
            n = len(docs[i].sentences)
            _, starts, ends = tokenizer.encode(docs[i].text)
            out[i] = Read(
                s.presence[row, :n].sigmoid(),
                modes[row, :n],
                statuses[row, :n],
                s.attention[row, :n],
                s,
                b.segments,
                starts,
                ends,
                row,
            )
    return [r for r in out if r]


def candidates(doc: Doc) -> list[tuple[Span, str]]:
    """Spans that could be parties, with a name each."""
    return [(s, n) for s, _, n in doc.mentions] + [(s, doc.text[slice(*s)].casefold()) for s in doc.descriptions]


def measure(model: Reader, tokenizer: Unigram, docs: list[Doc]) -> dict[str, float]:
    """Type F1 at the best threshold, status and mode accuracy of gold acts, role F1 over candidates."""
    reads = read_docs(model, tokenizer, docs)
    scored: list[tuple[float, int, float]] = []
    right = {"mode": 0, "status": 0}
    rare = [0, 0]
    n = lost = 0
    tp = {r: [0, 0, 0] for r in range(2)}
    for doc, r in zip(docs, reads, strict=True):
        told = {}
        for j, e in enumerate(doc.events):
            for s in e.sentences:
                told.setdefault((s, TYPES.index(e.type)), []).append(j)
        claimed: set[int] = set()
        flat = sorted(
            ((float(r.presence[s, k]), s, k) for s in range(len(doc.sentences)) for k in range(len(TYPES))),
            reverse=True,
        )
        for p, s, k in flat:
            if p < 0.05:
                break
            events = told.get((s, k), [])
            if events and all(j in claimed for j in events):
                continue  # the second sentence of one event: merged later
            scored.append((p, len([j for j in events if j not in claimed]), p))
            claimed.update(events)
        lost += len(doc.events)
        for e in doc.events:
            k = TYPES.index(e.type)
            s = max(e.sentences, key=lambda s: float(r.presence[s, k]))
            n += 1
            right["mode"] += SLOTS[int(r.modes[s, k].argmax())][1] == e.mode
            hit = STATUSES[int(r.statuses[s, k].argmax())] == e.status
            right["status"] += hit
            if e.status != "actual":
                rare[0] += hit
                rare[1] += 1
            scores = r.roles(model, s, k)
            for role, name in enumerate(("actor", "recipient")):
                parties = e.roles[name]
                if parties is None:
                    continue
                by_name: dict[str, float] = {}
                for span, who in candidates(doc):
                    by_name[who] = max(by_name.get(who, -9.0), float(r.span(scores[role], span)))
                gold_names = {
                    next((w for sp, w in candidates(doc) if sp == spans[0]), "?") for spans in parties if spans
                }
                guess = {w for w, v in by_name.items() if v > 0}
                tp[role][0] += len(guess & gold_names)
                tp[role][1] += len(guess)
                tp[role][2] += len(gold_names)
    scored.sort(reverse=True)
    best, at, hits = 0.0, 0.0, 0
    for i, (p, found, _) in enumerate(scored, 1):
        hits += found
        f = 2 * hits / (max(i, hits) + lost)
        if f > best:
            best, at = f, p
    out = {"type_f1": best, "threshold": at, "mode": right["mode"] / max(n, 1), "status": right["status"] / max(n, 1)}
    out["status_rare"] = rare[0] / max(rare[1], 1)
    for role, name in enumerate(("actor", "recipient")):
        out[name] = 2 * tp[role][0] / max(1, tp[role][1] + tp[role][2])
    return out


def report(model: Reader, tokenizer: Unigram, docs: list[Doc]) -> str:
    """The figures a language, on one line."""
    parts = []
    for language in ("hi", "en"):
        m = measure(model, tokenizer, [d for d in docs if d.language == language])
        parts.append(language + " " + " ".join(f"{k} {v:.3f}" for k, v in m.items()))
    return " | ".join(parts)


def load(base: Path, path: Path) -> tuple[Reader, Unigram]:
    """A trained reader."""
    saved = torch.load(path / "reader.pt")
    encoder, tokenizer = e5.load(base, [int(x) for x in saved["layers"].split(",")])
    model = Reader(encoder)
    model.load_state_dict(saved["state"], strict=False)
    return model.eval(), tokenizer


if __name__ == "__main__":
    reader, pieces = load(Path(sys.argv[1]), Path(sys.argv[2]))
    print(report(reader, pieces, read([Path(f) for f in sys.argv[3:]])))
