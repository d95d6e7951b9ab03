"""Makes models/stories/background.npz: how large a share of articles holds each common word and each common name.

    python -m training.stories.make_words TAGGED.jsonl OUT.npz

Words: from PyPI's wordfreq (data CC BY-SA 4.0): a word of frequency f is in an article of 300 words with
1 - (1 - f) ** 300. Words that begin alike are one key, as services.stories.keys counts them.
Names: counted in TAGGED.jsonl, the project's own training articles (CC0) after `varta`'s stages.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import orjson

from services.stories.keys import keys_of, word_key

WORDS = 300
LEAST = 1e-3  # rarer words are as good as unknown
LETTERS = re.compile(r"[a-z\u00C0-\u024F]{2,}|[\u0900-\u0963\u0970-\u097f\u200c\u200d]{2,}")
SEEN = 3  # articles that name a name before it counts as common


def words() -> dict[int, float]:
    """Share of articles that hold each word key."""
    from wordfreq import top_n_list, word_frequency

    frequencies: dict[int, float] = defaultdict(float)
    for language in ("hi", "en"):
        for word in top_n_list(language, 30_000):
            if LETTERS.fullmatch(word):
                frequencies[word_key(word)] += word_frequency(word, language)
    return {key: 1 - (1 - f) ** WORDS for key, f in frequencies.items()}


def names(articles: Path) -> dict[int, float]:
    """Share of articles that name each entity; smaller than counted, for the sample is of few subjects."""
    counted: Counter[int] = Counter()
    number = 0
    for line in articles.read_bytes().splitlines():
        counted.update(keys_of(orjson.loads(line), [])["names"].keys())
        number += 1
    return {key: (n - 1) / number for key, n in counted.items() if n >= SEEN}


def main(articles: str, out: str) -> None:
    """Write the table."""
    shares = {**words(), **names(Path(articles))}
    common = sorted(key for key, share in shares.items() if share >= LEAST)
    rarity = np.array([round(-16 * np.log(shares[key])) for key in common], np.uint8)
    np.savez_compressed(out, keys=np.array(common, np.uint32), rarity=rarity)
    print(len(common), "keys")


if __name__ == "__main__":
    main(*sys.argv[1:3])
