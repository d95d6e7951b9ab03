"""Trains the coder of a profile (models/tagger/<profile>.json) on acts that its reader found out of fold.

PYTHONPATH=.:training/tagger python training/tagger/train_coder.py --acts FILE.pkl --out FILE.json
Each part learns from the out-of-fold output of the part before it: roles, empty roles, which acts count, which
acts are one event.
"""

import argparse
import json
import pickle
import time
from dataclasses import asdict
from pathlib import Path

import gold
import numpy as np
from fitting import fit_table, labels, passed
from train_linear import FOLDS, fold_of

from services.tagger.candidates import read
from services.tagger.casting import Settings, cast
from services.tagger.coder import Coder, Model, accept_features
from services.tagger.merging import groups, same_features
from services.tagger.roles import act_features
from services.tagger.weights import Table

FLOOR = 0.05


def as_table(data):
    return Table(data["outputs"], data["bias"], data["weights"])


class Case:
    """A training article with its acts, each with the gold event it states."""

    def __init__(self, record, acts, coder, enrich):
        self.record, self.fold = record, fold_of(record["id"])
        self.reading = read(enrich(record))
        self.pairs = {}
        self.acts = [a for a in acts if a.probability >= FLOOR]
        self.coded = [coder.looked_at(self.reading, a) for a in self.acts]
        self.gold = []  # for each act, indices of gold events of its type that its sentence states
        where = [set(gold.sentences_of(self.reading.article, e["evidence"])) for e in record["events"]]
        for a in self.acts:
            self.gold.append(
                [
                    i
                    for i, e in enumerate(record["events"])
                    if a.sentence in where[i] and a.event_type == e["event_type"]
                ]
            )

    def same(self, table, a, b):
        """Probability that two acts are one event, kept."""
        k = (id(a), id(b))
        if k not in self.pairs:
            self.pairs[k] = table.probabilities(same_features(self.reading, a, b))[0]
        return self.pairs[k]

    def stated(self):
        """(coded act, gold event) for each act that states one."""
        return [(c, self.record["events"][g[0]]) for c, g in zip(self.coded, self.gold, strict=True) if g]


def out_of_fold(cases, make, apply):
    """Train on four fifths, apply to the rest; then train on all."""
    for fold in range(FOLDS):
        apply(as_table(make([c for c in cases if c.fold != fold])), [c for c in cases if c.fold == fold])
    return make(cases)


def train_roles(cases, c):
    def make(part):
        features, ya, yr = [], [], []
        for case in part:
            for coded, event in case.stated():
                features += [r.features for r in coded.rows]
                ya.append(labels(coded.rows, event["actors"]))
                yr.append(labels(coded.rows, event["recipients"]))
        return fit_table(features, [np.concatenate(ya), np.concatenate(yr)], ["actor", "recipient"], c)

    def apply(table, part):
        for case in part:
            for coded in case.coded:
                for row in coded.rows:
                    row.actor, row.recipient = table.probabilities(row.features)

    return out_of_fold(cases, make, apply)


def questions(case, coded):
    return act_features(coded.act, coded.mode or "-", coded.status, coded.rows, case.reading.article.language != "en")


def train_none(cases, c):
    def make(part):
        rows = [(questions(case, coded), event) for case in part for coded, event in case.stated()]
        ya = np.asarray([not e["actors"] for _, e in rows], dtype=float)
        yr = np.asarray([not e["recipients"] for _, e in rows], dtype=float)
        return fit_table([f for f, _ in rows], [ya, yr], ["actor", "recipient"], c)

    def apply(table, part):
        for case in part:
            for coded in case.coded:
                coded.no_actor, coded.no_recipient = table.probabilities(questions(case, coded))

    return out_of_fold(cases, make, apply)


def tune_casting(cases):
    stated = [(coded, event) for case in cases for coded, event in case.stated()]
    settings = Settings()  # other values on the grid 0.4-0.6 and 0.8-1.2 differ by less than the folds do
    ok = np.asarray([_passes(coded, event, settings) for coded, event in stated])
    figure = (ok.all(axis=1).mean(), ok[:, 0].mean(), ok[:, 1].mean())
    print("parties right (both, actors, recipients) of acts found:", figure)
    by = {}
    for case in cases:
        for coded, event in case.stated():
            ok = _passes(coded, event, settings)
            by.setdefault(event["event_type"], []).append(ok)
            by.setdefault(case.record["language"], []).append(ok)
    for t, v in sorted(by.items()):
        v = np.asarray(v)
        print(
            f"  {t:<10}{len(v):5} both {v.all(axis=1).mean():.3f} actors {v[:, 0].mean():.3f} recipients {v[:, 1].mean():.3f}"  # noqa: E501
        )
    return settings


def _passes(coded, event, settings):
    a, r = cast(coded.rows, coded.no_actor, coded.no_recipient, settings)
    return passed(event, [x.party for x in a], [x.party for x in r])


def train_accept(cases, c):
    def make(part):
        features = [accept_features(case.reading, coded, case.acts) for case in part for coded in case.coded]
        y = np.asarray([bool(g) for case in part for g in case.gold], dtype=float)
        return fit_table(features, [y], ["event"], c)

    def apply(table, part):
        for case in part:
            for coded in case.coded:
                coded.confidence = table.probabilities(accept_features(case.reading, coded, case.acts))[0]

    return out_of_fold(cases, make, apply)


