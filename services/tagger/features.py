"""Lexical features of a sentence and of the clause around a trigger, as hashed numbers; the same for training
and reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from services.tagger.lexicon import word_list

MAX_WORDS = 160  # longer sentences are read up to here, so that no input takes long

CLAUSE_WORDS = word_list("clause words")
CLAUSE_SIGNS = word_list("clause signs")


def hashed(feature: str) -> int:
    """32-bit hash of a feature."""
    return crc32(feature.encode())


@lru_cache(maxsize=200_000)
def word_features(key: str) -> tuple[int, ...]:
    """Hashes of a folded word: itself, its beginnings and its ending."""
    if not key[0].isalnum():
        return (hashed("w:" + key),)
    if key[0].isdigit():
        return (hashed("w:#"),)
    found = [hashed("w:" + key)]
    length = len(key)
    for n in (3, 4, 5, 6):
        if length > n:
            found.append(hashed(f"p:{key[:n]}"))
    if length > 4:
        found.append(hashed("e:" + key[-3:]))
    return tuple(found)


@lru_cache(maxsize=400_000)
def stem(key: str) -> str:
    """A rough stem: the word without its most frequent endings."""
    if key.isascii():
        for ending in ("ing", "ed", "es", "s", "d"):
            if key.endswith(ending) and len(key) - len(ending) >= 4:
                return key[: -len(ending)]
        return key
    while len(key) > 2 and key[-1] in "ािीुूेैोौं":
        key = key[:-1]
    return key


@lru_cache(maxsize=400_000)
def _pair(first: str, second: str, sign: str) -> int:
    return hashed(f"{sign}:{first} {second}")


def sentence_features(keys: Sequence[str]) -> list[list[int]]:
    """For each word, the hashes of the features that it brings: its own and its pairs with the two words before it."""
    out: list[list[int]] = []
    before = second = "^"
    for key in keys[:MAX_WORDS]:
        current = stem(key)
        own = list(word_features(key))
        own.append(_pair(before, current, "b"))
        own.append(_pair(second, current, "k"))
        out.append(own)
        second, before = before, current
    return out


def clause(keys: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Word range of the clause that holds the words `first`..`last`."""
    start = first
    while start > 0 and not (keys[start - 1] in CLAUSE_SIGNS or keys[start - 1] in CLAUSE_WORDS):
        start -= 1
    end = last + 1
    while end < len(keys) and not (keys[end] in CLAUSE_SIGNS or keys[end] in CLAUSE_WORDS):
        end += 1
    return start, end


def status_features(keys: Sequence[str], first: int, last: int, event_type: str) -> list[int]:
    """Hashes of the words around a trigger with their side and distance, of its clause and the clause's marks."""
    keys = keys[:MAX_WORDS]
    last = min(last, len(keys) - 1)
    first = min(first, last)
    start, end = clause(keys, first, last)
    found = ["t:" + event_type]
    for i in range(max(0, first - 7), min(len(keys), last + 9)):
        if first <= i <= last:
            side = "in"
        elif i < first:
            side = "-2" if first - i <= 2 else "-"
        else:
            side = "+3" if i - last <= 3 else "+"
        inside = "c" if start <= i < end else "o"
        word = keys[i]
        found.append(f"{side}{inside}:{word}")
        found.append(f"{inside}:{word}")
        if not word.isascii() and len(word) > 2:
            found.append(f"{inside}e:{word[-2:]}")
        if i > 0:
            found.append(f"{inside}b:{keys[i - 1]} {word}")
    found += ["m:" + word for word in keys[start:end]]
    # the verb group that closes a Hindi clause, and the one that closes the sentence
    found.append("f:" + " ".join(keys[max(start, end - 2) : end]))
    found.append("f1:" + (keys[end - 1] if end else ""))
    found += ["l:" + w for w in keys[-4:]]
    if start > 0:
        found.append("s:" + keys[start - 1])
    found += ["x:" + w for w in keys]
    return [hashed(f) for f in found]
