"""How well the reader reads, given the sentences and the gold mentions: no coding, no linking, no merging.

    python oracle.py MODEL_DIR FILE... [--out docs/accuracy/encoder.md]

MODEL_DIR is a folder of `export.py`. Type F1 counts an event once, at the best threshold of each language; mode and
status are those of the gold act where the gold says it stands; roles are scored over the record's mentions and
descriptions at 0.5.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import batches
import e5
import torch
from gold import SLOTS, STATUSES, TYPES, Doc, Span, read
from net import Reader

from services.tagger.acts import Act, Text
from services.tagger.encoder import Encoder
from services.tagger.unigram import Unigram

ALLOWED = torch.tensor([[t == s for s, _ in SLOTS] for t in TYPES])


def candidates(doc: Doc) -> list[tuple[Span, str]]:
    """Spans that could be parties, with a name each."""
    return [(s, n) for s, _, n in doc.mentions] + [(s, doc.text[slice(*s)].casefold()) for s in doc.descriptions]


def text(doc: Doc) -> Text:
    """The document as the product's readers take it."""
    return Text(doc.text, tuple(doc.sentences), tuple(s for s, _ in candidates(doc)), doc.language)


@torch.no_grad()
def trained(model: Reader, tokenizer: Unigram, docs: list[Doc], size: int = 16) -> list[list[Act]]:
    """All acts of each document as the PyTorch model sees them."""
    model.eval()
    out: list[list[Act]] = [[] for _ in docs]
    order = sorted(range(len(docs)), key=lambda i: len(docs[i].text))
    for at in range(0, len(order), size):
        chosen = order[at : at + size]
        b = batches.make([docs[i] for i in chosen], tokenizer)
        s = model(b.ids, b.mask, b.segments, b.present.shape[1])
        modes = model.mode(s.pooled).masked_fill(~ALLOWED, -1e4).softmax(-1)
        statuses = model.status(s.pooled).softmax(-1)
        for row, i in enumerate(chosen):
            _, starts, ends = tokenizer.encode(docs[i].text)
            limit = b.ids.shape[1]
            spans = [
                [j + 1 for j in range(len(starts)) if starts[j] < q and ends[j] > p and j + 1 < limit]
                for (p, q), _ in candidates(docs[i])
            ]
            n = len(docs[i].sentences)
            pairs = [(t, k) for t in range(n) for k in range(len(TYPES))]
            acts, kinds = torch.tensor([p for p, _ in pairs]), torch.tensor([k for _, k in pairs])
            scores = model.roles(s, b.segments, torch.full_like(acts, row), acts, kinds)
            means = [scores[..., p].mean(-1).sigmoid() if p else torch.zeros(scores.shape[:2]) for p in spans]
            for j, (t, k) in enumerate(pairs):
                own = {m: float(modes[row, t, k, x]) for x, (kind, m) in enumerate(SLOTS) if kind == TYPES[k]}
                status = dict(zip(STATUSES, statuses[row, t, k].tolist(), strict=True))
                actor, recipient = ([float(m[j, r]) for m in means] for r in (0, 1))
                probability = float(s.presence[row, t, k].sigmoid())
                out[i].append(Act(t, TYPES[k], probability, None, own, status, actor, recipient))
    return out


def best(chances: dict[str, float]) -> str:
    """The likeliest."""
    return max(chances, key=chances.__getitem__)


def types(docs: list[Doc], read_acts: list[list[Act]]) -> tuple[float, float]:
    """The best F1 of event types over all thresholds, and that threshold; an event's second sentence is no error."""
    scored: list[tuple[float, int]] = []
    total = sum(len(d.events) for d in docs)
    for doc, acts in zip(docs, read_acts, strict=True):
        told: dict[tuple[int, str], set[int]] = {}
        for j, e in enumerate(doc.events):
            for s in e.sentences:
                told.setdefault((s, e.type), set()).add(j)
        claimed: set[int] = set()
        for act in sorted(acts, key=lambda a: -a.probability):
            events = told.get((act.sentence, act.event_type), set())
            if act.probability < 0.05 or (events and events <= claimed):
                continue
            scored.append((act.probability, len(events - claimed)))
            claimed |= events
    top, at, hits = 0.0, 0.0, 0
    for i, (p, found) in enumerate(sorted(scored, reverse=True), 1):
        hits += found
        top, at = max((top, at), (2 * hits / (max(i, hits) + total), p))
    return top, at


