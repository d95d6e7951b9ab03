"""Trains models/stories/scorer.json: log-odds that two articles tell one story, in one language and across languages.

    python -m training.stories.train_scorer TAGGED.jsonl OUT.json

TAGGED.jsonl: articles of `constructed.py` after `varta`'s stages, `name` the id they had. Positive pairs are the
articles of one document, negative ones the nearest others that the index finds. The weight of the days between is not
learnt (the documents have no dates that differ) but set.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sklearn.linear_model import LogisticRegression

from services.stories.compare import FEATURES, PARTS, VECTOR, features
from services.stories.engine import Engine
from services.stories.intake import record_of

NEAREST = 12  # negative pairs of an article
MONO = ("words", "names", "facts", "title", "length")
USED = {"hi": MONO, "en": MONO, "cross": ("gloss", "names", "facts", "vector", "length")}
# Not learnt, for the constructed articles have no events and no dates that differ: log-odds for a common act, and for
# each e-fold of days between.
ACTS, DAYS = 1.0, -0.3
C = 1.0


def pairs(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Features and truth of pairs, by kind."""
    engine = Engine()
    table = engine.table
    story: dict[str, str] = {}
    for line in path.read_bytes().splitlines():
        article = orjson.loads(line)
        name = article.get("name") or article["_name"]
        story[article["id"]] = name.rpartition("/")[0]
        if article["id"] in table.articles:
            continue
        record = record_of(article, engine.seq, 0, 0, engine.frequency)
        engine.seq += 1
        table.add(record)
        engine.frequency.add(record.keys)
    partners: dict[str, list[str]] = {}
    for article_id, name in story.items():
        partners.setdefault(name, []).append(article_id)
    found: dict[str, list[tuple[Any, int]]] = {"hi": [], "en": [], "cross": []}
    for article in table:
        own = table.slot_of[article.id]
        near = table.candidates(article, 60)
        near = near[near != own]
        mates = table.slots([i for i in partners[story[article.id]] if i != article.id])
        near = np.union1d(near, table.translations(article, 20))
        near = np.setdiff1d(near[near != own], mates)
        same = table.languages[near] == table.languages[own]
        language = article.language if article.language in PARTS else "en"
        # a piece of an encyclopedic text and the next one are no two stories to a reader of one language
        alone = not story[article.id].startswith("tico")
        for kind, chosen in ((language, near[same] if alone else near[:0]), ("cross", near[~same])):
            rows = features(table, article, chosen)
            order = np.argsort(-(rows[:, 0] * 8 + rows[:, 1] * 5 + rows[:, 2] * 2 + rows[:, VECTOR] * 6))[:NEAREST]
            found[kind] += [(rows[k], 0) for k in order]
        for slot in mates.tolist():
            kind = language if table.languages[slot] == table.languages[own] else "cross"
            found[kind].append((features(table, article, np.array([slot]))[0], 1))
    return {
        kind: (np.array([row for row, _ in rows]), np.array([truth for _, truth in rows]))
        for kind, rows in found.items()
    }


def main(tagged: str, out: str) -> None:
    """Write the scorer."""
    record: dict[str, dict[str, float]] = {}
    for kind, (rows, truth) in pairs(Path(tagged)).items():
        used = [FEATURES.index(name) for name in USED[kind]]
        model = LogisticRegression(C=C, max_iter=2000).fit(rows[:, used], truth)
        print(kind, len(truth), "pairs,", int(truth.sum()), "of one story; accuracy", model.score(rows[:, used], truth))
        weights = {name: round(float(w), 3) for name, w in zip(USED[kind], model.coef_[0], strict=True)}
        record[kind] = {"bias": round(float(model.intercept_[0]), 3), **weights, "acts": ACTS, "days": DAYS}
    kept = orjson.loads(Path(out).read_bytes())["settings"] if Path(out).exists() else {}
    record["settings"] = kept or {"join": 0.0, "merge": 0.3, "split": -1.5, "follow": -2.0}
    Path(out).write_text(orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() + "\n")
    print(record)


if __name__ == "__main__":
    main(*sys.argv[1:3])
