"""How well the normalizer does, rerun by `varta eval normalizer`: furniture on built Hindi pages."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from services.contracts.normalized import NormalizedArticle
from services.knowledge.shared import shared
from services.language import characters
from services.normalizer.signs import ends_sentence
from services.normalizer.stage import normalize

_WORD = re.compile(r"[\w\u0900-\u097f]+")
_SEED = 2014


class Page(NamedTuple):
    """A built page: its text as a crawler would send it, the headline, and the lines that are content."""

    layout: str
    raw: str
    title: str
    content: list[str]


class Words(NamedTuple):
    """Words in common with the truth: precision, recall, F1."""

    precision: float
    recall: float
    f1: float


def word_f1(found: str, truth: str) -> Words:
    """Agreement of two texts as bags of lower-case words."""
    a, b = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(truth.lower()))
    shared_words = sum((a & b).values())
    precision, recall = shared_words / max(1, a.total()), shared_words / max(1, b.total())
    f1 = 2 * precision * recall / (precision + recall) if shared_words else 0.0
    return Words(precision, recall, f1)


def built_pages(half: str, pages_a_layout: int = 40) -> Iterator[Page]:
    """Hindi news text in the layouts of one half, `seen` or `unseen`."""
    text = files("services.normalizer").joinpath("data", "layouts.yaml").read_text(encoding="utf-8")
    layouts: list[dict[str, Any]] = [entry for entry in yaml.safe_load(text) if entry["half"] == half]
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


def body_text(article: NormalizedArticle) -> str:
    """The text without bylines, source lines and captions, which are kept but typed."""
    kept = (b for b in article.blocks if b.kind not in ("byline", "source", "caption"))
    return "\n".join(article.text[b.start : b.end] for b in kept)


def show_layouts(half: str, *, verbose: bool = False) -> None:
    by: dict[str, list[Words]] = {}
    for page in built_pages(half):
        article = normalize(page.raw.encode())
        w = word_f1(body_text(article), "\n".join(page.content))
        by.setdefault(page.layout, []).append(w)
        if verbose and (w.f1 < 1) and len([x for x in by[page.layout] if x.f1 < 1]) <= 2:
            print("---", page.layout, w, article.title == page.title, repr(article.title))
            for line in body_text(article).split("\n"):
                if line not in page.content:
                    print("   EXTRA", line)
            for line in page.content:
                if line not in article.text:
                    print("   LOST", line)
    every = [w for ws in by.values() for w in ws]
    for name, ws in [*by.items(), ("all", every)]:
        print(name, len(ws), *(f"{sum(w[i] for w in ws) / len(ws):.4f}" for i in range(3)))
