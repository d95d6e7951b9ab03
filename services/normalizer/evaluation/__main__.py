"""Writes docs/accuracy/normalizer.md."""

from __future__ import annotations

from services.knowledge.shared import ROOT
from services.normalizer.evaluation import evaluate
from services.normalizer.evaluation.report import markdown

if __name__ == "__main__":
    (ROOT / "docs" / "accuracy" / "normalizer.md").write_text(markdown(evaluate()), encoding="utf-8")
