"""Trains the fast reader (models/tagger/linear.npz) and writes its out-of-fold predictions.

Run with scikit-learn:  PYTHONPATH=.:training/tagger python training/tagger/train_linear.py --work FOLDER [--folds-only]
"""

import argparse
import pickle
from pathlib import Path

import gold
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from services.language.words import words
from services.tagger.features import MAX_WORDS, sentence_features, status_features
from services.tagger.lexicon import key
from services.tagger.linear import MODE_NAMES, STATUSES, LinearReader, meaning_of, trigger_range
from services.tagger.ontology import TYPES

BITS = {"type": 17, "mode": 15, "status": 16}
FOLDS = 5
MEANING, MODE_MEANING = 3.0, 5.0  # weight of the sentence's vector beside its words


def fold_of(identity: str) -> int:
    return gold_hash(identity) % FOLDS


def gold_hash(identity: str) -> int:
    from zlib import crc32

    return crc32(identity.encode())


def instances():
    """Sentences with acts: {fold, keys, acts: [(type, mode, status, trigger word range or None)]}."""
    rows = []
    for record in gold.train_records():
        article = gold.enrich(record)
        per = [[] for _ in article.sentences]
        for e in record["events"]:
            for s in gold.sentences_of(article, e["evidence"]):
                per[s].append((e["event_type"], e["event_mode"] or "", e["status"], None))
        for s, acts in zip(article.sentences, per, strict=True):
            keys = [key(w.text) for w in words(article.text, s.start, s.end)][:MAX_WORDS]
            if len(keys) > 2:
                rows.append({"fold": fold_of(record["id"]), "keys": keys, "acts": acts, "article": True})
    for record in gold.dyad_records():
        ws = words(record["text"])[:MAX_WORDS]
        acts = []
        for a in record["acts"]:
            at = record["text"].find(a["trigger"])
            inside = [i for i, w in enumerate(ws) if w.start < at + len(a["trigger"]) and w.end > at]
            acts.append(
                (a["event_type"], a["event_mode"] or "", a["status"], (inside[0], inside[-1]) if inside else None)
            )
        rows.append({"fold": fold_of(record["id"]), "keys": [key(w.text) for w in ws], "acts": acts, "article": False})
    return rows


def matrix(feature_lists, bits):
    mask = (1 << bits) - 1
    indices, pointer = [], [0]
    for features in feature_lists:
        ids = np.unique(np.asarray(features, dtype=np.int64) & mask)
        indices.append(ids)
        pointer.append(pointer[-1] + len(ids))
    return csr_matrix(
        (np.ones(pointer[-1], dtype=np.float32), np.concatenate(indices), pointer), shape=(len(feature_lists), mask + 1)
    )


def fit(x, y, weight=None, c=1.0):
    if y.min() == y.max():
        return np.zeros(x.shape[1]), -6.0
    model = LogisticRegression(C=c, solver="liblinear", max_iter=200, tol=1e-3, intercept_scaling=10)
    model.fit(x, y, sample_weight=weight)
    return model.coef_[0], model.intercept_[0]


def quantized(columns):
    """int8 weights with one scale a column; weights too small to matter become zero."""
    w = np.stack([c for c, _ in columns], axis=1).astype(np.float32)
    scale = np.abs(w).max(axis=0) / 127 + 1e-9
    q = np.round(w / scale).astype(np.int8)
    return q, scale.astype(np.float32), np.asarray([b for _, b in columns], dtype=np.float32)


