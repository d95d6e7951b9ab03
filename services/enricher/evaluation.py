"""What `varta eval enricher` measures: dates, quantities, quotations, document pairs and topics against gold data."""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from services.contracts.enriched import EnrichedArticle
from services.contracts.normalized import NormalizedArticle
from services.enricher.fingerprint import Vectors, vectors
from services.enricher.stage import enrich
from services.knowledge.shared import shared
from services.language.tokens import Tokens

Record = dict[str, Any]


@dataclass
class Table:
    """Rows of figures under a title; shares are written in percent."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str | int | float | None]] = field(default_factory=list)

    def markdown(self) -> str:
        """The table in Markdown."""
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        return "\n".join("| " + " | ".join(_cell(c) for c in row) + " |" for row in lines)


def _cell(value: str | int | float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %" if isinstance(value, float) else str(value)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _f1(hit: int, found: int, gold: int) -> float | None:
    return 2 * hit / (found + gold) if found + gold else None


@cache
def _scorer() -> Any:
    """The scorer that comes with the gold data: its folding of units, names and dates is the one that counts."""
    spec = importlib.util.spec_from_file_location("gold_score", shared("gold", "score.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> Iterator[Record]:
    """Records of a gold file that hold their text."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            if isinstance(record.get("text"), str):
                yield record


def article(record: Record) -> NormalizedArticle:
    """A gold record as the enricher gets it."""
    return NormalizedArticle(
        id=record["id"],
        title=record.get("title"),
        text=record["text"],
        language=record["language"],
        script="Deva" if record["language"] == "hi" else "Latn",
        published=record.get("published"),
        content_hash=record["id"],
    )


Pair = tuple[Record, EnrichedArticle]


def enriched(path: Path) -> list[Pair]:
    """Each record of a gold file with what the enricher makes of it."""
    return [(record, enrich(article(record))) for record in read(path)]


def _by_language(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[0]["language"]].append(pair)
        groups["all"].append(pair)
    return groups


def dates(pairs: Sequence[Pair]) -> Table:
    """How often the date of a gold event is among the dates told in its evidence, where the evidence tells any."""
    table = Table("Dates", ("language", "events with a date", "told in the evidence", "of these right"))
    fold: Callable[[str | None], str | None] = _scorer().fold_date
    for language, group in _by_language(pairs).items():
        dated = told = right = 0
        for record, found in group:
            for event in record.get("events", []):
                if not event.get("date"):
                    continue
                dated += 1
                start = record["text"].find(event["evidence"])
                end = start + len(event["evidence"])
                inside = {fold(t.edtf) for t in found.times if start <= t.start < end}
                told += bool(inside)
                right += fold(event["date"]) in inside
        table.rows.append((language, dated, told, _share(right, told)))
    return table


def quantities(pairs: Sequence[Pair]) -> Table:
    """Value and unit of the quantities, matched one to one by the gold's scorer."""
    table = Table("Quantities", ("language", "gold", "found", "value and unit", "value", "F1"))
    for language, group in _by_language(pairs).items():
        tally = _scorer().Tally()
        for record, found in group:
            tally._quantities(record, {"quantities": [q.model_dump() for q in found.quantities]})
        exact, value, pred, gold = tally.q
        table.rows.append((language, gold, pred, _share(exact, gold), _share(value, gold), _f1(exact, pred, gold)))
    return table


def quotations(pairs: Sequence[Pair]) -> Table:
    """Quotations in marks: the same words, and the same speaker."""
    table = Table("Quotations", ("language", "gold", "found", "words F1", "words and speaker"))
    score = _scorer()
    name = score.Folder()
    for language, group in _by_language(pairs).items():
        gold = pred = words = both = 0
        for record, found in group:
            wanted = {" ".join(score.tokens(q["text"])): q["speaker"] for q in record.get("quotes", [])}
            got = {" ".join(score.tokens(q.text)): q.speaker for q in found.quotes if q.direct}
            gold, pred = gold + len(wanted), pred + len(got)
            for text, speaker in wanted.items():
                if text in got:
                    words += 1
                    both += name(got[text] or "") == name(speaker or "")
        table.rows.append((language, gold, pred, _f1(words, pred, gold), _share(both, gold)))
    return table


def _lines(*parts: str) -> list[str]:
    return shared("data", *parts).read_text(encoding="utf-8").splitlines()


def _documents() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Sets of (English, Hindi) documents: news in runs of 20 sentences, FLORES by page, PUD by document."""
    english = _lines("parallel_news_en_hi", "newstest2014.en")
    hindi = _lines("parallel_news_en_hi", "newstest2014.hi")
    runs = range(0, min(len(english), len(hindi)) - 19, 20)
    yield "newstest2014", [(" ".join(english[i : i + 20]), " ".join(hindi[i : i + 20])) for i in runs]
    english, hindi = _lines("flores_en_hi", "devtest.en"), _lines("flores_en_hi", "devtest.hi")
    pages: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(_lines("flores_en_hi", "metadata_devtest.tsv")[1:]):
        pages[line.split("\t")[0]].append(i)
    yield (
        "FLORES-200",
        [(" ".join(english[i] for i in page), " ".join(hindi[i] for i in page)) for page in pages.values()],
    )
    rows = [line.split("\t") for line in _lines("pud_hi_en", "pud_parallel.tsv")[1:]]
    texts: dict[str, list[Sequence[str]]] = defaultdict(list)
    for document, _, *sides in rows:
        texts[document].append(sides)
    yield "PUD", [(" ".join(s[0] for s in sides), " ".join(s[1] for s in sides)) for sides in texts.values()]


def document_pairs(model: Vectors | None = None) -> Table:
    """How often the translation of a document is the nearest of all documents in the other language."""
    model = model or vectors()
    table = Table("Document pairs", ("set", "documents", "English for Hindi", "Hindi for English"))
    for name, pairs in _documents():
        sides = []
        for side in (0, 1):
            found = [model.document(Tokens(pair[side]).keys) for pair in pairs]
            sides.append(np.array([np.zeros(model.vectors.shape[1]) if v is None else v for v in found]))
        likeness = sides[1] @ sides[0].T
        own = np.arange(len(pairs))
        table.rows.append(
            (
                name,
                len(pairs),
                float((likeness.argmax(1) == own).mean()),
                float((likeness.argmax(0) == own).mean()),
            )
        )
    return table


def tables(path: Path | None = None) -> list[Table]:
    """All figures on a gold file, the development set by default; raises FileNotFoundError where data is missing."""
    pairs = enriched(path or shared("gold", "events_dev.jsonl"))
    return [dates(pairs), quantities(pairs), quotations(pairs), document_pairs()]
