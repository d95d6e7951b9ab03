"""Embeds the commonest Hindi and English words by multilingual-e5-small: the raw material of the static word vectors.

    python embed.py MODEL_DIR OUT.npz        MODEL_DIR as `training/encoder/e5.py unpack` writes it

Words come from PyPI's wordfreq (data CC BY-SA 4.0). One thread; about ten minutes on one core.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "encoder"))
from e5 import load

HINDI, ENGLISH = 26_604, 30_000
WORD = {"hi": re.compile(r"^[\u0900-\u0963\u0970-\u097f\u200c\u200d]{2,}$"), "en": re.compile(r"^[a-z][a-z'’-]+$")}


def vocabulary() -> list[tuple[str, str, float]]:
    """(language, word, Zipf frequency), commonest first in each language."""
    from wordfreq import top_n_list, zipf_frequency

    return [
        (language, word, zipf_frequency(word, language))
        for language, n in (("hi", HINDI), ("en", ENGLISH))
        for word in top_n_list(language, n)
        if WORD[language].match(word)
    ]


def main(model: Path, out: Path) -> None:
    torch.set_num_threads(1)
    encoder, tokenizer = load(model)
    encoder.eval()
    words = vocabulary()
    prefix = [*tokenizer.word("query:")[0]]
    coded = [[0, *prefix, *tokenizer.word(word)[0], 2] for _, word, _ in words]
    vectors = np.zeros((len(words), encoder.meta["hidden"]), np.float16)
    order = sorted(range(len(words)), key=lambda i: len(coded[i]))
    with torch.inference_mode():
        for at in range(0, len(order), 256):
            rows = order[at : at + 256]
            width = max(len(coded[i]) for i in rows)
            ids = torch.full((len(rows), width), 1)
            mask = torch.zeros(len(rows), width)
            for row, i in enumerate(rows):
                ids[row, : len(coded[i])] = torch.tensor(coded[i])
                mask[row, : len(coded[i])] = 1
            states = encoder(ids, mask)
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            vectors[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
            if at % 5120 == 0:
                print(at, "of", len(order), flush=True)
    np.savez(
        out,
        vectors=vectors,
        words=np.array([w for _, w, _ in words]),
        languages=np.array([language for language, _, _ in words]),
        zipf=np.array([z for _, _, z in words], np.float32),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
