"""Makes models/stories/words.npz: how large a share of articles holds each common word, in Hindi and English.

    python -m training.stories.make_words OUT.npz

From PyPI's wordfreq (data CC BY-SA 4.0): a word of frequency f is in an article of 300 words with 1 - (1 - f) ** 300.
Words that begin alike are one key, as services.stories.keys counts them.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict

import numpy as np

from services.stories.keys import word_key

WORDS = 300
LEAST = 1e-3  # rarer words are as good as unknown
LETTERS = re.compile(r"[a-z\u00C0-\u024F]{2,}|[\u0900-\u0963\u0970-\u097f\u200c\u200d]{2,}")


def main(out: str) -> None:
    """Write the table."""
    from wordfreq import top_n_list, word_frequency

    frequencies: dict[int, float] = defaultdict(float)
    for language in ("hi", "en"):
        for word in top_n_list(language, 30_000):
            if LETTERS.fullmatch(word):
                frequencies[word_key(word)] += word_frequency(word, language)
    shares = {key: 1 - (1 - f) ** WORDS for key, f in frequencies.items()}
    common = sorted(key for key, share in shares.items() if share >= LEAST)
    rarity = np.array([round(-16 * np.log(shares[key])) for key in common], np.uint8)
    np.savez_compressed(out, keys=np.array(common, np.uint32), rarity=rarity)
    print(len(common), "keys")


if __name__ == "__main__":
    main(sys.argv[1])
