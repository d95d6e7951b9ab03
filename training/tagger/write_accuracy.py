"""Writes docs/accuracy/tagger.md from fresh runs of the evaluations.

PYTHONPATH=. python training/tagger/write_accuracy.py
"""

from typing import Any

from services.knowledge.shared import ROOT
from services.tagger import dyads, evaluation

LEVELS = ("type", "type+status", "type+status+parties", "full", "precision", "recall")
MATCHED = ("mode_accuracy", "status_accuracy", "date_accuracy", "actors_ok", "recipients_ok")


def table(head: list[str], rows: list[list[Any]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(str(c) for c in row) + " |" for row in rows), ""]


def main() -> None:
    figures = {profile: evaluation.evaluate(None, profile) for profile in ("accurate", "fast")}
    out = [
        "# The tagger",
        "On the development set (`events_dev.jsonl`: 90 Hindi and 50 English articles, 572 events), from the text:",
        "mentions, references and dates are the enricher's own. No model has seen these articles.",
        "`varta eval tagger` and `varta eval tagger --profile fast` rerun the figures, `varta eval dyads` the dyads;",
        "`training/tagger/write_accuracy.py` writes this page.",
        "",
    ]
    rows = []
    for profile, f in figures.items():
        for language in ("overall", "hi", "en"):
            r = f[language]
            rows.append(
                [
                    profile,
                    language,
                    *(f"{r[x]:.3f}" for x in LEVELS),
                    *(f"{r.get(x, 0):.3f}" for x in MATCHED),
                    f"{r['of them given one'] or 0:.3f}",
                ]
            )
    names = ["mode", "status", "date", "actors", "recipients"]
    out += table(["profile", "language", *LEVELS, *names, "empty articles given an event"], rows)
    out += [
        "Mode, status, date, actors and recipients are shares right among the events whose type is right.",
        "",
        "## By type",
    ]
    rows = []
    for t in figures["accurate"]["types"]:
        rows.append([t])
        for f in figures.values():
            v = f["types"].get(t, {})
            rows[-1] += [f"{v.get('p', 0):.2f}", f"{v.get('r', 0):.2f}", f"{v.get('f1', 0):.2f}"]
        rows[-1].append(int(figures["accurate"]["types"][t]["gold"]))
    out += table(["type", "P", "R", "F1", "fast P", "fast R", "fast F1", "gold"], rows)
    out += ["## What was found in the evidence of each type", "`-`: nothing; another type: read in its place.", ""]
    out += table(["gold", "accurate"], [[t, v] for t, v in figures["accurate"]["confusion"].items()])
    out += ["## By status (type and status right / gold)", ""]
    out += table(
        ["status", *figures],
        [[s, *(f["statuses"].get(s, "-") for f in figures.values())] for s in figures["accurate"]["statuses"]],
    )
    out += [
        "## Does confidence mean something",
        "Events by the confidence they state, with the share whose type is right.",
        "",
    ]
    keys = dict.fromkeys(k for f in figures.values() for k in f["calibration"] if k[0].isdigit())
    out += table(
        ["confidence", *figures], [[k, *(f["calibration"].get(k, "-") for f in figures.values())] for k in sorted(keys)]
    )
    out.append(
        "Expected calibration error: "
        + ", ".join(f"{p} {f['calibration']['expected calibration error']}" for p, f in figures.items())
    )
    out += ["", "## PLOVER gold standard records (English, countries of the parties compared)", ""]
    if "plover gold" in figures["accurate"]:
        rows = [[p, *f["plover gold"].values()] for p, f in figures.items()]
        out += table(["profile", *figures["accurate"]["plover gold"]], rows)
    d = {p: dyads.evaluate(None, p) for p in ("accurate", "fast")}
    out += ["## Dyads: the root of what a source does to a target (never trained on)", ""]
    out += table(
        ["profile", "sentences", "macro-F1", "accuracy"],
        [[p, f["sentences"], f["macro-F1"], f["accuracy"]] for p, f in d.items()],
    )
    out += [
        "## What is left, the largest cause first",
        "",
        "- Recipients: whether there is one at all (a curfew on whom), and recipients that the sentence does not name.",
        "- Types that share words: AGREE, COOPERATE and AID of the same promise; ACCUSE and REQUEST of a summons.",
        "- Conditional acts inside another act's sentence, whose type is missed rather than their status.",
        "- Modes of REQUEST, REJECT and THREATEN, which need the content of what is asked or threatened.",
        "- Two acts of one type in one sentence are read as one.",
        "- The fast profile reads English less well than Hindi: more of its training sentences are Hindi.",
        "",
    ]
    (ROOT / "docs" / "accuracy" / "tagger.md").write_text("\n".join(out).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
