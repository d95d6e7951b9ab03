"""Furniture by repetition: what one source repeats on many different articles belongs to its pages.

The learner folds a stream of clean articles into a table; the stage takes the table and lists such lines as removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from services.contracts.normalized import NormalizedArticle
from services.language.characters import line_reading

Table = Mapping[str, frozenset[str]]  # source to readings of its lines

_ARTICLES = 5  # different articles that must hold a line
_SHARE = 0.05  # of the source's articles; below it a repeated sentence may be news
_LONGEST = 300  # characters; a longer line that is repeated is a wire copy
_MOST_LINES = 20_000  # of one source; the rarest are forgotten first


class Learner:
    """Counts, source by source, the different articles that hold a line. Its memory is bounded."""

    def __init__(self) -> None:
        self._articles: dict[str, set[int]] = {}
        self._lines: dict[str, dict[str, set[int]]] = {}

    def see(self, article: NormalizedArticle) -> None:
        """Count the lines of one article; copies of an article under one headline count once."""
        source = article.source or article.host
        if not source:
            return
        own = hash(line_reading(article.title)) if article.title else hash(article.content_hash)
        self._articles.setdefault(source, set()).add(own)
        lines = self._lines.setdefault(source, {})
        posts = {article.text[b.start : b.end] for b in article.blocks if b.kind == "embed"}
        for text in article.text.split("\n"):
            if len(text) <= _LONGEST and text not in posts:
                seen = lines.setdefault(line_reading(text), set())
                if len(seen) < 1000:
                    seen.add(own)
        if len(lines) > _MOST_LINES:
            often = sorted(lines.items(), key=lambda item: len(item[1]), reverse=True)[: _MOST_LINES // 2]
            self._lines[source] = dict(often)

    def table(self) -> dict[str, frozenset[str]]:
        """Lines that are furniture of their source, for sources that have any."""
        found: dict[str, frozenset[str]] = {}
        for source, lines in self._lines.items():
            least = max(_ARTICLES, _SHARE * len(self._articles[source]))
            kept = frozenset(line for line, seen in lines.items() if len(seen) >= least)
            if kept:
                found[source] = kept
        return found


def learn(articles: Iterable[NormalizedArticle]) -> dict[str, frozenset[str]]:
    """The table of a finite stream of articles."""
    learner = Learner()
    for article in articles:
        learner.see(article)
    return learner.table()


def save(table: Table, path: Path) -> None:
    """Write a table as JSON lines, a source each, in a stable order."""
    rows = (orjson.dumps({"source": source, "lines": sorted(lines)}) for source, lines in sorted(table.items()))
    path.write_bytes(b"".join(row + b"\n" for row in rows))


def load(path: Path) -> dict[str, frozenset[str]]:
    """Read what `save` wrote; raises ValueError naming the line that is none."""
    table: dict[str, frozenset[str]] = {}
    for number, row in enumerate(path.read_bytes().splitlines(), 1):
        try:
            entry = orjson.loads(row)
            table[str(entry["source"])] = frozenset(map(str, entry["lines"]))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not a source with its lines ({error})") from None
    return table
