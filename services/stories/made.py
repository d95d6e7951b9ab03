"""Articles made from real text, for evaluation: translated documents, and near-duplicates by an editor's edits."""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from services.knowledge.shared import shared
from services.language import sentences

LONGEST = 10  # sentences of a translated document
SHORTEST = 25  # words of an article
_SENTENCE = re.compile(r"[.!?।\"”'’)]\s*$")


def translations(dealt: bool) -> Iterator[dict[str, Any]]:
    """News documents in English and Hindi, as raw articles `DOCUMENT/en` and `DOCUMENT/hi`.

    `dealt` gives every other sentence to one language and the rest to the other, so that nothing is told twice. Of
    FLORES and Parallel UD it is the half that training/stories/constructed.py leaves alone.
    """
    for name, english, hindi in (*_newstest(), *_flores(), *_pud()):
        english, hindi = english[:LONGEST], hindi[:LONGEST]
        if dealt:
            if len(english) < 4:
                continue
            english, hindi = english[::2], hindi[1::2]
        texts = {"en": " ".join(english), "hi": " ".join(hindi)}
        if min(len(text.split()) for text in texts.values()) >= SHORTEST:
            for language, text in texts.items():
                yield {"id": f"{name}/{language}", "language": language, "text": text}


Document = tuple[str, list[str], list[str]]


def held_out(document: str) -> bool:
    """Whether a document of FLORES or Parallel UD is kept for evaluation."""
    return crc32(document.encode()) % 2 == 0


def _newstest() -> Iterator[Document]:
    """News documents of newstest2014, which begin at a headline: a short line without a full stop, alone."""
    folder = shared("data", "parallel_news_en_hi")
    english, hindi = ((folder / f"newstest2014.{x}").read_text("utf-8").splitlines() for x in ("en", "hi"))
    heads = [n for n, line in enumerate(english) if not _SENTENCE.search(line) and len(line.split()) <= 14]
    starts = [n for n in heads if n - 1 not in heads]
    for start, end in zip(starts, [*starts[1:], len(english)], strict=True):
        if end - start >= 5:
            yield f"newstest-{start}", english[start:end], hindi[start:end]


def _flores() -> Iterator[Document]:
    folder = shared("data", "flores_en_hi")
    if not folder.exists():
        return
    rows = [line.split("\t") for line in (folder / "metadata_devtest.tsv").read_text("utf-8").splitlines()[1:]]
    english, hindi = ((folder / f"devtest.{x}").read_text("utf-8").splitlines() for x in ("en", "hi"))
    grouped: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row, en, hi in zip(rows, english, hindi, strict=True):
        if row[1] == "wikinews" and held_out(row[0]):
            grouped[row[0]][0].append(en)
            grouped[row[0]][1].append(hi)
    for n, (en_lines, hi_lines) in enumerate(grouped.values()):
        yield f"flores-{n}", en_lines, hi_lines


def _pud() -> Iterator[Document]:
    path = shared("data", "pud_hi_en", "pud_parallel.tsv")
    if not path.exists():
        return
    grouped: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["doc"].startswith("n") and held_out(row["doc"]):
                grouped[row["doc"]][0].append(row["en"])
                grouped[row["doc"]][1].append(row["hi"])
    for document, (en_lines, hi_lines) in grouped.items():
        yield f"pud-{document}", en_lines, hi_lines


# -- copies -----------------------------------------------------------------------------------------------------------

Sentences = list[str]
_LEADS = {
    "en": [
        "Here is what is known so far about a story that many readers have asked about since the morning.",
        "Officials confirmed the details late in the evening after hours of conflicting reports from the scene.",
        "The news has drawn reactions from around the world, and more statements are expected in the coming days.",
    ],
    "hi": [
        "इस मामले पर सुबह से तरह-तरह की खबरें आ रही थीं, अब अधिकारियों ने पूरी जानकारी दी है।",
        "देर शाम तक चली गहमागहमी के बाद आखिरकार इस खबर की पुष्टि हो गई है, पढ़िए पूरा ब्योरा।",
        "इस घटना को लेकर लोगों में काफी चर्चा है और आने वाले दिनों में कुछ और बयान आ सकते हैं।",
    ],
}
_CREDITS = {
    "en": [
        ("said", "told reporters"),
        ("Reuters", "agencies"),
        ("AP", "PTI"),
        ("according to", "as per"),
        ("Monday", "on Monday"),
    ],
    "hi": [("कहा", "बताया"), ("के मुताबिक", "के अनुसार"), ("पीटीआई", "एजेंसी"), ("ने कहा कि", "का कहना है कि")],
}
_ENDS = {
    "en": [
        "Follow us for live updates.",
        "(This story has not been edited by our staff and comes from a syndicated feed.)",
    ],
    "hi": ["ताजा खबरों के लिए हमारे साथ बने रहें।", "(यह खबर एजेंसी फीड से सीधे ली गई है।)"],
}


