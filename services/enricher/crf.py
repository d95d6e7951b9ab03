"""A linear-chain CRF over words, read from a table and run in numpy.

Every feature belongs to one word (its form, ends, shape, whether it names an office) or to the gazetteer's
opinion of its
place, and is seen from the words up to two places away. So the scores of a word are computed once, kept,
and a text is tagged
by adding rows.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from services.enricher.fingerprint import vectors
from services.enricher.gazetteer import Match, key
from services.knowledge.rules import offices
from services.knowledge.shared import models
from services.knowledge.things import demonyms
from services.language.scripts import is_deva
from services.language.transliterate import model as spelling

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
REACH = 2  # words to either side whose features count
PAD = "\x00"
_KIND = {"PER": "P", "LOC": "L", "ORG": "O"}
_KEPT = 1 << 15  # word forms whose scores are kept (4 MB); more than that are forgotten together

Scores = NDArray[np.float32]


def vocabulary_sum(rows: Iterable[str]) -> int:
    """Checksum of the words of the vectors, in order."""
    return zlib.crc32("\n".join(rows).encode())


class Clusters:
    """Coarse and fine cluster of the words that have a vector."""

    def __init__(self) -> None:
        self.rows = vectors().rows
        with np.load(models("mentions", "clusters.npz")) as held:
            if int(held["words"][0]) != vocabulary_sum(self.rows):
                raise ValueError(
                    "models/mentions/clusters.npz belongs to other vectors; run training.mentions.cluster and train"
                )
            self.fine: list[int] = held["fine"].tolist()
            self.coarse: list[int] = held["coarse"].tolist()

    def features(self, word: str) -> list[str]:
        """Features of a folded word; none where it has no vector."""
        row = self.rows.get(word)
        return [] if row is None else [f"f={self.fine[row]}", f"c={self.coarse[row]}"]


clusters = cache(Clusters)


@lru_cache(maxsize=1 << 16)
def shape(text: str) -> str:
    """Class of a word's letters: "Xx", "XX", "X", "x", "d", "dv", or the sign itself."""
    if is_deva(text):
        return "dv"
    if text[0].isdigit():
        return "d"
    if not text[0].isalpha():
        return text[0]
    if text.islower():
        return "x"
    if text.isupper():
        return "XX" if len(text) > 1 else "X"
    return "Xx" if text[1:].islower() else "xX"


def word_features(text: str) -> list[str]:
    """Features of one word, whatever stands around it."""
    if text == PAD:
        return ["<>"]
    folded = key(text) or text
    kind = shape(text)
    if kind == "XX":  # "US" and "us" are different words
        return [f"w={text}", "s=XX", f"n={min(len(text), 9)}", *clusters().features(folded), *_tables(folded, kind)]
    found = [f"w={folded}", f"s={kind}"]
    if kind in ("d", text[0]):
        return found
    length = len(folded)
    found += [f"-{n}={folded[-n:]}" for n in (1, 2, 3, 4) if length > n]
    found += [f"+{n}={folded[:n]}" for n in (2, 3) if length > n]
    found.append(f"n={min(length, 9)}")
    return [*found, *clusters().features(folded), *_tables(folded, kind)]


def _tables(folded: str, kind: str) -> list[str]:
    """What the tables know of a word: an office, an adjective of a nation, a word of names."""
    found = []
    office = offices().get(folded)
    if office:
        found.append(f"office={office}")
    if folded in demonyms():
        found.append("nation")
    if kind == "dv":
        return [*found, "name"] if folded in spelling().known else found
    if kind in ("Xx", "XX"):
        given, family = census()
        tables = (("name", latin_names()), ("given", given), ("family", family))
        found += [title for title, known in tables if folded in known]
    return found


@cache
def latin_names() -> frozenset[str]:
    """English spellings, in lower case, of the name words that the tables know."""
    return frozenset(english.lower() for english in spelling().known.values())


@cache
def census() -> tuple[frozenset[str], frozenset[str]]:
    """Given and family names of a census, in lower case."""
    text = files("services.language").joinpath("data", "census.txt").read_text(encoding="utf-8")
    given, family = (line.partition(": ")[2] for line in text.splitlines()[1:])
    return frozenset(given.split()), frozenset(family.split())


def places(texts: Sequence[str], found: Sequence[Match]) -> list[str]:
    """What the place of each word tells: the gazetteer's opinion (kind, whether sure, first word or later)
    and the shapes of
    the word and its neighbours."""
    tags = [""] * len(texts)
    for match in found:
        tag = _KIND[match.kind] + ("!" if match.sure else "?")
        for i in range(match.start, match.end):
            tags[i] = tag + ("b" if i == match.start else "i") + ("1" if match.end - match.start == 1 else "n")
    shapes = ["<", *map(shape, texts), ">"]
    return [f"{tag}\t{a}\t{b}\t{c}" for tag, a, b, c in zip(tags, shapes, shapes[1:], shapes[2:], strict=False)]


def place_features(tag: str) -> list[str]:
    """Features of the place of a word."""
    if tag == PAD:
        return []
    opinion, before, here, after = tag.split("\t")
    found = [f"S={before}_{here}_{after}"]
    return [*found, f"g={opinion}", f"g={opinion}&{here}"] if opinion else found


