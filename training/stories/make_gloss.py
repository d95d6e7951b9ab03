"""Makes models/stories/gloss.npz: for each common Hindi word the English word that means most nearly the same.

    python -m training.stories.make_gloss OUT.npz

The nearest English word in models/vectors (CC BY-SA 4.0), where it is near enough. Both as keys of
services.stories.keys.
"""

from __future__ import annotations

import sys

import numpy as np

from services.enricher.fingerprint import vectors
from services.language.scripts import is_deva
from services.stories.frequency import background
from services.stories.keys import word_key

NEAR = 0.5  # least cosine
COMMON = 0.05  # share of articles from which a word says nothing of their subject


def main(out: str) -> None:
    """Write the table."""
    table = vectors()
    words = list(table.rows)
    units = table.vectors.astype(np.float32)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    hindi = [i for i, word in enumerate(words) if is_deva(word)]
    english = [i for i, word in enumerate(words) if word[0].isascii() and word[0].isalpha()]
    found: dict[int, tuple[float, int]] = {}
    for start in range(0, len(hindi), 1000):
        rows = hindi[start : start + 1000]
        likeness = units[rows] @ units[english].T
        best = likeness.argmax(axis=1)
        for row, at in enumerate(best.tolist()):
            near = float(likeness[row, at])
            key = word_key(words[rows[row]])
            if background(np.array([key], np.uint32), "words")[0] > COMMON:
                continue
            if near >= NEAR and near > found.get(key, (0.0, 0))[0]:
                found[key] = near, word_key(words[english[at]])
    keys = sorted(found)
    np.savez_compressed(
        out, hindi=np.array(keys, np.uint32), english=np.array([found[key][1] for key in keys], np.uint32)
    )
    print(len(keys), "of", len(hindi), "words")


if __name__ == "__main__":
    main(sys.argv[1])
