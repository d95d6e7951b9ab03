"""Which language words are in: Hindi told from its neighbours, English, and Hindi in Latin letters.

Words in Devanagari and in Latin letters have a linear model each over words and their letters (models/lid);
other scripts tell their language, or the script at least, by themselves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# A run of letters with their marks, joiners and inner apostrophes.
WORD = re.compile(r"[^\W\d_][\w\u0900-\u0963\u0970-\u097f\u200c\u200d'’]*")
_MEMO = 100_000  # words whose weights are remembered
_MANY = 12
_PLENTY = 40  # words of a paragraph that are looked at first
_SURE = 9.0  # log-odds over the second tag

# First letters of scripts that are written for one language in news, or for which the script is all we tell.
_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, "ar"),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"),
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x0F00, 0x0FFF, "bo"),
    (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"),
    (0x1100, 0x11FF, "ko"),
    (0x1200, 0x137F, "am"),
    (0x1780, 0x17FF, "km"),
    (0x3040, 0x30FF, "ja"),
    (0x4E00, 0x9FFF, "zh"),
    (0xAC00, 0xD7AF, "ko"),
    (0xFB50, 0xFEFC, "ar"),
)
_URDU = re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]")
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06af\u06cc]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")


def features(word: str) -> Iterator[str]:
    """Names of what the models know a word by: itself, its ends and its runs of three letters."""
    text = word.casefold()
    yield text
    bound = f"^{text}$"
    size = len(bound)
    for n in (3, 4):
        if size > n:
            yield bound[:n] + "*"
            yield "*" + bound[-n:]
    for i in range(size - 2):
        yield f"*{bound[i : i + 3]}*"


class Guess(NamedTuple):
    """A tag and how far it leads the next one, in the log-odds of the model; infinite where the script tells."""

    tag: str
    lead: float


class Model:
    """One linear model: tags, and a matrix of the weights of words, filled as words come by."""

    def __init__(
        self,
        tags: list[str],
        names: list[str],
        weights: NDArray[np.int8],
        intercept: NDArray[np.float32],
        scale: float,
    ):
        self.tags = tags
        self.scale = scale
        self._index = {name: i for i, name in enumerate(names)}
        self._weights = weights
        self._intercept = intercept
        self._rows: dict[str, int] = {}
        self._matrix = np.zeros((4096, len(tags)), dtype=np.float32)

    def _row(self, word: str) -> int:
        """Row of a word in the matrix."""
        at = len(self._rows)
        if at == len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
        index = self._index
        self._matrix[at] = self._weights[[index[f] for f in features(word) if f in index]].sum(axis=0, dtype=np.float32)
        self._rows[word] = at
        return at

    def forget(self) -> None:
        """Empty the matrix when it holds too many words; rows that were given out before are void then."""
        if len(self._rows) > _MEMO:
            self._rows.clear()

    def rows(self, words: Iterable[str], *, familiar: bool = False) -> list[int]:
        """Rows of words in the matrix; with `familiar`, of those only that the model knows as words."""
        known, index = self._rows, self._index
        if familiar:
            words = [w for w in words if w in index]
        return [known[w] if w in known else self._row(w) for w in words]

    def leaders(self, groups: Sequence[list[int]]) -> list[Guess]:
        """The likeliest tag of each group of rows, all at once; `und` without a lead for an empty group."""
        filled = [g for g in groups if g]
        if not filled:
            return [Guess("und", 0.0)] * len(groups)
        starts = [0, *accumulate(map(len, filled[:-1]))]
        scores = np.add.reduceat(self._matrix[list(chain.from_iterable(filled))], starts, axis=0) + self._intercept
        best = scores.argmax(axis=1).tolist()
        scores.sort(axis=1)
        leads = ((scores[:, -1] - scores[:, -2]) * self.scale).tolist()
        found = iter(zip(best, leads, strict=True))
        return [Guess("und", 0.0) if not g else Guess(self.tags[(n := next(found))[0]], n[1]) for g in groups]


@cache
def model(script: str) -> Model:
    """The model of a script, `deva` or `latin`."""
    base = os.environ.get("VARTA_MODELS")
    folder = Path(base) if base else Path(__file__).resolve().parents[2] / "models"
    with np.load(folder / "lid" / "lid.npz") as saved:
        names = saved[f"{script}_names"].tobytes().decode("utf-8").split("\n")
        scale = float(saved[f"{script}_scale"])
        tags = str(saved[f"{script}_tags"]).split(" ")
        return Model(tags, names, saved[f"{script}_weights"], saved[f"{script}_intercept"] / np.float32(scale), scale)


def identify(words: Sequence[str]) -> str:
    """BCP 47 tag of the language of words as `WORD` finds them; `und` where nothing tells."""
    return guess(words).tag


def guess(words: Sequence[str]) -> Guess:
    """The likeliest language of words as `WORD` finds them, with its lead.

    >>> guess("यह एक वाक्य है".split()).tag
    'hi'
    """
    deva = [w for w in words if "\u0900" <= w[0] <= "\u097f"]
    latin = [w for w in words if w[0] < "\u0250" or "\u1e00" <= w[0] <= "\u1eff"]
    rest = len(words) - len(deva) - len(latin)
    if not words:
        return Guess("und", 0.0)
    if rest > len(deva) and rest > len(latin):
        return Guess(_by_script(words), float("inf"))
    if len(deva) >= len(latin):
        return _best(model("deva"), deva)
    return _best(model("latin"), latin)


def sure(script: str, texts: Sequence[Sequence[str]]) -> list[Guess | None]:
    """For each list of words of one script, the guess by its familiar words alone where that is beyond doubt."""
    learned = model(script)
    learned.forget()
    rows = [learned.rows(words[:_PLENTY], familiar=True) if len(words) >= _MANY else [] for words in texts]
    if not any(rows):
        return [None] * len(texts)
    return [g if g.lead >= _SURE else None for g in learned.leaders(rows)]


def _best(learned: Model, words: Sequence[str]) -> Guess:
    learned.forget()
    return learned.leaders([learned.rows(words)])[0]


def _by_script(words: Sequence[str]) -> str:
    text = "".join(words)[:2000]
    counts: dict[str, int] = {}
    for char in text:
        point = ord(char)
        for low, high, tag in _SCRIPTS:
            if low <= point <= high:
                counts[tag] = counts.get(tag, 0) + 1
                break
    if not counts:
        return "und"
    if counts.get("ja", 0) > 0 and counts.get("zh", 0) > 0:
        return "ja"
    tag = max(counts, key=lambda t: counts[t])
    if tag == "ru":
        return "uk" if len(_UKRAINIAN.findall(text)) * 50 > len(text) else "ru"
    if tag == "ar":
        return "ur" if _URDU.search(text) else "fa" if _PERSIAN.search(text) else "ar"
    return tag
