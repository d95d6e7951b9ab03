"""Train the mention tagger.

    nice -n 10 python -m training.mentions.train [--out models/mentions/mentions.npz] [--without ilner]

Features are `services.enricher.crf`'s. Every corpus marks names in its own way, so each feature exists
twice: once for all
corpora and once for the corpus at hand (Daumé, "Frustratingly easy domain adaptation"); what ships is the
sum of the common
weights and those of the project's own style, and the sums for the other corpora serve only to be measured on them.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pycrfsuite

from services.enricher import crf
from services.enricher.gazetteer import key, matches
from training.mentions import data

OWN_WEIGHT = 3  # the project's own articles count three times


def item_features(example: data.Example) -> list[list[str]]:
    """Features of each word, seen from up to `crf.REACH` places away."""
    texts = [w.text for w in example.words]
    keys = [key(t) for t in texts]
    tags = crf.places(texts, matches(example.words, keys, example.language == "hi"))
    own = [crf.word_features(t) + crf.place_features(g) for t, g in zip(texts, tags, strict=True)]
    pad = crf.word_features(crf.PAD)
    rows = []
    for i in range(len(texts)):
        row = []
        for offset in range(-crf.REACH, crf.REACH + 1):
            at = i + offset
            for name in own[at] if 0 <= at < len(own) else pad:
                if keep(offset, name):
                    row.append(f"{offset}:{name}")
        rows.append(row)
    return rows


def keep(offset: int, name: str) -> bool:
    """Fewer features of words farther away."""
    if abs(offset) == 2:
        return name[:2] in ("w=", "s=", "of", "na", "<>", "g=", "c=", "gi", "fa") and "&" not in name
    if name.startswith("S="):
        return not offset
    if abs(offset) == 1:
        return name[0] != "+" and not name.startswith(("-1", "-4", "n="))
    return True


def collect(without: set[str], holdout: int) -> list[data.Example]:
    found: list[data.Example] = []
    if "hiner" not in without:
        found += [e for i, e in enumerate(data.hiner()) if i % holdout]
    if "ilner" not in without:
        found += data.ilner()
    if "english" not in without:
        found += data.english_open()
    for path in data.articles():
        for example in data.own(path):
            found += [example] * OWN_WEIGHT
    return found


def train(examples: list[data.Example], path: str, rounds: int, algorithm: str) -> None:
    seen: Counter[str] = Counter()
    rows = []
    for example in examples:
        feats = item_features(example)
        for row in feats:
            seen.update(row)
        rows.append(feats)
    trainer = pycrfsuite.Trainer(algorithm=algorithm, verbose=False)
    penalty = {"c1": 0.08, "c2": 0.02} if algorithm == "lbfgs" else {}
    trainer.set_params({**penalty, "max_iterations": rounds, "feature.possible_transitions": True})
    for example, feats in zip(examples, rows, strict=True):
        items = []
        for row in feats:
            kept = [name for name in row if seen[name] > 1]
            items.append(
                kept
                + [f"{example.corpus}|{name}" for name in kept if name[1 + name.index(":") :][:2] not in ("-1", "+2")]
            )
        trainer.append(items, example.labels)
    rows.clear()
    trainer.train(path)


def export(path: str, style: str) -> tuple[list[str], crf.Scores, crf.Scores]:
    """Feature names, weights and steps of the common model with the style of one corpus added ("" for none)."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    column = {label: i for i, label in enumerate(crf.LABELS)}
    table: dict[str, np.ndarray] = {}
    for (name, label), weight in info.state_features.items():
        corpus, bar, rest = name.partition("|")
        if bar and ":" not in corpus:
            if corpus != style:
                continue
            name = rest
        table.setdefault(name, np.zeros(len(crf.LABELS), dtype=np.float32))[column[label]] += weight
    table = {name: row for name, row in table.items() if np.abs(row).max() > 0.02}
    steps = np.zeros((len(crf.LABELS), len(crf.LABELS)), dtype=np.float32)
    for (before, after), weight in info.transitions.items():
        steps[column[before], column[after]] = weight
    for i, before in enumerate(crf.LABELS):
        for j, after in enumerate(crf.LABELS):
            if after[0] == "I" and before[2:] != after[2:]:
                steps[i, j] = -100.0
    names = sorted(table)
    return *crf.by_name(names, np.stack([table[n] for n in names])), steps


def f1(tagger: crf.Tagger, examples: list[data.Example]) -> dict[str, tuple[float, float, float]]:
    """Exact precision, recall and F1 by kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        texts = [w.text for w in example.words]
        keys = [key(t) for t in texts]
        tags = crf.places(texts, matches(example.words, keys, example.language == "hi"))
        got = set(crf.decode(tagger.tag([(texts, tags)])[0]))
        gold = set(crf.decode([crf.LABELS.index(x) for x in example.labels]))
        for kind in ("PER", "LOC", "ORG"):
            counts[kind, "hit"] += sum(1 for g in gold & got if g[2] == kind)
            counts[kind, "got"] += sum(1 for g in got if g[2] == kind)
            counts[kind, "gold"] += sum(1 for g in gold if g[2] == kind)
    out = {}
    for kind in ("PER", "LOC", "ORG", "all"):
        hit, n, m = (
            sum(v for (k, w), v in counts.items() if w == what and kind in (k, "all"))
            for what in ("hit", "got", "gold")
        )
        p, r = hit / max(1, n), hit / max(1, m)
        out[kind] = (p, r, 2 * p * r / max(1e-9, p + r))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="models/mentions/mentions.npz")
    parser.add_argument("--work", default="/tmp/mentions.crfsuite", help="where crfsuite writes its own file")
    parser.add_argument("--without", default="", help="corpora to leave out, comma-separated")
    parser.add_argument("--rounds", type=int, default=14)
    parser.add_argument("--algorithm", default="ap", choices=("lbfgs", "ap"))
    parser.add_argument("--holdout", type=int, default=10, help="every Nth HiNER sentence is measured on instead")
    args = parser.parse_args()
    began = time.perf_counter()
    examples = collect(set(args.without.split(",")), args.holdout)
    print(len(examples), "sentences", sum(len(e.words) for e in examples), "words", flush=True)
    train(examples, args.work, args.rounds, args.algorithm)
    print(f"trained in {time.perf_counter() - began:.0f} s", flush=True)
    held = [e for i, e in enumerate(data.hiner()) if not i % args.holdout]
    sets = {
        "hiner": [("HiNER held out", held)], "ilner": [("IL-NER dev", list(data.ilner("dev")))],
        "": [("HiNER held out, common", held), ("IL-NER dev, common", list(data.ilner("dev"))),
        ("CoNLL-2003 valid", list(data.conll2003()))],
        "own": [],
    }  # fmt: skip
    for style, tests in sets.items():
        names, weights, steps = export(args.work, style)
        tagger = crf.Tagger({n: i for i, n in enumerate(names)}, weights, steps)
        for title, test in tests:
            shown = "  ".join(f"{k} {p:.3f}/{r:.3f}/{f:.3f}" for k, (p, r, f) in f1(tagger, test).items())
            print(f"{title:<24}{shown}", flush=True)
        if style == "own":
            crf.save(Path(args.out), names, weights, steps)
            print(len(names), "features,", Path(args.out).stat().st_size // 1024, "KiB")


if __name__ == "__main__":
    main()