def measure(docs: list[Doc], read_acts: list[list[Act]]) -> dict[str, float]:
    """Type F1 and its threshold, accuracy of mode and status, F1 of actors and recipients."""
    n, mode, status = 0, 0, 0
    counts = {"actor": [0, 0, 0], "recipient": [0, 0, 0]}
    for doc, acts in zip(docs, read_acts, strict=True):
        by_place = {(a.sentence, a.event_type): a for a in acts}
        spans = candidates(doc)
        named = dict(spans)
        for e in doc.events:
            act = max((by_place[s, e.type] for s in e.sentences), key=lambda a: a.probability)
            n, mode, status = n + 1, mode + (best(act.modes) == e.mode), status + (best(act.statuses) == e.status)
            for role, scores in (("actor", act.actor), ("recipient", act.recipient)):
                parties = e.roles[role]
                if parties is None:
                    continue
                gold = {named[s[0]] for s in parties if s}
                found = {who for (_, who), score in zip(spans, scores, strict=True) if score > 0.5}
                for i, size in enumerate((len(gold & found), len(found), len(gold))):
                    counts[role][i] += size
    f1, at = types(docs, read_acts)
    out = {"type F1": f1, "at": at, "mode": mode / max(n, 1), "status": status / max(n, 1)}
    return out | {role: 2 * c[0] / max(1, c[1] + c[2]) for role, c in counts.items()}


def report(model: Reader, tokenizer: Unigram, docs: list[Doc]) -> str:
    """The figures of a model in training a language, on one line."""
    parts = []
    for language in ("hi", "en"):
        chosen = [d for d in docs if d.language == language]
        m = measure(chosen, trained(model, tokenizer, chosen))
        parts.append(language + " " + " ".join(f"{k} {v:.3f}" for k, v in m.items()))
    return " | ".join(parts)


def load(base: Path, path: Path) -> tuple[Reader, Unigram]:
    """A trained reader."""
    saved = torch.load(path / "reader.pt")
    encoder, tokenizer = e5.load(base, [int(x) for x in saved["layers"].split(",")])
    model = Reader(encoder)
    model.load_state_dict(saved["state"], strict=False)
    return model.eval(), tokenizer


def table(folder: Path, files: list[Path]) -> str:
    """The figures of an exported model as a Markdown table."""
    docs, encoder = read(files), Encoder(folder, floor=0.0)
    rows = []
    for language, name in (("hi", "Hindi"), ("en", "English")):
        chosen = [d for d in docs if d.language == language]
        m = measure(chosen, encoder.read([text(d) for d in chosen]))
        cells = [name, str(len(chosen)), str(sum(len(d.events) for d in chosen)), *(f"{v:.3f}" for v in m.values())]
        rows.append("| " + " | ".join(cells) + " |")
    head = "| language | articles | events | type F1 | at probability | mode | status | actor F1 | recipient F1 |"
    return "\n".join([head, "|---" * 9 + "|", *rows]) + "\n"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("files", type=Path, nargs="+")
    p.add_argument("--out", type=Path, help="a Markdown file whose table is replaced")
    a = p.parse_args()
    found = table(a.model, a.files)
    print(found)
    if a.out:
        lines = a.out.read_text(encoding="utf-8").splitlines(keepends=True)
        rest = [line for line in lines if not line.startswith("|")]
        at = next(i for i, line in enumerate(lines) if line.startswith("|"))
        a.out.write_text("".join([*rest[:at], found, *rest[at:]]), encoding="utf-8")


if __name__ == "__main__":
    main()
