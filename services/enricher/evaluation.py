"""What `varta eval enricher` measures: dates, quantities, quotations, document pairs and topics against gold data."""

from __future__ import annotations

import importlib.util
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from services.contracts.enriched import EnrichedArticle
from services.contracts.normalized import NormalizedArticle
from services.enricher import topics
from services.enricher.fingerprint import Vectors, vectors
from services.enricher.stage import Profile, enrich
from services.knowledge import mediatopics
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
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path, needs_text: bool = True) -> Iterator[Record]:
    """Records of a gold file, by default those that hold their text."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            if not needs_text or isinstance(record.get("text"), str):
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


def enriched(path: Path, profile: Profile = "accurate") -> list[Pair]:
    """Each record of a gold file with what the enricher makes of it."""
    return [(record, enrich(article(record), profile)) for record in read(path)]


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


class Subject(NamedTuple):
    """A page with the top-level topics of its subject line; `training` pages calibrate the topic model."""

    language: str
    text: str
    topics: frozenset[str]
    training: bool


def subjects() -> Iterator[Subject]:
    """Pages of FLORES-200 in both languages whose subject speaks of a top-level topic."""
    text = files("services.enricher").joinpath("data", "flores_subjects.tsv").read_text(encoding="utf-8")
    known = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    pages: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, line in enumerate(_lines("flores_en_hi", "metadata_devtest.tsv")[1:]):
        address, _, subject = line.split("\t")[:3]
        pages[address, subject.lower()].append(i)
    for language in ("en", "hi"):
        lines = _lines("flores_en_hi", f"devtest.{language}")
        for (address, subject), rows in pages.items():
            spoken = frozenset(topic for part, topic in known if part in subject)
            if spoken:
                half = zlib.crc32(address.encode()) % 2 == 0
                yield Subject(language, " ".join(lines[i] for i in rows), spoken, half)


def subjects_found(model: topics.Model | None = None) -> Table:
    """Top-level topics of the pages that did not calibrate the model: is one of the page's own the first found?"""
    model = model or topics.model()
    top = [i for i, topic in enumerate(model.ids) if mediatopics.table()[topic].level == 1]
    first: dict[tuple[str, str], int] = defaultdict(int)
    pages: dict[tuple[str, str], int] = defaultdict(int)
    for subject in subjects():
        if subject.training:
            continue
        keys = Tokens(subject.text).keys
        chance = model.probabilities(keys, vectors().document(keys))
        found = model.ids[max(top, key=lambda i: chance[i])]
        for name in ("all", *subject.topics):
            pages[name, subject.language] += 1
            first[name, subject.language] += found in subject.topics
    table = Table("Topics", ("topic", "pages", "Hindi: first right", "English: first right"))
    for name in sorted({n for n, _ in pages}, key=lambda n: -pages[n, "en"]):
        label = "all" if name == "all" else mediatopics.table()[name].label
        shares = [_share(first[name, language], pages[name, language]) for language in ("hi", "en")]
        table.rows.append((label, pages[name, "en"], *shares))
    return table


def seed_topics(path: Path | None = None) -> Table:
    """Agreement with the topics of the five seed articles: gold topics among those found, and top-level topics."""
    table = Table("Topics of the seeds", ("article", "gold topics", "found", "top level found"))
    for record in read(path or shared("gold", "seeds.jsonl"), needs_text=False):
        text = record.get("text") or shared("seeds", record["file"]).read_text(encoding="utf-8", errors="replace")
        found = {t.id for t in enrich(article({**record, "text": text})).topics}
        gold = [t["id"] for t in record.get("topics", [])]
        top = {mediatopics.lineage(i)[-1].id for i in gold}
        table.rows.append(
            (record["id"], len(gold), _share(len(found & set(gold)), len(gold)), _share(len(found & top), len(top)))
        )
    return table


def tables(path: Path | None = None, profile: Profile = "accurate") -> list[Table]:
    """All figures on a gold file, the development set by default; raises FileNotFoundError where data is missing."""
    from services.enricher import evaluate_names

    gold = path or shared("gold", "events_dev.jsonl")
    pairs = enriched(gold, profile)
    return [
        *evaluate_names.tables(read(gold)),
        dates(pairs),
        quantities(pairs),
        quotations(pairs),
        document_pairs(),
        subjects_found(),
        seed_topics(),
    ]


def evaluate(data: Path | None, profile: Profile) -> dict[str, dict[str, dict[str, str | int | float | None]]]:
    """The same as nested figures: table, row, column."""
    found: dict[str, dict[str, dict[str, str | int | float | None]]] = {}
    for table in tables(data, profile):
        width = 1 + any(isinstance(row[1], str) for row in table.rows)
        found[table.title] = {
            " ".join(map(str, row[:width])): dict(zip(table.columns[width:], row[width:], strict=True))
            for row in table.rows
        }
    return found


INTRODUCTION = """# Enricher
Written by `python -m services.enricher.evaluation`; `varta eval enricher` prints the same figures. Mentions, dates,
quantities and quotations on the development set (90 Hindi and 50 English articles, none of them used for training),
compared by its scorer. A date counts as right where the date of a gold event is among those the enricher tells in the
event's evidence. Quotations are those in quotation marks. Documents are matched by the vector alone; none of the sets
was trained on. Topics are measured on the half of the FLORES-200 pages that did not calibrate the model (three or four
sentences each, 13 top-level topics), and on the seed articles.
"""

if __name__ == "__main__":
    print(INTRODUCTION)
    for each in tables():
        print(f"## {each.title}\n{each.markdown()}\n")
