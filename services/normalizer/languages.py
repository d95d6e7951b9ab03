"""Language and script of blocks and of the article, in the terms of the contract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from services.contracts.base import Language, Script
from services.language.identify import WORD, identify, sure

_SHORT = 8  # words
_MIXED_ARTICLE = 0.4  # share of words outside the first language; quoted posts alone make no mixed article
_MIXED = 0.3  # share of the smaller script, or language, from which a text is mixed
_OTHER_LETTER = re.compile("[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u08ff\u0980-\u1fff\u2c00-\uffff]")
_NOT_LATIN = re.compile("[\u0250-\u1dff\u2c00-\ua71f\ua800-\uffff]")
_OURS: dict[str, Language] = {"hi": "hi", "en": "en", "hi-Latn": "hi-Latn"}


class Tongue(NamedTuple):
    """Language of a text: what the contract calls it, its BCP 47 tag, its script and how many words tell it."""

    language: Language
    tag: str
    script: Script
    words: int


def of_lines(texts: Sequence[str]) -> list[Tongue]:
    """Language and script of each line, taken together because that is several times faster.

    A line of few words takes the language of the paragraphs in its script: five words of a heading tell Hindi from
    Bhojpuri worse than what stands under it.
    """
    found: list[Tongue | None] = [None] * len(texts)
    for script, name, alone in _ALONE:
        picked = [i for i, text in enumerate(texts) if alone(text)]
        if not picked:
            continue
        words = [(texts[i] if name == "Deva" else texts[i].lower()).split() for i in picked]
        sizes: Counter[str] = Counter()
        short: list[tuple[int, int]] = []
        for i, split, guess in zip(picked, words, sure(script, words), strict=True):
            if guess is not None:
                found[i] = Tongue(_OURS.get(guess.tag, "other"), guess.tag, name, len(split))
                sizes[guess.tag] += len(split)
            elif len(split) <= _SHORT:
                short.append((i, len(split)))
        if sizes:
            tag = sizes.most_common(1)[0][0]
            for i, size in short:
                if tag != "hi-Latn" and size:  # English stands between romanised Hindi often enough
                    found[i] = Tongue(_OURS.get(tag, "other"), tag, name, size)
    return [tongue or of_text(text) for tongue, text in zip(found, texts, strict=True)]


def _only_latin(text: str) -> bool:
    """Whether Latin is the only script of the letters of a text."""
    return text.isascii() or _NOT_LATIN.search(text) is None


def _only_devanagari(text: str) -> bool:
    """Whether Devanagari is the only script of the letters of a text."""
    return not text.isascii() and _OTHER_LETTER.search(text) is None


def of_text(text: str) -> Tongue:
    """Language and script of one block."""
    words = WORD.findall(text)
    if not words:
        return Tongue("other", "und", "Other", 0)
    deva = sum(1 for w in words if "\u0900" <= w[0] <= "\u097f")
    latin = sum(1 for w in words if w[0] < "\u0250" or "\u1e00" <= w[0] <= "\u1eff")
    total = len(words)
    script: Script = "Other"
    if deva + latin >= total / 2:
        less = min(deva, latin)
        script = "Mixed" if less >= _MIXED * (deva + latin) else ("Deva" if deva > latin else "Latn")
    if script == "Mixed":
        inner = identify([w for w in words if "\u0900" <= w[0] <= "\u097f"])
        language: Language = "mixed" if inner == "hi" else "other"
        return Tongue(language, inner, script, total)
    tag = identify(words)
    return Tongue(_OURS.get(tag, "other"), tag, script, total)


_ALONE: tuple[tuple[str, Script, Callable[[str], bool]], ...] = (
    ("deva", "Deva", _only_devanagari),
    ("latin", "Latn", _only_latin),
)


def of_article(blocks: Sequence[Tongue]) -> Tongue:
    """Language of the whole from its blocks, each by its number of words."""
    total = sum(b.words for b in blocks)
    if not total:
        return Tongue("other", "und", "Other", 0)
    tags: Counter[str] = Counter()
    scripts: Counter[Script] = Counter()
    mixed = 0
    for block in blocks:
        tags[block.tag] += block.words
        scripts[block.script] += block.words
        mixed += block.words if block.language == "mixed" else 0
    tag, count = tags.most_common(1)[0]
    language = _OURS.get(tag, "other")
    ours = sum(n for t, n in tags.items() if t in _OURS)
    if mixed * 2 > total or (count < (1 - _MIXED_ARTICLE) * total and ours > total / 2 and language != "other"):
        language = "mixed"
    script = scripts.most_common(1)[0][0]
    if scripts["Deva"] >= _MIXED * total and scripts["Latn"] >= _MIXED * total:
        script = "Mixed"
    return Tongue(language, tag, script, total)
