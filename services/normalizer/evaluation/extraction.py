"""Articles out of HTML, on pages with gold text, side by side with trafilatura alone; accuracy and speed."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import trafilatura

from services.contracts.stage import Reject
from services.normalizer.evaluation.measure import Words, mean, word_f1
from services.normalizer.stage import normalize


def figures(folder: Path) -> dict[str, object]:
    """Figures of a folder with `ground-truth.json` and `html/<id>.html.gz`."""
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    ours: list[Words] = []
    theirs: list[Words] = []
    seconds = [0.0, 0.0]
    better = worse = 0
    for key, entry in sorted(gold.items()):
        page = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        begun = time.process_time()
        alone = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        seconds[0] += time.process_time() - begun
        begun = time.process_time()
        try:
            text = normalize(page, "text/html").text
        except Reject:
            text = ""
        seconds[1] += time.process_time() - begun
        ours.append(word_f1(text, entry["articleBody"]))
        theirs.append(word_f1(getattr(alone, "text", "") or "", entry["articleBody"]))
        better += ours[-1].f1 > theirs[-1].f1 + 0.001
        worse += ours[-1].f1 < theirs[-1].f1 - 0.001
    return {
        "pages": len(ours),
        "varta": mean(ours)._asdict(),
        "trafilatura": mean(theirs)._asdict(),
        "pages better, worse": f"{better}, {worse}",
        "speed, share of trafilatura": seconds[0] / max(1e-9, seconds[1]),
    }