def train_same(cases, c, settings):
    for case in cases:
        for coded in case.coded:
            coded.actors, coded.recipients = cast(coded.rows, coded.no_actor, coded.no_recipient, settings)

    def pairs(part):
        for case in part:
            order = sorted(range(len(case.coded)), key=lambda i: -case.coded[i].confidence)
            for n, i in enumerate(order):
                for j in order[n + 1 :]:
                    a, b = case.coded[i], case.coded[j]
                    if a.act.event_type != b.act.event_type or b.confidence < 0.15:
                        continue
                    ga, gb = set(case.gold[i]), set(case.gold[j])
                    if ga or gb:
                        yield case, a, b, float(bool(ga & gb) or not (ga and gb))

    def make(part):
        rows = list(pairs(part))
        return fit_table(
            [same_features(k.reading, a, b) for k, a, b, _ in rows], [np.asarray([y for *_, y in rows])], ["same"], c
        )

    y = [y for *_, y in pairs(cases)]
    print("pairs of acts of one type:", len(y), "to be one event:", np.mean(y))
    tables = {}
    for fold in range(FOLDS):
        tables[fold] = as_table(make([k for k in cases if k.fold != fold]))
    return make(cases), tables


def predictions(cases, tables, threshold, merge):
    """Events of each article, every part out of fold, without the circumstances that the levels do not count."""
    as_dicts = lambda rows: [{"name": r.party.name, "country": r.party.country} for r in rows]  # noqa: E731
    out = {}
    for case in cases:
        same = lambda a, b: case.same(tables[case.fold], a, b)  # noqa: B023, E731
        events = []
        for group in groups([c for c in case.coded if c.confidence >= threshold], same, merge):
            lead = group[0]
            s = case.reading.article.sentences[lead.act.sentence]
            events.append(
                {
                    "event_type": lead.act.event_type, "event_mode": lead.mode or None, "status": lead.status, "date": None,  # noqa: E501
                    "actors": as_dicts(lead.actors), "recipients": as_dicts(lead.recipients),
                    "evidence": case.reading.article.text[s.start : s.end],
                }
            )  # fmt: skip
        out[case.record["id"]] = {"id": case.record["id"], "events": events}
    return out


class Named:
    name = "reader"

    def read(self, texts):
        return []


def figures(records, predicted):
    return gold.scorer().score(records, predicted, gold.folder())


def line(report):
    e, m = report["events"], report["matched"]
    return (
        " ".join(f"{k} {e[k]['f1']:.3f}" for k in e)
        + f" P {e['type']['p']:.3f} R {e['type']['r']:.3f} mode {m['mode_accuracy']:.3f} status {m['status_accuracy']:.3f}"  # noqa: E501
        + f" actors {m['actors_ok']:.3f} recipients {m['recipients_ok']:.3f} empty {report['no_event']['false_positive_rate']}"  # noqa: E501
    )


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--acts", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--enriched", type=Path, help="pickle of id to EnrichedArticle; gold mentions without it")
    ap.add_argument("--threshold", type=float, help="instead of the one that is best out of fold")
    ap.add_argument("--c", type=float, default=0.1)
    args = ap.parse_args()
    acts = pickle.load(args.acts.open("rb"))
    enrich = gold.enrich
    if args.enriched:
        articles = pickle.load(args.enriched.open("rb"))
        enrich = lambda r: articles[r["id"]]  # noqa: E731
    records = [r for r in gold.train_records() if r["id"] in acts and (not args.enriched or r["id"] in articles)]
    begun = time.process_time()
    empty = {"outputs": ["a", "b"], "bias": [0, 0], "weights": {}}
    base = {"roles": empty, "none": empty}
    blank = Coder(Named(), Model.of({**base, "settings": {}}))
    cases = [Case(r, acts[r["id"]], blank, enrich) for r in records]
    n = sum(len(r["events"]) for r in records)
    print(len(records), "articles,", n, "events,", sum(len(c.stated()) for c in cases), "acts that state one")
    roles = train_roles(cases, args.c)
    none = train_none(cases, args.c)
    settings = tune_casting(cases)
    accept = train_accept(cases, args.c)
    same, tables = train_same(cases, args.c, settings)
    best = None
    for threshold in (0.25, 0.32, 0.39, 0.46):
        for merge in (0.7, 0.85):
            report = figures(records, predictions(cases, tables, threshold, merge))
            e = report["overall"]["events"]
            figure = e["type"]["f1"] + e["type+status+parties"]["f1"]
            if best is None or figure > best[0]:
                best = (figure, float(threshold), merge, report)
    _, threshold, merge, report = best
    print(f"{time.process_time() - begun:.0f} s")
    print("threshold", threshold, "merge", merge)
    for k, v in report.items():
        print(k, line(v))
    limits = {"threshold": args.threshold or round(threshold, 3), "floor": FLOOR, "merge": merge}
    model = {
        "roles": roles,
        "none": none,
        "accept": accept,
        "same": same,
        "settings": asdict(settings),
        "limits": limits,
    }
    args.out.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")))
    print(args.out, args.out.stat().st_size)


if __name__ == "__main__":
    main()
