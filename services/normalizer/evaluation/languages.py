"""Language identification: sentences and five-word pieces, Hindi's neighbours, and Hindi in Latin letters."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.knowledge.shared import shared
from services.language import transliterate
from services.language.identify import WORD, identify
from services.language.scripts import fold_deva

_DEVA_WORD = re.compile(r"[\u0900-\u0963\u0970-\u097f\u200c\u200d]+")
_SEED = 11


def figures(path: Path, *, halved: bool) -> dict[str, object]:
    """Figures over a file of `tag<TAB>sentence`; `halved` leaves out the half that the model learned from."""
    rows = list(_rows(path, halved))
    return {
        "sentences": _by_tag(rows),
        "pieces of five words": _by_tag(_pieces(rows)),
    }


def romanised() -> dict[str, object]:
    """Share of romanised Hindi sentences, and of their five-word pieces, called so."""
    rows = [("hi-Latn", sentence) for sentence in _romanised_sentences()]
    return {"sentences": _by_tag(rows)["hi-Latn"], "pieces of five words": _by_tag(_pieces(rows))["hi-Latn"]}


def _rows(path: Path, halved: bool) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        tag, _, sentence = line.partition("\t")
        seen[tag] = seen.get(tag, -1) + 1
        if not halved or seen[tag] % 2:
            yield tag, sentence


def _pieces(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for tag, sentence in rows:
        words = WORD.findall(sentence)
        for at in range(0, len(words) - 4, 5):
            yield tag, " ".join(words[at : at + 5])


def _by_tag(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    counts: dict[str, list[int]] = {}
    for tag, text in rows:
        found = identify(WORD.findall(text))
        entry = counts.setdefault(tag, [0, 0, 0])
        entry[0] += 1
        entry[1] += found == tag
        entry[2] += found == "hi"
    return {
        tag: f"right {right / total:.4f}" + ("" if tag == "hi" else f", called hi {hindi / total:.4f}") + f" of {total}"
        for tag, (total, right, hindi) in counts.items()
    }


def _romanised_sentences() -> Iterator[str]:
    """Hindi sentences of PUD, each word in an attested Latin spelling, else as Varta transliterates it."""
    spellings: dict[str, list[str]] = {}
    pairs = shared("data", "name_pairs_hi_en", "mined_translit_pairs.tsv").read_text(encoding="utf-8")
    for line in pairs.splitlines():
        latin, deva = line.split("\t")
        spellings.setdefault(deva, []).append(latin)
    model = transliterate.model()
    rng = random.Random(_SEED)

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        return rng.choice(spellings[word]) if word in spellings else model.word(fold_deva(word))

    for row in shared("data", "pud_hi_en", "pud_parallel.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        yield _DEVA_WORD.sub(spell, row.split("\t")[3])
