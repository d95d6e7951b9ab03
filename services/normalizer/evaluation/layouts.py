"""Furniture told from content on built Hindi pages: real news text in the furniture of many layouts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.knowledge.shared import shared
from services.language import characters
from services.normalizer.evaluation.measure import Words, body_text, mean, word_f1
from services.normalizer.signs import ends_sentence
from services.normalizer.stage import normalize
from services.normalizer.tables import table

_SEED = 2014


class Page(NamedTuple):
    """A built page: its text as a crawler would send it, the headline, and the lines that are content."""

    layout: str
    raw: str
    title: str
    content: list[str]


def built_pages(half: str, pages_a_layout: int = 40) -> Iterator[Page]:
    """Hindi news text in the layouts of one half, `seen` or `unseen`."""
    layouts: list[dict[str, Any]] = [entry for entry in table("layouts") if entry["half"] == half]
    sentences = shared("data", "parallel_news_en_hi", "newstest2014.hi").read_text(encoding="utf-8").splitlines()
    sentences = [s for s in map(characters.clean, sentences) if s]
    headlines = [s for s in sentences if 4 <= len(s.split()) <= 14 and not ends_sentence(s)]
    statements = [s for s in sentences if ends_sentence(s) and len(s.split()) >= 5]
    rng = random.Random(_SEED)
    for layout in layouts:
        for _ in range(pages_a_layout):
            at = rng.randrange(len(statements) - 20)
            pool = iter(statements[at : at + 20])
            content = [
                " ".join(s for _, s in zip(range(rng.randint(1, 3)), pool, strict=False))
                for _ in range(rng.randint(4, 8))
            ]
            yield _page(layout, [c for c in content if c], headlines, rng)


def _page(layout: dict[str, Any], content: list[str], headlines: list[str], rng: random.Random) -> Page:
    title = rng.choice(headlines)
    day = f"{rng.randint(1, 28)} {rng.choice(['जनवरी', 'मार्च', 'अगस्त', 'अक्टूबर', 'दिसंबर'])} {rng.randint(2015, 2024)}"

    def fill(line: str) -> str:
        while "{other}" in line:
            line = line.replace("{other}", rng.choice(headlines), 1)
        return line.replace("{title}", title).replace("{date}", day).replace("{n}", str(rng.randint(2, 900)))

    lines = [*map(fill, layout["top"]), title, *map(fill, layout["after_title"])]
    between = list(layout["middle"])
    slots = sorted(rng.sample(range(1, len(content)), min(len(between), len(content) - 1)))
    for index, paragraph in enumerate(content):
        if index in slots:
            lines.append(fill(between[slots.index(index)]))
        lines.append(paragraph)
    lines += map(fill, layout["end"])
    return Page(layout["name"], rng.choice(["\n", "\n\n"]).join(lines), title, content)


def figures(half: str) -> dict[str, dict[str, float]]:
    """Precision, recall (1 minus the loss of content) and F1 by layout and over all, for one half of the layouts."""
    by: dict[str, list[Words]] = {}
    for page in built_pages(half):
        found = body_text(normalize(page.raw.encode()))
        by.setdefault(page.layout, []).append(word_f1(found, "\n".join(page.content)))
    every = [words for rows in by.values() for words in rows]
    return {name: mean(rows)._asdict() for name, rows in [*by.items(), ("all", every)]}
