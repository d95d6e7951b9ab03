"""What `varta eval enricher` measures of names: mentions, links, corpora that others labelled, and
cross-script pairs.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from services.enricher import crf
from services.enricher.evaluation import Table, _scorer, read
from services.enricher.linking import local_id
from services.enricher.mentions import combined, find_mentions, read_words
from services.enricher.naming import person
from services.knowledge.shared import shared
from services.language import sentences
from services.language.words import Word, words

KINDS = ("PER", "LOC", "ORG")
HELD_OUT = 10  # every tenth HiNER sentence and name pair is left out of training and measured on


def gold_mentions(records: Iterable[dict[str, Any]], title: str) -> Table:
    """Mentions of a gold file by language and kind: precision, recall, F1 and share of right links."""
    gold = list(records)
    predicted = {}
    for record in gold:
        spans = [(start, end, record["language"]) for start, end in sentences.split(record["text"])]
        found = find_mentions(record["text"], spans, record.get("published"))
        predicted[record["id"]] = {"mentions": [{"text": m.text, "kind": m.kind, "name": m.name} for m in found]}
    bare = [{**record, "events": [], "quantities": []} for record in gold]
    score = _scorer()
    report = score.score(bare, predicted, score.Folder())
    table = Table(title, ("language", "kind", "gold", "precision", "recall", "F1", "right links"))
    for language in sorted(set(report) - {"overall"}):
        for kind, row in report[language]["mentions"].items():
            table.rows.append((language, kind, row["gold"], row["p"], row["r"], row["f1"], row["linking_accuracy"]))
    return table


class Sentence(NamedTuple):
    """Words of a labelled sentence and the (first, end, kind) of its names."""

    words: list[Word]
    names: set[tuple[int, int, str]]


_CORPUS_KINDS = {
    "PERSON": "PER",
    "LOCATION": "LOC",
    "ORGANIZATION": "ORG",
    "NEP": "PER",
    "NEL": "LOC",
    "NEO": "ORG",
    "Person": "PER",
    "Location": "LOC",
    "Organisation": "ORG",
} | {kind: kind for kind in KINDS}


def corpus(path: Path) -> Iterator[Sentence]:
    """Sentences of a token-a-line file, cut into the project's words; the later words of a token are
    inside its name.
    """
    tokens: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        parts = line.split()
        if len(parts) >= 2 and parts[0] != "-DOCSTART-":
            tokens.append((parts[0], parts[1]))
        elif tokens:
            yield _sentence(tokens)
            tokens = []


def _sentence(tokens: Sequence[tuple[str, str]]) -> Sentence:
    text = " ".join(token for token, _ in tokens)
    owner: list[int] = []
    for number, (token, _) in enumerate(tokens):
        owner += [number] * (len(token) + 1)
    found = words(text)
    labels: list[int] = []
    before = ("", -1)
    for word in found:
        number = owner[word.start]
        prefix, _, name = tokens[number][1].rpartition("-")
        kind = _CORPUS_KINDS.get(name, "")
        if not kind or word.text in "\"'“”‘’«»,;:।!?":
            labels.append(0)
            before = ("", -1)
            continue
        inside = before[0] == kind and (number == before[1] or prefix != "B")
        labels.append(crf.LABELS.index(("I-" if inside else "B-") + kind))
        before = (kind, number)
    return Sentence(found, set(crf.decode(labels)))


def corpora() -> Table:
    """Exact F1 of what ships on corpora that mark names in their own ways; CoNLL-2003 and IL-NER dev
    are never trained on.
    """
    sets: list[tuple[str, bool, list[Sentence]]] = [
        ("HiNER, held out", True, list(corpus(shared("data", "hiner_hi", "collapsed_train.conll")))[::HELD_OUT]),
        ("IL-NER Hindi, dev", True, list(corpus(shared("data", "ilner_hi", "Hindi-dev.txt")))),
        ("wikigold", False, list(corpus(shared("data", "ner_en_open", "wikigold_wikigold.conll.txt")))),
        ("re3d", False, list(corpus(shared("data", "ner_en_open", "re3d_re3d-train.conll")))),
        ("CoNLL-2003, validation", False, list(corpus(shared("data", "conll2003_en", "valid.txt")))),
    ]
    table = Table("Names in the corpora of others", ("corpus", "sentences", *KINDS, "all"))
    for title, hindi, group in sets:
        table.rows.append((title, len(group), *f1(group, hindi)))
    return table


def f1(group: Sequence[Sentence], hindi: bool) -> list[float | None]:
    """Exact F1 by kind and over all."""
    hit: Counter[str] = Counter()
    got: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for sentence in group:
        read = read_words(sentence.words, hindi)
        path = crf.tagger().tag([(read.texts, crf.places(read.texts, read.matches))])[0]
        found = {(first, last, kind) for first, last, kind, _ in combined(read, crf.decode(path))}
        for counts, names in ((hit, found & sentence.names), (got, found), (gold, sentence.names)):
            counts.update(kind for _, _, kind in names)
            counts["all"] += len(names)
    return [2 * hit[k] / (got[k] + gold[k]) if got[k] + gold[k] else None for k in (*KINDS, "all")]


_PLAIN = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{3,}){1,3}")  # full names: initials and "Md" are written in too many ways


def name_pairs() -> Table:
    """Do a name and its partner in the other script get one id, and how many get the id of somebody else?

    Held-out pairs only: names of election candidates, two to four words of three letters or more.
    """
    table = Table("Cross-script names, held out", ("pairs of", "pairs", "meet", "meet another"))
    folder = shared("data", "name_pairs_hi_en")
    for title, name in (("election candidates", "eci_candidates.tsv"),):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = [(r["hi"], r["en"]) for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][
                ::HELD_OUT
            ]
        full = [(h, e) for h, e in rows if _PLAIN.fullmatch(e) and len(h.split()) == len(e.split()) and "." not in h]
        table.rows.append((title, *_meetings(full)))
    return table


def _meetings(pairs: Sequence[tuple[str, str]]) -> tuple[int, float | None, float | None]:
    owners: dict[str, set[str]] = defaultdict(set)
    for _, english in pairs:
        owners[local_id(english)].add(english.lower())
    meet = wrong = 0
    for hindi, english in pairs:
        ident = local_id(person(hindi))
        met = owners.get(ident, set())
        meet += ident == local_id(english)
        wrong += bool(met) and english.lower() not in met
    count = len(pairs)
    return count, meet / count if count else None, wrong / count if count else None


def tables(records: Iterable[dict[str, Any]], title: str = "Mentions") -> list[Table]:
    """All figures about names; `records` are those of a gold file with text."""
    return [gold_mentions(records, title), seeds(), corpora(), name_pairs()]


def seeds() -> Table:
    """Mentions of the five seed articles, whose text stands in files of its own."""
    records = []
    for record in read(shared("gold", "seeds.jsonl"), needs_text=False):
        text = shared("seeds", record["file"]).read_text(encoding="utf-8-sig", errors="replace")
        records.append({**record, "text": text})
    return gold_mentions(records, "Mentions of the seeds, raw text")


NOTE = """# Names
Written by `python -m services.enricher.evaluate_names`; `varta eval enricher` prints the same figures. Mentions
and links by the scorer of the gold data: a mention is right when its words and its kind are, a link when the name
folds to the gold's. Neither the development set (90 Hindi and 50 English articles) nor the seeds were trained on.
One convention was settled on the development set, because the training articles contradict it: a parliament or a
ministry named without its country (संसद, विदेश मंत्रालय) is a mention, the adjective of a nation before it is not.

The corpora of others mark names in their own ways (adjectives of nations, sports teams by their city, titles inside
names), so these figures of what ships, which follows the project's own way, are lower than those of the same model
with the weights of each corpus's style, which `training/mentions/train.py` prints (see `models/mentions/README.md`).
wikigold, re3d and nine tenths of HiNER were trained on; IL-NER dev and CoNLL-2003 never.

Cross-script names: full names of election candidates, every tenth of which no table or model has seen, spelled in
English from the Hindi form. They meet where both forms get one id, and meet another where the Hindi form gets the id
of somebody else's English name. Most of those that do not meet are different names in the source.
"""


def main() -> None:
    """Print docs/accuracy/names.md."""
    print(NOTE)
    for table in tables(read(shared("gold", "events_dev.jsonl")), "Mentions of the development set"):
        print(f"## {table.title}\n{table.markdown()}\n")


if __name__ == "__main__":
    main()
