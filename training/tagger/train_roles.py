"""Trains who acted on whom (models/tagger/<profile>.json: roles, none) on acts that a reader found out of fold.

PYTHONPATH=.:training/tagger python training/tagger/train_roles.py --acts FILE.pkl --out FILE.json
"""

import argparse
import json
import pickle
from pathlib import Path

import gold
import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from train_linear import FOLDS, fold_of

from services.tagger.candidates import read
from services.tagger.casting import Settings, cast
from services.tagger.roles import act_features, rows_of
from services.tagger.weights import Table


def pairs(records, acts, enrich):
    """(record, reading, gold event, act) for each gold event that the reader found at all."""
    out = []
    for record in records:
        reading = read(enrich(record))
        for event in record["events"]:
            where = gold.sentences_of(reading.article, event["evidence"])
            found = [a for a in acts[record["id"]] if a.sentence in where and a.event_type == event["event_type"]]
            if found:
                out.append((record, reading, event, max(found, key=lambda a: a.probability)))
    return out


def labels(rows, parties):
    """1 for each row that names a party; where no row has its name, rows of its country in the act's sentence."""
    y = np.zeros(len(rows))
    for party in parties:
        scores = np.asarray([gold.match(party, r.party) for r in rows])
        if len(scores) and scores.max() == 1.0:
            y[scores == 1.0] = 1
        elif len(scores) and scores.max() == 0.5:
            inside = np.asarray([r.features[0].split("|")[1] == "in" for r in rows])
            half = scores == 0.5
            y[half & inside if (half & inside).any() else half] = 1
    return y


def fit_table(features, ys, names, c, weights=None, prune=2):
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([dict.fromkeys(f, 1.0) for f in features])
    keep = np.asarray((x > 0).sum(axis=0)).ravel() >= prune
    x = x[:, keep]
    vocabulary = vectorizer.get_feature_names_out()[keep]
    coefficients, bias = [], []
    for y in ys:
        if y.min() == y.max():
            coefficients.append(np.zeros(x.shape[1])), bias.append(-6.0 if y.max() == 0 else 6.0)
            continue
        model = LogisticRegression(C=c, solver="liblinear", max_iter=300).fit(x, y, sample_weight=weights)
        coefficients.append(model.coef_[0]), bias.append(float(model.intercept_[0]))
    w = np.round(np.stack(coefficients, axis=1), 3)
    table = {str(n): [float(v) for v in row] for n, row in zip(vocabulary, w, strict=True) if np.abs(row).max() >= 0.01}
    return {"outputs": names, "bias": [round(b, 4) for b in bias], "weights": table}


def as_table(data):
    return Table(data["outputs"], data["bias"], data["weights"])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--acts", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--c", type=float, default=0.3)
    args = ap.parse_args()
    acts = pickle.load(args.acts.open("rb"))
    records = [r for r in gold.train_records() if r["id"] in acts]
    events = pairs(records, acts, gold.enrich)
    print(len(events), "of", sum(len(r["events"]) for r in records), "gold events were read")
    table, none, tuned = train_all(events, args.c)
    args.out.write_text(json.dumps({"roles": table, "none": none, "settings": tuned}, ensure_ascii=False))


def train_all(events, c):
    data = []
    for record, reading, event, act in events:
        mode = max(act.modes, key=act.modes.get) or "-"
        status = max(act.statuses, key=act.statuses.get)
        rows = rows_of(reading, act, mode, status)
        data.append(
            (
                fold_of(record["id"]),
                reading,
                event,
                act,
                mode,
                status,
                rows,
                labels(rows, event["actors"]),
                labels(rows, event["recipients"]),
            )
        )

    def fit(part):
        features = [r.features for d in part for r in d[6]]
        return fit_table(
            features,
            [np.concatenate([d[7] for d in part]), np.concatenate([d[8] for d in part])],
            ["actor", "recipient"],
            c,
        )

    for fold in range(FOLDS):  # out-of-fold scores of the rows
        table = as_table(fit([d for d in data if d[0] != fold]))
        for d in data:
            if d[0] == fold:
                for row in d[6]:
                    row.actor, row.recipient = table.probabilities(row.features)
    hindi = lambda d: d[1].article.language != "en"  # noqa: E731
    questions = [act_features(d[3], d[4], d[5], d[6], hindi(d)) for d in data]
    ya = np.asarray([not d[2]["actors"] for d in data], dtype=float)
    yr = np.asarray([not d[2]["recipients"] for d in data], dtype=float)
    folds = np.asarray([d[0] for d in data])
    empty = np.zeros((len(data), 2))
    for fold in range(FOLDS):
        train = [i for i in range(len(data)) if folds[i] != fold]
        table = as_table(fit_table([questions[i] for i in train], [ya[train], yr[train]], ["actor", "recipient"], c))
        for i in np.flatnonzero(folds == fold):
            empty[i] = table.probabilities(questions[i])
    print(
        "recipient none: accuracy",
        ((empty[:, 1] > 0.5) == yr).mean(),
        "always-by-majority",
        max(yr.mean(), 1 - yr.mean()),
    )
    print("actor none: accuracy", ((empty[:, 0] > 0.5) == ya).mean(), 1 - ya.mean())
    best = tune(data, empty)
    return fit(data), fit_table(questions, [ya, yr], ["actor", "recipient"], c), best


def passed(event, actors, recipients):
    s = gold.scorer()
    as_dicts = lambda ps: [{"name": p.name, "country": p.country} for p in ps]  # noqa: E731
    fa = s.party_f1(s.party_list(event, "actors"), s.party_list({"a": as_dicts(actors)}, "a"), gold.folder())
    fr = s.party_f1(s.party_list(event, "recipients"), s.party_list({"a": as_dicts(recipients)}, "a"), gold.folder())
    return fa >= 0.5, fr >= 0.5


def tune(data, empty):
    best = None
    for none in (0.4, 0.5, 0.6, 0.7):
        for multi in (0.3, 0.4, 0.5, 0.6):
            for joined in (0.1, 0.2, 0.3):
                settings = Settings(none_actor=0.6, none_recipient=none, multi=multi, joined=joined)
                ok = []
                for d, e in zip(data, empty, strict=True):
                    a, r = cast(d[3], d[6], e[0], e[1], settings)
                    ok.append(passed(d[2], [x.party for x in a], [x.party for x in r]))
                ok = np.asarray(ok)
                figure = (ok.all(axis=1).mean(), ok[:, 0].mean(), ok[:, 1].mean())
                if best is None or figure > best[0]:
                    best = (figure, settings)
    print("parties right", best)
    ok = []
    by = {}
    for d, e in zip(data, empty, strict=True):
        a, r = cast(d[3], d[6], e[0], e[1], best[1])
        o = passed(d[2], [x.party for x in a], [x.party for x in r])
        by.setdefault(d[2]["event_type"], []).append(o)
        by.setdefault("lang " + d[1].article.language, []).append(o)
    for t, v in sorted(by.items()):
        v = np.asarray(v)
        print(
            f"{t:<12}{len(v):5} both {v.all(axis=1).mean():.3f} actors {v[:, 0].mean():.3f} recipients {v[:, 1].mean():.3f}"
        )
    from dataclasses import asdict

    return asdict(best[1])


if __name__ == "__main__":
    main()
