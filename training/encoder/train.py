"""Train the reader.

    python train.py BASE OUT --articles F... --sentences F... [--holdout 7 | --fold K/N] [--epochs 8] ...

BASE is a folder of `e5.py prune`; OUT gets `reader.pt`. With --holdout 7 one article in seven (by id) is kept for
measuring; with --fold 0/2 every second article is left out, and its readings are written by `oof.py`.
"""

from __future__ import annotations

import argparse
import copy
import random
import time
import zlib
from pathlib import Path

import batches
import e5
import oracle
import torch
import torch.nn.functional as F
from augment import Names, pack
from gold import SLOTS, STATUSES, TYPES, Doc, read
from net import Reader

from services.tagger.unigram import Unigram

ALLOWED = torch.tensor([[t == s for s, _ in SLOTS] for t in TYPES])


def side(doc: Doc, n: int) -> int:
    """The fold of a document: by its id, so that it stays when data is added."""
    return zlib.crc32(doc.id.encode()) % n


def loss(
    model: Reader, b: batches.Batch, status_weight: torch.Tensor, type_weight: torch.Tensor
) -> dict[str, torch.Tensor]:
    """The heads' losses on a batch."""
    s = model(b.ids, b.mask, b.segments, b.present.shape[1])
    present, row_sentence = b.present.clone(), b.sentence.clone()
    with torch.no_grad():  # an event told over several sentences need only be seen in the clearest
        for row, k, told in b.group:
            best = told[int(s.presence[row, told, k].argmax())]
            for t in told:
                if t != best:
                    b.weight[row, t, k] = 0.0
            row_sentence[(b.row == row) & (b.kind == k) & (b.sentence == told[0])] = best
    bce = F.binary_cross_entropy_with_logits(s.presence, present, reduction="none", pos_weight=type_weight)
    out = {"type": (bce * b.weight).sum() / (b.weight[..., 0] > 0).sum()}
    if len(b.row):
        h = s.pooled[b.row, row_sentence, b.kind]
        mode = model.mode(h).masked_fill(~ALLOWED[b.kind], -1e4)
        out["mode"] = F.cross_entropy(mode, b.mode, label_smoothing=0.0)
        out["status"] = F.cross_entropy(model.status(h), b.status, weight=status_weight)
        logits = model.roles(s, b.segments, b.row, row_sentence, b.kind)
        bce = F.binary_cross_entropy_with_logits(logits, b.roles, reduction="none")
        out["role"] = (bce * b.role_weight).sum() / len(b.row)
        marked = b.trigger.sum(1) > 0
        if marked.any():
            looks = s.attention[b.row, row_sentence, b.kind][marked]
            out["trigger"] = -(looks * b.trigger[marked]).sum(1).clamp_min(1e-6).log().mean()
    return out


SHARES = {"type": 1.0, "mode": 0.5, "status": 0.5, "role": 0.7, "trigger": 0.15}


def groups(model: Reader, lr: float, head_lr: float, decay: float) -> list[dict]:
    """Parameter groups: heads fast, layers slower towards the bottom; word and position tables stay."""
    encoder = model.encoder
    for p in (*encoder.word.parameters(), *encoder.pos.parameters(), *encoder.ln.parameters()):
        p.requires_grad = False
    n = len(encoder.layers)
    out = [
        {"params": list(layer.parameters()), "lr": lr * decay ** (n - 1 - i)} for i, layer in enumerate(encoder.layers)
    ]
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    return [*out, {"params": heads, "lr": head_lr}]


