"""The seed articles: furniture gone, content kept, copies counted, code-mixed words in their language, dates apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from services.contracts.normalized import NormalizedArticle
from services.knowledge.shared import shared
from services.language.sentences import split
from services.normalizer.stage import normalize


def figures(path: Path) -> dict[str, object]:
    """Counts over gold records with `boilerplate`, `repeated_blocks` and `code_mixed`, and the misses by name."""
    totals = {
        name: [0, 0] for name in ("furniture gone", "content kept", "copies counted", "titles", "code-mixed", "dates")
    }
    misses: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if "boilerplate" not in gold:
            continue
        raw = gold.get("text") or shared("seeds", gold["file"]).read_text(encoding="utf-8")
        article = normalize(raw.encode(), "text/plain")
        for name, what, good in _checks(gold, raw, article):
            totals[name][0] += good
            totals[name][1] += 1
            if not good:
                misses.append(f"{gold['id']}: {name}: {what[:80]!r}")
    return {**{name: f"{good} of {total}" for name, (good, total) in totals.items()}, "misses": misses}


def _checks(gold: dict[str, Any], raw: str, article: NormalizedArticle) -> list[tuple[str, str, bool]]:
    """(figure, what, good) of one article."""
    text = article.text
    checks = [("furniture gone", b, b not in text and (b.strip() in raw)) for b in gold["boilerplate"]]
    taken = [*gold["boilerplate"], gold["title"] or "\0"]
    for start, end in split(raw):
        sentence = raw[start:end]
        if not any(sentence in t or t.strip() in sentence for t in taken):
            checks.append(("content kept", sentence, sentence in text))
    copies = sum(r.count for r in article.removed if r.reason == "repeated")
    checks.append(("copies counted", f"{copies} for {gold['repeated_blocks']}", copies == gold["repeated_blocks"]))
    checks.append(("titles", str(article.title), article.title == gold["title"]))
    for span in gold["code_mixed"]:
        at = text.find(span)
        block = next((b for b in article.blocks if b.start <= at < b.end), None)
        alone = block is not None and len(span) > (block.end - block.start) / 2
        checks.append(("code-mixed", span, at >= 0 and (not alone or (block is not None and block.language == "en"))))
    checks.append(("dates", str(article.published), article.published == gold["published"]))
    return checks
