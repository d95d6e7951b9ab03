"""Out-of-fold readings of the encoder joined with those of the linear models of the same folds.

PYTHONPATH=.:training/tagger python training/tagger/join.py --acts ENCODER.pkl --enriched FILE.pkl --work
FOLDER --out FILE.pkl
It also fits the weights with which services/tagger/together.py joins them, and prints them.
"""

import argparse
import pickle
from pathlib import Path

import gold
import numpy as np
from sklearn.linear_model import LogisticRegression
from train_linear import FOLDS, fold_of

from services.tagger.candidates import read
from services.tagger.linear import LinearReader
from services.tagger.together import UNSEEN, Together, _logit


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--acts", type=Path, required=True)
    ap.add_argument("--enriched", type=Path, required=True)
    ap.add_argument("--work", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    acts = pickle.load(args.acts.open("rb"))
    articles = pickle.load(args.enriched.open("rb"))
    readers = [Together(None, LinearReader(args.work / f"linear{fold}.npz")) for fold in range(FOLDS)]
    out, x, y = {}, [], []
    for record in gold.train_records():
        if record["id"] not in acts or record["id"] not in articles:
            continue
        reading = read(articles[record["id"]])
        reader = readers[fold_of(record["id"])]
        out[record["id"]] = reader.joined(reading.text, acts[record["id"]])
        stated = {
            (s, e["event_type"]) for e in record["events"] for s in gold.sentences_of(reading.article, e["evidence"])
        }
        first = {(a.sentence, a.event_type): a.probability for a in acts[record["id"]]}
        second = {(a.sentence, a.event_type): a.probability for a in reader.linear.read([reading.text])[0]}
        for k in first.keys() | second.keys():
            x.append([_logit(first.get(k, UNSEEN)), _logit(second.get(k, UNSEEN))])
            y.append(k in stated)
    pickle.dump(out, args.out.open("wb"))
    x, y = np.asarray(x), np.asarray(y)
    model = LogisticRegression(C=10).fit(x, y)
    print("weights", model.coef_[0], model.intercept_)
    for name, p in (("encoder", 1 / (1 + np.exp(-x[:, 0]))), ("joined", model.predict_proba(x)[:, 1])):
        best = max((2 * (y & (p >= t)).sum() / ((p >= t).sum() + y.sum()), t) for t in np.arange(0.15, 0.8, 0.05))
        print(name, "F1 of sentence and type among acts that either sees", best)


if __name__ == "__main__":
    main()
