"""What the training of casting shares: labels of rows, fitting of tables of named features, the scorer's
verdict on parties."""

import gold
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression


def labels(rows, parties):
    """1 for each row that names a party; where the act's sentence has no such row, also those of its country
    and sector there, and
    where there are none at all, rows of its country."""
    y = np.zeros(len(rows))
    inside = np.asarray([r.features[0].split("|")[1] == "in" for r in rows], dtype=bool)
    for party in parties:
        scores = np.asarray([gold.match(party, r.party) for r in rows])
        if not len(scores) or not scores.max():
            continue
        exact = scores == 1.0
        y[exact] = 1
        if (exact & inside).any():
            continue
        alike = (scores == 0.5) & inside & np.asarray([r.party.sector == party["sector"] for r in rows], dtype=bool)
        if alike.any():
            y[alike] = 1
        elif not exact.any():
            half = scores == 0.5
            y[half & inside if (half & inside).any() else half] = 1
    return y


def fit_table(features, ys, names, c, weights=None, prune=2):
    index, ids, pointer = {}, [], [0]
    for named in features:
        ids += {index.setdefault(n, len(index)) for n in named}
        pointer.append(len(ids))
    x = csr_matrix((np.ones(len(ids)), ids, pointer), shape=(len(features), len(index)))
    keep = np.asarray(x.sum(axis=0)).ravel() >= prune
    x = x[:, keep]
    vocabulary = np.asarray(list(index))[keep]
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


def passed(event, actors, recipients):
    s = gold.scorer()
    as_dicts = lambda ps: [{"name": p.name, "country": p.country} for p in ps]  # noqa: E731
    fa = s.party_f1(s.party_list(event, "actors"), s.party_list({"a": as_dicts(actors)}, "a"), gold.folder())
    fr = s.party_f1(s.party_list(event, "recipients"), s.party_list({"a": as_dicts(recipients)}, "a"), gold.folder())
    return fa >= 0.5, fr >= 0.5
