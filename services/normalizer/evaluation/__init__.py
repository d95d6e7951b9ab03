"""How well the normalizer does, rerun by `varta eval normalizer`; the targets stand beside the figures in the docs."""

from __future__ import annotations

from pathlib import Path

from services.knowledge.shared import shared
from services.normalizer.evaluation import extraction, hostile, languages, layouts, seeds, speed


def evaluate(data: Path | None = None, profile: str = "accurate") -> dict[str, object]:
    """Every figure on the development data, or those that a file of the same format allows.

    `data` is a gold file like the seeds (.jsonl), a file of `tag<TAB>sentence` (.tsv), or a folder with
    `ground-truth.json` and `html/`. The profile changes nothing here. Raises FileNotFoundError where data is missing.
    """
    del profile
    if data is not None:
        if data.is_dir():
            return {"pages": extraction.figures(data)}
        if data.suffix == ".tsv":
            return {"languages": languages.figures(data, halved=False)}
        return {"seeds": seeds.figures(data)}
    return {
        "seeds": seeds.figures(shared("gold", "seeds.jsonl")),
        "pages": extraction.figures(shared("data", "extraction_gold")),
        "Hindi furniture, unseen layouts": layouts.figures("unseen"),
        "Hindi furniture, seen layouts": layouts.figures("seen")["all"],
        "languages": languages.figures(shared("data", "lid_eval", "flores_lid.tsv"), halved=True),
        "romanised Hindi": languages.romanised(),
        "speed": speed.figures(),
        "hostile input, seconds": hostile.figures(),
    }