def train(rows, path):
    flat = [[h for own in sentence_features(r["keys"]) for h in own] for r in rows]
    x = matrix(flat, BITS["type"])
    dense = MEANING * np.stack([v if (v := meaning_of(r["keys"])) is not None else np.zeros(256) for r in rows])
    both = hstack([x, csr_matrix(dense)]).tocsr()
    columns, meaning = [], []
    for t in TYPES:
        y = np.asarray([any(a[0] == t for a in r["acts"]) for r in rows], dtype=int)
        w, b = fit(both, y, weight=1.0 + 2.0 * y, c=1.5)
        columns.append((w[: x.shape[1]], b))
        meaning.append(MEANING * w[x.shape[1] :])
    tw, ts, tb = quantized(columns)
    xm = matrix(flat, BITS["mode"])
    both = hstack([xm, csr_matrix(dense / MEANING * MODE_MEANING)]).tocsr()
    columns, mode_meaning = [], []
    for t, m in MODE_NAMES:
        of_type = np.asarray([i for i, r in enumerate(rows) if any(a[0] == t for a in r["acts"])])
        y = np.asarray([any(a[:2] == (t, m) for a in rows[i]["acts"]) for i in of_type], dtype=int)
        if y.min() == y.max():
            w, b = np.zeros(both.shape[1]), 3.0 if y.max() else -6.0
        else:
            w, b = fit(both[of_type], y, c=0.5)
        columns.append((w[: xm.shape[1]], b))
        mode_meaning.append(MODE_MEANING * w[xm.shape[1] :])
    mw, ms, mb = quantized(columns)
    table = tw.astype(np.float32) * ts
    mask = (1 << BITS["type"]) - 1
    features, labels = [], []
    for r in rows:
        by_word = sentence_features(r["keys"])
        for t, _, status, where in r["acts"]:
            if where is None:
                by = np.asarray([table[np.asarray(f) & mask, TYPES.index(t)].sum() for f in by_word])
                where = trigger_range(by)
            features.append(status_features(r["keys"], *where, t))
            labels.append(STATUSES.index(status))
    xs = matrix(features, BITS["status"])
    labels = np.asarray(labels)
    sw, ss, sb = quantized([fit(xs, (labels == s).astype(int), c=0.3) for s in range(len(STATUSES))])
    np.savez_compressed(
        path, meaning=np.stack(meaning, axis=1).astype(np.float16),
        mode_meaning=np.stack(mode_meaning, axis=1).astype(np.float16), type_weights=tw, type_scale=ts,
        type_bias=tb, mode_weights=mw, mode_scale=ms, mode_bias=mb,
        status_weights=sw, status_scale=ss, status_bias=sb,
    )  # fmt: skip


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", type=Path, required=True)
    ap.add_argument("--folds-only", action="store_true")
    args = ap.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    rows = instances()
    print(len(rows), "sentences")
    acts = {}
    for fold in range(FOLDS):
        path = args.work / f"linear{fold}.npz"
        train([r for r in rows if r["fold"] != fold], path)
        reader = LinearReader(path)
        from services.tagger.candidates import read

        for record in gold.train_records():
            if fold_of(record["id"]) == fold:
                acts[record["id"]] = reader.read([read(gold.enrich(record)).text])[0]
        for record in gold.dyad_records():
            if fold_of(record["id"]) == fold:
                ws = words(record["text"])
                acts[record["id"]] = reader.sentence(0, ws, [key(w.text) for w in ws])
    pickle.dump(acts, (args.work / "linear_oof.pkl").open("wb"))
    report(acts)
    if not args.folds_only:
        train(rows, args.work / "linear.npz")


def report(acts):
    """Sentence-level figures of the out-of-fold predictions on the training articles."""
    best = []
    for record in gold.train_records():
        article = gold.enrich(record)
        g = {(s, e["event_type"]): e for e in record["events"] for s in gold.sentences_of(article, e["evidence"])}
        for a in acts[record["id"]]:
            best.append((a.probability, (a.sentence, a.event_type) in g))
    n = sum(
        len({(s, e["event_type"]) for e in r["events"] for s in gold.sentences_of(gold.enrich(r), e["evidence"])})
        for r in gold.train_records()
    )
    for t in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        tp = sum(ok for p, ok in best if p >= t)
        pred = sum(1 for p, _ in best if p >= t)
        print(f"threshold {t}: P {tp / pred:.3f} R {tp / n:.3f} F1 {2 * tp / (pred + n):.3f}")


if __name__ == "__main__":
    main()
