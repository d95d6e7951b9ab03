"""From an article's text, names, numbers and events to hashed keys: what two articles can have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

import numpy as np

from services.knowledge.shared import models
from services.language.scripts import fold
from services.stories.article import SHINGLES, U32

_WORD = re.compile(
    r"[A-Za-z\u00C0-\u024F]{2,}|[\u0900-\u0963\u0970-\u097F\u200c\u200d]{2,}|[0-9०-९]+(?:[.,][0-9०-९]+)*"
)
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
_EXACT = re.compile(r"(?:\d{4}|XXXX)-(\d{2}-\d{2})")
# a word of the title is another key than the same word of the text
MASKS = {"title": 0x5BD1E995, "gloss": 0x1B873593}
STEM = 7  # letters of a word that count: endings fall away without a stemmer for each language

Counts = dict[str, Counter[int]]


@lru_cache(maxsize=1 << 18)
def word_key(word: str) -> int:
    """Key of a word: a hash of its folded beginning."""
    return _hash("w", fold(word)[:STEM])


@lru_cache(maxsize=1 << 16)
def _hash(kind: str, what: str) -> int:
    return crc32(f"{kind}:{what}".encode()) or 1


def words_of(text: str) -> list[str]:
    """Words and numbers of a text in order, digits in ASCII."""
    return _WORD.findall(text)


def keys_of(article: Mapping[str, Any], words: Sequence[str]) -> Counts:
    """Keys of each kind with how often they occur; `article` is a TaggedArticle as JSON gives it."""
    title = words_of(article.get("title") or "")
    plain = [w for w in words if w[0] not in "0123456789०१२३४५६७८९"]
    in_title = [word_key(w) for w in title if w[0] not in "0123456789०१२३४५६७८९"]
    counted = Counter(map(word_key, plain))
    counted.update(in_title)
    for mention in article.get("mentions") or ():  # names count as what they name, not once more as words
        for word in words_of(mention["text"]):
            counted.pop(word_key(word), None)
    return {
        "words": counted,
        "names": _names(article),
        "facts": _facts(article, [*title, *words]),
        "acts": Counter(_hash("a", act) for event in article.get("events") or () for act in acts_of(event)),
        "title": Counter(key ^ MASKS["title"] or 1 for key in in_title),
        "gloss": _gloss(counted),
    }


@cache
def _glosses() -> dict[int, int]:
    """English key of each Hindi word key that has one."""
    with np.load(models("stories", "gloss.npz")) as table:
        return dict(zip(table["hindi"].tolist(), table["english"].tolist(), strict=True))


def _gloss(counted: Counter[int]) -> Counter[int]:
    """The words in English, as far as they are known; English ones, and all that are not, as they are."""
    glosses = _glosses()
    found: Counter[int] = Counter()
    for key, times in counted.items():
        found[glosses.get(key, key) ^ MASKS["gloss"] or 1] += times
    return found


def _names(article: Mapping[str, Any]) -> Counter[int]:
    counted: Counter[int] = Counter()
    for mention in article.get("mentions") or ():
        counted[_hash("n", mention["entity"])] += 1
        country = mention.get("acts_for_country")
        if country:
            counted[_hash("n", f"iso:{country}")] += 1
    return counted


def _facts(article: Mapping[str, Any], words: Iterable[str]) -> Counter[int]:
    """Numbers that are no years and not small, and days of the year that the text tells."""
    found: set[str] = set()
    for word in words:
        if word[0] in "0123456789०१२३४५६७८९":
            number = word.translate(_DIGITS).replace(",", "").rstrip(".")
            found.add(number)
    for quantity in article.get("quantities") or ():
        found.add(f"{quantity['value']:.12g}")
    facts = {number for number in found if _telling(number)}
    for time in article.get("times") or ():
        facts.update(_EXACT.findall(time["edtf"]))
    return Counter(_hash("f", fact) for fact in facts)


def _telling(number: str) -> bool:
    try:
        value = float(number)
    except ValueError:
        return False
    return value > 12 and not (value.is_integer() and 1900 <= value <= 2100)


def acts_of(event: Mapping[str, Any]) -> Iterable[str]:
    """Who did what to whom, by country where there is one, as words for hashing."""
    sides = [
        sorted({party.get("country") or party["name"] for party in event[side]}) for side in ("actors", "recipients")
    ]
    yield f"{event['event_type']}|{','.join(sides[0])}|{','.join(sides[1])}"


def shingles_of(words: Sequence[str]) -> tuple[U32, int]:
    """A sample of the hashes of word triples, sorted, and its level: kept are the multiples of `2 ** level`.

    Two samples compare at the higher of their levels, so the share of common triples is estimated without bias.
    """
    hashes = np.fromiter((word_key(w) for w in words), np.uint64, len(words))
    if len(hashes) < 3:
        return np.zeros(0, np.uint32), 0
    mixed = hashes[:-2] * np.uint64(0x9E3779B97F4A7C15) + hashes[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed += hashes[2:] * np.uint64(0x165667B19E3779F9)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    triples = np.unique((mixed >> np.uint64(32)).astype(np.uint32))
    level = 0
    while len(triples) > SHINGLES:
        level += 1
        triples = triples[(triples & np.uint32((1 << level) - 1)) == 0]
    return triples, level
