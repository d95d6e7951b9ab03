"""What `varta eval dyads` measures: the PLOVER root of what a given source does to a given target in a sentence."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from services.knowledge.shared import shared
from services.language.words import words
from services.tagger.lexicon import key
from services.tagger.linear import LinearReader
from services.tagger.stage import Profile, coder

YIELD = ("CONCEDE", "RETREAT")  # one class of fifteen in such files


def evaluate(data: Path | None = None, profile: Profile = "accurate") -> dict[str, Any]:
    """Macro-F1 and per-class figures on a file with the columns sentence, source, target and gold_root."""
    path = data or shared("data", "plover_dyads_en", "train.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    missing = {"sentence", "source", "target", "gold_root"} - set(rows[0] if rows else [])
    if missing:
        raise ValueError(f"{path}: no column {', '.join(sorted(missing))}")
    found = predict([r["sentence"] for r in rows], [r["source"] for r in rows], [r["target"] for r in rows], profile)
    folds_yield = any(r["gold_root"] == "YIELD" for r in rows)
    if folds_yield:
        found = ["YIELD" if f in YIELD else f for f in found]
    return figures([r["gold_root"] for r in rows], found)


def predict(sentences: list[str], sources: list[str], targets: list[str], profile: Profile) -> list[str]:
    """The likeliest type of each sentence, given the words of its source and its target."""
    reader = coder(profile).reader
    if hasattr(reader, "dyad"):
        spans = [(_span(s, a), _span(s, b)) for s, a, b in zip(sentences, sources, targets, strict=True)]
        chances = reader.dyad(sentences, [a for a, _ in spans], [b for _, b in spans])
        return [max(c, key=lambda t: c[t]) if c else "ACCUSE" for c in chances]
    out = []
    for sentence in sentences:
        chances = reader.chances([key(w.text) for w in words(sentence)]) if isinstance(reader, LinearReader) else {}
        out.append(max(chances, key=lambda t: chances[t], default="ACCUSE"))
    return out


def _span(sentence: str, words_of: str) -> tuple[int, int] | None:
    at = sentence.find(words_of)
    return (at, at + len(words_of)) if words_of and at >= 0 else None


def figures(gold: list[str], found: list[str]) -> dict[str, Any]:
    """Macro-F1 over the classes of `gold`, accuracy, and precision, recall and F1 of each class."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for g, f in zip(gold, found, strict=True):
        counts[g][2] += 1
        counts[f][1] += 1
        counts[g][0] += g == f
    classes = sorted(set(gold))
    f1 = {c: 2 * counts[c][0] / (counts[c][1] + counts[c][2]) for c in classes}
    return {
        "sentences": len(gold),
        "macro-F1": round(sum(f1.values()) / max(1, len(classes)), 4),
        "accuracy": round(sum(g == f for g, f in zip(gold, found, strict=True)) / max(1, len(gold)), 4),
        "classes": {c: {"F1": round(f1[c], 3), "found": counts[c][1], "gold": counts[c][2]} for c in classes},
    }
