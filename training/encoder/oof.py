"""Readings of articles by models that never saw them, for classifiers trained on top of the reader.

    python oof.py OUT.jsonl --fold K/N MODEL_DIR ... --articles F...

MODEL_DIR is a folder of `export.py`, trained with `train.py --fold K/N`; each article is read by the model of its own
fold. One line an article: its id, fold, sentences, candidates (start, end, what: name or description, the mention's
canonical name or null) and acts as in services/tagger/acts.py.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from gold import DESCRIPTORS, Doc, describe, read
from train import side

from services.tagger.acts import Text
from services.tagger.encoder import Encoder


def candidates(doc: Doc) -> list[tuple[int, int, str, str | None]]:
    """Mentions, then descriptions found by their head nouns, that overlap no earlier one."""
    out: list[tuple[int, int, str, str | None]] = [(a, b, "name", n) for (a, b), _, n in doc.mentions]
    for a, b in sorted({s for noun in DESCRIPTORS for s in describe(doc.text, doc.language, noun)}):
        if all(b <= x or y <= a for x, y, _, _ in out):
            out.append((a, b, "description", None))
    return sorted(out)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=Path)
    p.add_argument("--fold", nargs=2, action="append", required=True, metavar=("K/N", "MODEL_DIR"))
    p.add_argument("--articles", type=Path, nargs="+", required=True)
    a = p.parse_args()
    docs = read(a.articles)
    with a.out.open("w", encoding="utf-8") as out:
        for fold, folder in a.fold:
            k, n = map(int, fold.split("/"))
            mine = [d for d in docs if side(d, n) == k]
            spans = [candidates(d) for d in mine]
            texts = [
                Text(d.text, tuple(d.sentences), tuple((c[0], c[1]) for c in cs), d.language)
                for d, cs in zip(mine, spans, strict=True)
            ]
            for d, cs, acts in zip(mine, spans, Encoder(Path(folder)).read(texts), strict=True):
                record = {"id": d.id, "language": d.language, "fold": k, "sentences": d.sentences, "candidates": cs}
                record["acts"] = [asdict(act) for act in acts]
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"{len(docs)} articles")


if __name__ == "__main__":
    main()
