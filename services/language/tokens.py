"""One reading of a text into words with offsets and comparable forms, shared by everything that looks for patterns."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from services.language.scripts import fold
from services.language.words import Word, words

form = lru_cache(maxsize=1 << 17)(fold)


class Tokens:
    """Words of a text: `keys[i]` is the folded form of `words[i]`; signs are words of their own."""

    __slots__ = ("keys", "starts", "text", "words")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.words: list[Word] = words(text, start, end)
        self.keys: list[str] = [form(w.text) for w in self.words]
        self.starts: list[int] = [w.start for w in self.words]

    def __len__(self) -> int:
        return len(self.keys)

    def key(self, i: int) -> str:
        """Folded form of word `i`; empty outside the text."""
        return self.keys[i] if 0 <= i < len(self.keys) else ""

    def at(self, offset: int) -> int:
        """Index of the first word that starts at or after `offset`."""
        return bisect_left(self.starts, offset)

    def glued(self, i: int) -> bool:
        """Whether word `i` follows the one before without white space."""
        return 0 < i < len(self.words) and self.words[i - 1].end == self.words[i].start