def train(
    model: Reader, tokenizer: Unigram, articles: list[Doc], loose: list[Doc], a: argparse.Namespace, held: list[Doc]
) -> Reader:
    """Train; returns the exponential average of the weights."""
    rng = random.Random(a.seed)
    names = Names(a.entities) if a.entities else None
    status = torch.zeros(len(STATUSES))
    kinds = torch.zeros(len(TYPES))
    for d in articles + loose:
        for e in d.events:
            status[STATUSES.index(e.status)] += 1
            kinds[TYPES.index(e.type)] += 1
    status = (status.max() / status) ** 0.35
    kinds = ((kinds.mean() / kinds) ** 0.5).clamp(0.7, 1.6)
    optimiser = torch.optim.AdamW(groups(model, a.lr, a.head_lr, a.decay), weight_decay=0.01)
    steps, warm = 0, 0.08
    start = time.time()
    total = (
        a.epochs
        * (sum(len(d.text) for d in articles) * a.articles_times + sum(len(d.text) for d in loose))
        / a.budget
        * 1.12
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / (warm * total)) * max(0.02, 1 - s / total)
    )
    average = copy.deepcopy(model)
    for epoch in range(a.epochs):
        docs = []
        for _ in range(a.articles_times):
            docs += [names.swap(d, a.swap, rng) if names and rng.random() < 0.7 else d for d in articles]
        docs += pack(loose, a.pack, rng)
        sums: dict[str, float] = {}
        model.train()
        plan = batches.by_size(docs, a.budget, rng)
        for chosen in plan:
            parts = loss(model, batches.make(chosen, tokenizer), status, kinds)
            whole = sum(SHARES[k] * v for k, v in parts.items())
            optimiser.zero_grad()
            whole.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            steps += 1
            keep = min(a.ema, steps / (steps + 10))
            with torch.no_grad():
                for p, q in zip(average.parameters(), model.parameters(), strict=True):
                    if q.requires_grad:
                        p.lerp_(q, 1 - keep)
            for k, v in parts.items():
                sums[k] = sums.get(k, 0.0) + float(v.detach())
        line = " ".join(f"{k} {v / len(plan):.3f}" for k, v in sums.items())
        print(f"epoch {epoch + 1}/{a.epochs} step {steps}/{total:.0f} {time.time() - start:.0f} s: {line}", flush=True)
        if held and ((epoch + 1) % a.every == 0 or epoch + 1 == a.epochs):
            print("   held out:", oracle.report(average, tokenizer, held), flush=True)
    return average


def arguments() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("base", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--articles", type=Path, nargs="*", default=[])
    p.add_argument("--sentences", type=Path, nargs="*", default=[])
    p.add_argument("--entities", type=Path, help="entities.jsonl, for other names in the same places")
    p.add_argument("--layers", default="0,1,2,3,4,5", help="which of the base's layers to keep")
    p.add_argument("--start", type=Path, help="a trained model to go on from")
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--articles-times", type=int, default=1, help="articles are seen so often an epoch")
    p.add_argument("--lr", type=float, default=2.5e-4)
    p.add_argument("--head-lr", type=float, default=1e-3)
    p.add_argument("--decay", type=float, default=0.9)
    p.add_argument("--drop", type=float, default=0.1)
    p.add_argument("--swap", type=float, default=0.5)
    p.add_argument("--pack", type=int, default=6)
    p.add_argument("--ema", type=float, default=0.985)
    p.add_argument("--budget", type=int, default=3600, help="characters a batch")
    p.add_argument("--holdout", type=int, default=0, help="leave out one article of this many")
    p.add_argument("--fold", default="", help="K/N: leave out fold K of N")
    p.add_argument("--every", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    return p


def main() -> None:
    a = arguments().parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    articles, loose = read(a.articles), read(a.sentences)
    k, n = map(int, a.fold.split("/")) if a.fold else (0, a.holdout)
    held = [d for d in articles if n and side(d, n) == k]
    articles = [d for d in articles if not n or side(d, n) != k]
    encoder, tokenizer = e5.load(a.base, [int(x) for x in a.layers.split(",")])
    model = Reader(encoder, a.drop)
    if a.start:
        model.load_state_dict(torch.load(a.start / "reader.pt")["state"], strict=False)
    encoder.drop = a.drop
    torch.set_flush_denormal(True)
    print(f"{len(articles)} articles, {len(loose)} sentences, {len(held)} held out; {a}", flush=True)
    model = train(model, tokenizer, articles, loose, a, held)
    a.out.mkdir(parents=True, exist_ok=True)
    torch.save({"state": model.state_dict(), "layers": a.layers, "fold": a.fold}, a.out / "reader.pt")


if __name__ == "__main__":
    main()
