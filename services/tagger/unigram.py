"""Unigram tokenizer (that of XLM-R) in plain Python, with offsets; a word met before costs one look-up."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

MARK = "\u2581"  # stands for the blank before a word


class Unigram:
    """Pieces with log-probabilities; a text is split at blanks and each word takes its most probable pieces."""

    def __init__(self, pieces: list[str], scores: list[float], norm: dict[str, str], unk: int) -> None:
        self.pieces, self.scores, self.norm, self.unk = pieces, scores, norm, unk
        self._piece = {p: (i, s) for i, (p, s) in enumerate(zip(pieces, scores, strict=True)) if i > unk}
        self._longest = max(map(len, self._piece))
        self._unknown = min(scores) - 10.0
        self.word = lru_cache(maxsize=50_000)(self._word)

    @classmethod
    def load(cls, path: Path) -> Unigram:
        """Read a json of {"unk", "norm": {character: string}, "pieces": [[piece, score], ...]}."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls([p for p, _ in data["pieces"]], [s for _, s in data["pieces"]], data["norm"], data["unk"])

    def _word(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Ids, and start and end of each piece as offsets in the word; pieces of the mark alone are empty spans."""
        norm, chars, origin = self.norm, [MARK], [0]
        for i, c in enumerate(word):
            for x in norm.get(c, c):
                chars.append(MARK if x == " " else x)
                origin.append(i)
        text, n = "".join(chars), len(chars)
        best = [0.0] + [-1e30] * n
        back: list[tuple[int, int]] = [(0, 0)] * (n + 1)
        for i in range(n):
            if best[i] <= -1e30:
                continue
            for j in range(i + 1, min(n, i + self._longest) + 1):
                found = self._piece.get(text[i:j])
                if found and best[i] + found[1] > best[j]:
                    best[j], back[j] = best[i] + found[1], (i, found[0])
            if best[i] + self._unknown > best[i + 1]:
                best[i + 1], back[i + 1] = best[i] + self._unknown, (i, self.unk)
        path, j = [], n
        while j:
            i, piece = back[j]
            path.append((piece, origin[i], origin[j - 1] + 1 if j > 1 else 0))
            j = i
        path.reverse()
        ids, starts, ends = zip(*path, strict=True)
        return ids, starts, ends

    def encode(self, text: str) -> tuple[list[int], list[int], list[int]]:
        """Ids of a text and the character offsets where each piece starts and ends."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for word in text.split():
            at = text.index(word, at)
            i, s, e = self.word(word[:200])
            ids += i
            starts += [at + x for x in s]
            ends += [at + x for x in e]
            at += len(word)
        return ids, starts, ends
