"""What `varta eval tagger` measures: events of whole articles against gold, per language, type and confidence."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from services.contracts.enriched import EnrichedArticle
from services.contracts.tagged import TaggedEvent
from services.enricher.evaluation import article as gold_article
from services.enricher.stage import enrich
from services.knowledge.shared import shared
from services.tagger.stage import Profile, tag

Record = dict[str, Any]
BINS = 10


@cache
def scorer() -> Any:
    """The scorer that comes with the gold data; FileNotFoundError where the development data is absent."""
    path = shared("gold", "score.py")
    if not path.exists():
        raise FileNotFoundError(f"no {path}; set VARTA_SHARED to the folder of development data")
    spec = importlib.util.spec_from_file_location("gold_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def article_of(record: Record, profile: Profile) -> EnrichedArticle:
    """A gold record as the enricher hands it over."""
    return enrich(gold_article(record), profile)


def read(path: Path) -> list[Record]:
    """Records of a JSONL file."""
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def evaluate(data: Path | None = None, profile: Profile = "accurate") -> dict[str, Any]:
    """Figures of the tagger on a gold file, the development set by default."""
    records = read(data or shared("gold", "events_dev.jsonl"))
    tagged = tag([article_of(r, profile) for r in records], profile)
    figures = report(records, {a.id: a.events for a in tagged})
    gold = shared("data", "plover_gold_en", "plover_gsr.jsonl")
    if data is None and gold.exists():
        figures["plover gold"] = plover_gold(gold, profile)
    return figures


def report(records: list[Record], events: dict[str, list[TaggedEvent]]) -> dict[str, Any]:
    """Levels per language, per-type figures, confusion of types and calibration."""
    predictions = {i: {"id": i, "events": [e.model_dump() for e in found]} for i, found in events.items()}
    folder = scorer().Folder()
    scored = scorer().score(records, predictions, folder)
    out: dict[str, Any] = {}
    for language, r in scored.items():
        levels = {level: round(figure["f1"], 3) for level, figure in r["events"].items()}
        matched = {k: round(v, 3) for k, v in r["matched"].items() if v is not None}
        out[language] = {
            **levels,
            "precision": round(r["events"]["type"]["p"], 3),
            "recall": round(r["events"]["type"]["r"], 3),
            **matched,
            "articles without events": r["no_event"]["records"],
            "of them given one": r["no_event"]["false_positive_rate"],
        }
    out["types"] = {t: {k: round(float(v), 3) for k, v in f.items()} for t, f in scored["overall"]["by_type"].items()}
    out["statuses"] = {s: f"{f['found']}/{f['gold']}" for s, f in scored["overall"]["status_recall"].items()}
    out["confusion"] = confusion(records, events)
    out["calibration"] = calibration(records, predictions, folder)
    return out


def confusion(records: list[Record], events: dict[str, list[TaggedEvent]]) -> dict[str, str]:
    """For each gold type, the types found in its evidence where it was missed itself ("-": none), most
    frequent first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        found = events.get(record["id"], [])
        for gold in record["events"]:
            start = record["text"].find(gold["evidence"])
            end = start + len(gold["evidence"])
            inside: set[str] = {e.event_type for e in found if e.evidence.start < end and e.evidence.end > start}
            if gold["event_type"] in inside:
                counts[gold["event_type"]]["found"] += 1
                continue
            stated = {g["event_type"] for g in record["events"] if g["evidence"] == gold["evidence"]}
            for other in sorted(inside - stated) or ["-"]:
                counts[gold["event_type"]][other] += 1
    return {t: ", ".join(f"{o} {n}" for o, n in c.most_common(6)) for t, c in sorted(counts.items())}


def calibration(records: list[Record], predictions: dict[str, Record], folder: Any) -> dict[str, Any]:
    """Share of events whose type is right by stated confidence, and the expected calibration error."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for record in records:
        found = predictions.get(record["id"], {"events": []})["events"]
        right = {j for _, j, c in scorer().match_events(record["events"], found, folder) if c["type"]}
        for j, event in enumerate(found):
            bins[min(BINS - 1, int(event["confidence"] * BINS))].append((event["confidence"], j in right))
    total = sum(map(len, bins))
    rows: dict[str, Any] = {}
    error = 0.0
    for i, found in enumerate(bins):
        if found:
            said = sum(p for p, _ in found) / len(found)
            share = sum(ok for _, ok in found) / len(found)
            error += abs(said - share) * len(found) / total
            rows[f"{i / BINS:.1f}-{(i + 1) / BINS:.1f}"] = f"said {said:.2f}, right {share:.2f} ({len(found)})"
    rows["expected calibration error"] = round(error, 3)
    return rows


OLD_TYPES = {
    "FIGHT": "ASSAULT",
    "INVESTIGATE": "ACCUSE",
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "YIELD": "RETREAT",
}
OLD_TYPES |= {"APPEAL": "REQUEST", "BETRAY": "COERCE"}


def plover_gold(path: Path, profile: Profile) -> dict[str, float]:
    """Root, actor and recipient accuracy on the gold-standard records of the PLOVER manual (countries compared)."""
    records = [r for r in read(path) if r.get("event")]
    articles = [
        article_of({"id": r["id"], "text": r["text"], "language": "en", "published": r.get("date")}, profile)
        for r in records
    ]
    root = actor = recipient = 0
    for record, article in zip(records, tag(articles, profile), strict=True):
        wanted = OLD_TYPES.get(record["event"], record["event"])
        same = {wanted, "CONCEDE"} if record["event"] == "YIELD" else {wanted}
        of_type = [e for e in article.events if e.event_type in same]
        root += bool(of_type)
        best = of_type or article.events
        actor += any(_agree(record.get("source"), e.actors) for e in best)
        recipient += any(_agree(record.get("target"), e.recipients or e.actors) for e in best)
    n = max(1, len(records))
    return {
        "records": len(records),
        "root": round(root / n, 3),
        "actor": round(actor / n, 3),
        "recipient": round(recipient / n, 3),
    }


def _agree(gold: Any, parties: Any) -> bool:
    """Whether one country of the record's side is among the parties'; a side without code asks for nothing."""
    codes = {a.get("code", "")[:3] for a in gold if isinstance(a, dict)} if isinstance(gold, list) else set()
    codes -= {"", "IMG", "NGO", "MNC"}
    if not codes:
        return True
    return bool(codes & {p.country for p in parties})
