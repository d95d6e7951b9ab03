"""Labelled sentences of the corpora that the mention tagger learns from and is measured on, cut into
the project's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.knowledge.shared import ROOT, shared
from services.language import sentences
from services.language.words import Word, words

KINDS = {
    "PERSON": "PER", "LOCATION": "LOC", "ORGANIZATION": "ORG", "NEP": "PER", "NEL": "LOC", "NEO": "ORG",
    "PER": "PER", "LOC": "LOC",
    "ORG": "ORG", "Person": "PER", "Location": "LOC", "Organisation": "ORG",
}  # fmt: skip


@dataclass(slots=True)
class Example:
    """One sentence: words, a label (O, B-PER …) for each, language and corpus."""

    words: list[Word]
    labels: list[str]
    language: str
    corpus: str


def conll(path: Path, language: str, corpus: str, column: int = 1) -> Iterator[Example]:
    """Sentences of a token-a-line file; IOB1 and IOB2 both become IOB2."""
    tokens: list[tuple[str, str]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            parts = line.split()
            if len(parts) < 2 or parts[0] == "-DOCSTART-":
                if tokens and len(parts) < 2:
                    yield _example(tokens, language, corpus)
                    tokens = []
                continue
            tokens.append((parts[0], parts[column]))
    if tokens:
        yield _example(tokens, language, corpus)


def _example(tokens: list[tuple[str, str]], language: str, corpus: str) -> Example:
    """Cut corpus tokens into the project's words; the later words of a token are inside its name."""
    text = " ".join(token for token, _ in tokens)
    owner: dict[int, int] = {}
    at = 0
    for number, (token, _) in enumerate(tokens):
        for offset in range(at, at + len(token)):
            owner[offset] = number
        at += len(token) + 1
    found = words(text)
    labels, before = [], ("", -1)
    for word in found:
        number = owner.get(word.start, -1)
        tag = tokens[number][1] if number >= 0 else "O"
        prefix, _, name = tag.rpartition("-")
        kind = KINDS.get(name, "")
        sign = len(word.text) == 1 and not word.text.isalnum() and word.text in "\"'“”‘’«»,;:।!?"
        if not kind or sign:
            labels.append("O")
            before = ("", -1)
            continue
        inside = before[0] == kind and (number == before[1] or prefix != "B")
        labels.append(("I-" if inside else "B-") + kind)
        before = (kind, number)
    return Example(found, labels, language, corpus)


def own(path: Path, corpus: str = "own") -> Iterator[Example]:
    """Sentences of the project's own articles; every occurrence of a listed form is a name, longer forms first."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "text" in record:
            yield from article(record, corpus)


def article(record: dict[str, object], corpus: str) -> Iterator[Example]:
    """Sentences of one article with `mentions`."""
    text = str(record["text"])
    mentions: list[dict[str, str]] = record["mentions"]  # type: ignore[assignment]
    kind_at: dict[int, tuple[str, int]] = {}
    for mention in sorted(mentions, key=lambda m: -len(m["text"])):
        form = mention["text"]
        edge = r"(?<![\w\u0900-\u0963\u0970-\u097F])", r"(?![\u0900-\u0963\u0970-\u097F]|\w)"
        for match in re.finditer(edge[0] + re.escape(form) + edge[1], text):
            if not any(i in kind_at for i in range(match.start(), match.end())):
                for i in range(match.start(), match.end()):
                    kind_at[i] = (mention["kind"], match.start())
    for start, end in sentences.split(text):
        found = words(text, start, end)
        labels, before = [], -1
        for word in found:
            kind, begin = kind_at.get(word.start, ("", -1))
            labels.append("O" if not kind else ("I-" if begin == before else "B-") + kind)
            before = begin
        yield Example(found, labels, str(record["language"]), corpus)


def hiner() -> Iterator[Example]:
    yield from conll(shared("data", "hiner_hi", "collapsed_train.conll"), "hi", "hiner")


def ilner(part: str = "train") -> Iterator[Example]:
    yield from conll(shared("data", "ilner_hi", f"Hindi-{part}.txt"), "hi", "ilner")


def english_open() -> Iterator[Example]:
    yield from conll(shared("data", "ner_en_open", "wikigold_wikigold.conll.txt"), "en", "wikigold")
    yield from conll(shared("data", "ner_en_open", "re3d_re3d-train.conll"), "en", "re3d")


def conll2003() -> Iterator[Example]:
    """For evaluation only."""
    path = shared("data", "conll2003_en", "valid.txt")
    yield from conll(path, "en", "conll")


def articles() -> list[Path]:
    """The project's own labelled articles; never the development set or the seeds."""
    return [shared("gold", f"events_train_{part}.jsonl") for part in "ab"] + sorted(
        (ROOT / "training" / "texts").glob("*.jsonl")
    )