def _cut(draw: random.Random, parts: Sentences, language: str) -> Sentences:
    return parts[: max(3, round(len(parts) * draw.uniform(0.4, 0.8)))]


def _led(draw: random.Random, parts: Sentences, language: str) -> Sentences:
    return [draw.choice(_LEADS[language]), *parts[draw.choice((0, 1, 1)) :]]


def _credited(draw: random.Random, parts: Sentences, language: str) -> Sentences:
    text = "\x00".join(parts)
    for old, new in _CREDITS[language]:
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
    return [*text.split("\x00"), draw.choice(_ENDS[language])]


def _reordered(draw: random.Random, parts: Sentences, language: str) -> Sentences:
    size = draw.choice((1, 2, 3))
    blocks = [parts[i : i + size] for i in range(0, len(parts), size)]
    draw.shuffle(blocks)
    return [part for block in blocks for part in block]


_NAME = {"en": re.compile(r"\b[A-Z][a-z]{3,}\b"), "hi": re.compile(r"[\u0900-\u0963]*[ंँ़ईण][\u0900-\u0963]*")}
_SPELLING = {
    "en": [("ee", "i"), ("oo", "u"), ("sky", "skiy"), ("kh", "h"), ("ou", "ow"), ("y", "i"), ("c", "k"), ("ai", "ay")],
    "hi": [("ँ", "ं"), ("़", ""), ("ई", "यी"), ("ण", "न")],
}


def _respelt(draw: random.Random, parts: Sentences, language: str) -> Sentences:
    """A third of the names in another spelling, each the same throughout."""
    changed: dict[str, str] = {}

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        if word not in changed:
            new = word
            if draw.random() < 0.35:
                for old, other in _SPELLING[language]:
                    new = word[0] + word[1:].replace(old, other, 1)
                    if new != word:
                        break
            changed[word] = new
        return changed[word]

    return [_NAME[language].sub(spell, part) for part in parts]


EDITS: dict[str, Callable[[random.Random, Sentences, str], Sentences]] = {
    "cut": _cut,
    "led": _led,
    "credited": _credited,
    "reordered": _reordered,
    "respelt": _respelt,
}


def edited(records: Sequence[dict[str, Any]], seed: int = 7) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Articles with up to three edited copies each, and for each the id of its original.

    Articles that hold a quarter of another's runs of eight words are copies in reality and share its original; one of
    two that share a tenth is left out, since nobody knows what it is.
    """
    draw = random.Random(seed)
    stream: list[dict[str, Any]] = []
    truth: dict[str, str] = {}
    for record, root in _rooted(records):
        parts = [record["text"][a:b].strip() for a, b in sentences.split(record["text"])]
        truth[record["id"]] = root
        stream.append(record)
        if len(parts) < 6:
            continue
        for number in range(draw.choice((0, 1, 1, 2, 3))):
            first, second = draw.sample(sorted(EDITS), 2)
            text = EDITS[first](draw, parts, record["language"])
            if number == 2:
                text = EDITS[second](draw, text, record["language"])
            name = f"{record['id']}/{number}/{first}"
            truth[name] = root
            stream.append(
                {**record, "id": name, "text": " ".join(text), "published": _later(record["published"], number + 1)}
            )
    return stream, truth


def _later(published: str | None, hours: int) -> str | None:
    return (datetime.fromisoformat(published) + timedelta(hours=hours)).isoformat() if published else None


def _rooted(records: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Articles with the earliest one whose text they share, those in doubt left out."""
    kept: list[tuple[set[tuple[str, ...]], str]] = []
    for record in sorted(records, key=lambda r: (r["published"] or "", r["id"])):
        words = re.findall(r"\w+", record["text"].lower())
        runs = {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
        likeness = [(len(runs & other) / max(1, min(len(runs), len(other))), root) for other, root in kept]
        best, root = max(likeness, default=(0.0, ""))
        if 0.1 <= best < 0.25:
            continue
        root = root if best >= 0.25 else record["id"]
        kept.append((runs, root))
        yield record, root
