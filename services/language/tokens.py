"""One reading of a text into words with offsets and comparable forms, shared by everything that looks for patterns."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from services.language.scripts import fold
from services.language.words import Word, texts

form = lru_cache(maxsize=1 << 17)(fold)


class Tokens:
    """Words of a text in columns: word `i` is `texts[i]`, stands at `starts[i]` to `ends[i]` and folds to `keys[i]`.

    Signs are words of their own.
    """

    __slots__ = ("_words", "ends", "keys", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        self._words: list[Word] | None = None
        self.texts = texts(text)
        self.keys = [form(word) or word for word in self.texts]  # a sign that folds away stays as it is
        self.starts: list[int] = []
        self.ends: list[int] = []
        find, at = text.find, 0
        for word in self.texts:  # only white space stands between words, so the next find is the word itself
            start = find(word, at)
            at = start + len(word)
            self.starts.append(start)
            self.ends.append(at)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def words(self) -> list[Word]:
        """The same words as rows."""
        if self._words is None:
            self._words = list(map(Word, self.texts, self.starts, self.ends))
        return self._words

    def key(self, i: int) -> str:
        """Folded form of word `i`; empty outside the text."""
        return self.keys[i] if 0 <= i < len(self.keys) else ""

    def at(self, offset: int) -> int:
        """Index of the first word that starts at or after `offset`."""
        return bisect_left(self.starts, offset)

    def glued(self, i: int) -> bool:
        """Whether word `i` follows the one before without white space."""
        return 0 < i < len(self.starts) and self.ends[i - 1] == self.starts[i]
