"""Makes models/topics: a prototype vector a Media Topic and the coefficients that weigh the evidence for it.

    python train.py OUT_DIR

Prototypes are means of the static vectors of each topic's own words (services/enricher/data/topic_words.tsv). Four
coefficients, the same for every topic, are fitted by logistic regression on half of the pages of FLORES-200 devtest
(CC BY-SA 4.0), in both languages, whose subject lines are mapped to top-level topics; the other half is what `varta
eval enricher` measures.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from services.enricher import evaluation, topics
from services.enricher.fingerprint import vectors
from services.knowledge import mediatopics
from services.language.tokens import Tokens

CARD = """# Topic model

`topics.npz`: {n} IPTC Media Topics, a prototype of 256 dimensions each in the space of models/vectors, the mean
document, and four coefficients shared by all topics (words said, their share among the words of all topics, likeness
to the prototype, constant).

- Made by `training/topics/train.py` from the project's own word table (CC0), models/vectors (CC BY-SA 4.0) and half
  of FLORES-200 devtest (CC BY-SA 4.0). The file is under CC BY-SA 4.0.
- Size: {size:.0f} kB.

On the other half of FLORES-200 (measured by `varta eval enricher`):

{table}
"""


def prototypes(mean: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Topic ids and unit vectors: the mean of the vectors of a topic's words, with those of the topics below it."""
    model = vectors()
    words: dict[str, Counter[str]] = {}
    for entries in topics.seeds().values():
        for keys, ids in entries:
            for topic in ids:
                for ancestor in mediatopics.lineage(topic):
                    words.setdefault(ancestor.id, Counter()).update(k for k in keys if k in model.rows)
    ids = sorted(words)
    rows = []
    for topic in ids:
        index = [model.rows[k] for k in words[topic]]
        vector = (model.weights[index, None] * model.vectors[index].astype(np.float32)).sum(0)
        vector = vector / np.linalg.norm(vector) - mean
        rows.append(vector / np.linalg.norm(vector))
    return ids, np.array(rows, np.float32)


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method with a little ridge."""
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (y - p) - 1e-2 * beta
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-2 * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def main(out: Path) -> None:
    documents = [d for d in evaluation.subjects() if d.training]
    keyed = [Tokens(d.text).keys for d in documents]
    placed = [vectors().document(keys) for keys in keyed]
    mean = np.mean([v for v in placed if v is not None], axis=0).astype(np.float32)
    ids, rows = prototypes(mean)
    model = topics.Model(tuple(ids), rows, mean, np.zeros(4))
    top = [i for i, topic in enumerate(ids) if mediatopics.table()[topic].level == 1]
    x = np.concatenate([model.evidence(keys, v)[top] for keys, v in zip(keyed, placed, strict=True)])
    y = np.concatenate([[float(ids[i] in d.topics) for i in top] for d in documents])
    out.mkdir(parents=True, exist_ok=True)
    path = out / "topics.npz"
    np.savez_compressed(path, ids=np.array(ids), prototypes=rows.astype(np.float16), mean=mean, coefficients=fit(x, y))
    table = evaluation.subjects_found(topics.Model.load(path)).markdown()
    card = CARD.format(n=len(ids), size=path.stat().st_size / 1e3, table=table)
    (out / "README.md").write_text(card, encoding="utf-8")
    print(fit(x, y))
    print(card)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
