"""Plain articles of 250 words a second on one core, by processor time."""

from __future__ import annotations

import time

from services.contracts.stage import Message
from services.knowledge.shared import shared
from services.normalizer.stage import NormalizerStage

_WORDS = 250


def figures() -> dict[str, object]:
    """Articles a second, of plain text and of raw JSON, in Hindi and English; the text is new to the process."""
    stage = NormalizerStage()
    found: dict[str, object] = {}
    for language in ("hi", "en"):
        texts = _articles(language)
        half = len(texts) // 2
        for text in texts[:half]:
            stage.process(Message(text.encode()))
        begun = time.process_time()
        for text in texts[half:]:
            stage.process(Message(text.encode()))
        found[f"plain {language}, articles a second"] = round((len(texts) - half) / (time.process_time() - begun))
    return found


def _articles(language: str) -> list[str]:
    """Texts of about 250 words of consecutive sentences, three to a paragraph."""
    lines = shared("data", "parallel_news_en_hi", f"newstest2014.{language}").read_text(encoding="utf-8").splitlines()
    articles: list[str] = []
    paragraphs: list[str] = []
    words = 0
    for at in range(0, len(lines), 3):
        paragraph = " ".join(line.strip() for line in lines[at : at + 3])
        paragraphs.append(paragraph)
        words += len(paragraph.split())
        if words >= _WORDS:
            articles.append("\n".join(paragraphs))
            paragraphs, words = [], 0
    return articles