class _Rows:
    """Scores that keys give to the words around them, computed once and kept."""

    def __init__(self, size: int, rows: dict[str, int], weights: Scores, features: Callable[[str], list[str]]) -> None:
        self.rows, self.weights, self.features = rows, weights, features
        self.index: dict[str, int] = {}
        self.table: Scores = np.zeros((size, 2 * REACH + 1, len(LABELS)), dtype=np.float32)

    def look_up(self, keys: Sequence[str]) -> list[int]:
        """Rows of `table` for the keys."""
        index = self.index
        found = [index.get(key, -1) for key in keys]
        return (
            [self._add(key) if row < 0 else row for key, row in zip(keys, found, strict=True)] if -1 in found else found
        )

    def _add(self, key: str) -> int:
        row = self.index.get(key)
        if row is None:
            row = self.index[key] = len(self.index)
            rows = self.rows
            held = [rows[name] for name in self.features(key) if name in rows]
            self.table[row] = self.weights[held].sum(axis=0)
        return row

    def room(self, need: int) -> None:
        """Forget everything where there is no room for `need` more keys."""
        if len(self.index) + need > len(self.table):
            self.index.clear()
            if need > len(self.table):
                self.table = np.zeros((need + _KEPT, *self.table.shape[1:]), dtype=np.float32)


class Tagger:
    """Features by name, what each says about the labels of the words around it, and the weights of the
    steps between labels.

    `weights[rows[name], REACH + offset, label]` counts for the word `offset` places before the one that
    has the feature.
    """

    def __init__(self, rows: dict[str, int], weights: Scores, steps: Scores) -> None:
        self.steps = steps
        self._words = _Rows(_KEPT, rows, weights, word_features)
        self._places = _Rows(_KEPT // 8, rows, weights, place_features)

    def tag(self, sentences: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[int]]:
        """Best labels (indices of LABELS) of the words of each sentence, given as (words, places)."""
        lengths = [len(texts) for texts, _ in sentences]
        if not any(lengths):
            return [[] for _ in sentences]
        width = max(lengths)
        scores = np.zeros((len(sentences), width, len(LABELS)), dtype=np.float32)
        for side, held in ((0, self._words), (1, self._places)):
            held.room(sum(lengths) + 1)
            grid = np.full((len(sentences), width + 2 * REACH), held.look_up([PAD])[0], dtype=np.int32)
            for at, sentence in enumerate(sentences):
                grid[at, REACH : REACH + lengths[at]] = held.look_up(sentence[side])
            for offset in range(-REACH, REACH + 1):
                # what the word `offset` places after the one at hand says about it
                begin = REACH + offset
                scores += held.table[grid[:, begin : begin + width], REACH + offset]
        return self._best(scores, lengths)

    def _best(self, scores: Scores, lengths: Sequence[int]) -> list[list[int]]:
        """Viterbi over all sentences at once: forwards the best score of each label, backwards what reached it."""
        steps = self.steps[None]
        state = scores[:, 0]
        states = [state]
        for at in range(1, scores.shape[1]):
            state = (state[:, :, None] + steps).max(axis=1) + scores[:, at]
            states.append(state)
        last = np.array(lengths, dtype=np.intp) - 1
        into = np.ascontiguousarray(self.steps.T)
        label = np.zeros(len(lengths), dtype=np.intp)
        paths = np.zeros(scores.shape[:2], dtype=np.int8)
        for at in range(scores.shape[1] - 1, -1, -1):
            here = states[at]
            inside = (at < last)[:, None]  # past the end of a sentence nothing follows
            label = np.where(inside, here + into[label], here).argmax(axis=1)
            paths[:, at] = label
        rows = cast(list[list[int]], paths.tolist())
        return [path[:length] for path, length in zip(rows, lengths, strict=True)]


def decode(labels: Sequence[int]) -> list[tuple[int, int, str]]:
    """(first word, end, kind) of the names that labels spell out."""
    found: list[tuple[int, int, str]] = []
    start, kind = 0, ""
    for i, label in enumerate(labels):
        name = LABELS[label]
        if name[0] == "I" and name[2:] == kind:
            continue
        if kind:
            found.append((start, i, kind))
        kind = name[2:]
        start = i
    if kind:
        found.append((start, len(labels), kind))
    return found


def by_name(features: Sequence[str], weights: Scores) -> tuple[list[str], Scores]:
    """Features "offset:name" with a row of label weights each, gathered by name."""
    names = sorted({feature.partition(":")[2] for feature in features})
    index = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(names), 2 * REACH + 1, len(LABELS)), dtype=np.float32)
    for feature, row in zip(features, weights, strict=True):
        offset, _, name = feature.partition(":")
        table[index[name], REACH + int(offset)] = row
    return names, table


def save(path: Path, rows: Sequence[str], weights: Scores, steps: Scores) -> None:
    """Write a model file: feature names, float16 weights, steps."""
    names = np.frombuffer("\n".join(rows).encode(), dtype=np.uint8)
    np.savez_compressed(path, names=names, weights=weights.astype(np.float16), steps=steps.astype(np.float32))


def load(path: Path) -> Tagger:
    """Read a model file."""
    with np.load(path) as held:
        names = held["names"].tobytes().decode().split("\n")
        weights = held["weights"].astype(np.float32)
        return Tagger({name: i for i, name in enumerate(names)}, weights, held["steps"])


@cache
def tagger() -> Tagger:
    """The model that ships."""
    return load(models("mentions", "mentions.npz"))
