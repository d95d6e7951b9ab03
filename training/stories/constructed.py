"""Makes pairs of articles that tell one story out of single and translated ones: what the story scorer learns from.

    python -m training.stories.constructed OUT.jsonl

Sources: the project's own articles (gold/events_train_*, training/texts; CC0), TICO-19 (CC0), and the half of
FLORES-200 devtest (CC BY-SA 4.0) and Parallel UD (CC BY-SA 3.0) that is not kept for evaluation. Two articles of one
story share no sentence, or one or two, as reports of two outlets do: an article's sentences are dealt out to two, the
longest first, and some are given to both. Translated documents are dealt out across the languages. `story` names the
document, `family` the source.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from services.knowledge.shared import ROOT, shared
from services.language import sentences
from services.stories.made import held_out

SHORTEST = 25  # words of an article
PIECE = 10  # sentences of an encyclopedic text that make an article


def dealt(draw: random.Random, first: list[str], second: list[str]) -> tuple[str, str]:
    """Two texts from a document's sentences in two versions (twice the same, or two languages)."""
    numbers = list(range(len(first)))
    both = draw.choice((0, 0, 1, 1, 2)) if len(numbers) > 3 else 0
    shared_ones = set(draw.sample(numbers, both))
    left = {n for n in numbers if n % 2 == 0} | shared_ones
    right = {n for n in numbers if n % 2 == 1} | shared_ones
    return " ".join(first[n] for n in sorted(left)), " ".join(second[n] for n in sorted(right))


def own() -> Iterator[dict[str, Any]]:
    """The project's own articles, each dealt out to two."""
    draw = random.Random(1)
    files = [
        *sorted(shared("gold").glob("events_train_*.jsonl")),
        *sorted((ROOT / "training" / "texts").glob("*.jsonl")),
    ]
    for file in files:
        for line in file.read_bytes().splitlines():
            record = orjson.loads(line)
            parts = [record["text"][a:b].strip() for a, b in sentences.split(record["text"])]
            if len(parts) < 4:
                continue
            for n, text in enumerate(dealt(draw, parts, parts)):
                title = record["title"] if n == draw.randrange(2) else None
                yield _article(
                    f"{record['id']}/{n}", record["id"], "own", record["language"], text, title, record["published"]
                )


def documents() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """(family, document, English sentences, Hindi sentences) of the translated sources."""
    grouped: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    flores = shared("data", "flores_en_hi")
    urls = [line.split("\t")[0] for line in (flores / "metadata_devtest.tsv").read_text("utf-8").splitlines()[1:]]
    english, hindi = ((flores / f"devtest.{x}").read_text("utf-8").splitlines() for x in ("en", "hi"))
    for url, en, hi in zip(urls, english, hindi, strict=True):
        grouped["flores", url][0].append(en)
        grouped["flores", url][1].append(hi)
    with (shared("data", "pud_hi_en", "pud_parallel.tsv")).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            grouped["pud", row["doc"]][0].append(row["en"])
            grouped["pud", row["doc"]][1].append(row["hi"])
    for (family, document), (en_lines, hi_lines) in grouped.items():
        if held_out(document):
            continue
        yield family, document, en_lines, hi_lines


def translated() -> Iterator[dict[str, Any]]:
    """Translated documents: whole in both languages, and dealt out across them."""
    draw = random.Random(2)
    for n, (family, _document, english, hindi) in enumerate(documents()):
        name = f"{family}-{n}"
        if len(english) >= 4 and n % 2:
            for turn, (first, second) in enumerate(((english, hindi), (hindi, english))):
                left, right = dealt(draw, first, second)
                languages = ("en", "hi") if turn == 0 else ("hi", "en")
                yield _article(f"{name}/{turn}a", f"{name}/{turn}", family, languages[0], left)
                yield _article(f"{name}/{turn}b", f"{name}/{turn}", family, languages[1], right)
        else:
            yield _article(f"{name}/en", name, family, "en", " ".join(english))
            yield _article(f"{name}/hi", name, family, "hi", " ".join(hindi))


def encyclopedic() -> Iterator[dict[str, Any]]:
    """Pieces of TICO-19 (CC0) of a newspaper article's length: the next piece of a text is near, and another story."""
    folder = shared("data", "parallel_news_en_hi")
    sources = [line.partition(":")[0] for line in (folder / "tico19-test.en.info").read_text("utf-8").splitlines()]
    english, hindi = ((folder / f"tico19-test.{x}").read_text("utf-8").splitlines() for x in ("en", "hi"))
    start = 0
    while start < len(sources):
        end = start
        while end < len(sources) and sources[end] == sources[start] and end - start < PIECE:
            end += 1
        name = f"tico-{start}"
        yield _article(f"{name}/en", name, "tico", "en", " ".join(english[start:end]))
        yield _article(f"{name}/hi", name, "tico", "hi", " ".join(hindi[start:end]))
        start = end


def _article(
    id: str, story: str, family: str, language: str, text: str, title: str | None = None, published: str | None = None
) -> dict[str, Any]:
    return {
        "id": id, "story": story, "family": family, "language": language,
        "title": title, "published": published, "text": text,
    }  # fmt: skip


def main(out: Path) -> None:
    """Write the articles."""
    articles = [a for a in (*own(), *translated(), *encyclopedic()) if len(a["text"].split()) >= SHORTEST]
    number = defaultdict(int)
    for article in articles:
        number[article["story"]] += 1
    kept = [a for a in articles if number[a["story"]] > 1]
    out.write_bytes(b"".join(orjson.dumps(a) + b"\n" for a in kept))
    print(len(kept), "articles of", len({a["story"] for a in kept}), "stories")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
