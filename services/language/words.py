"""Words of Hindi and English text with their offsets, as names are matched over them."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.language.scripts import fold, fold_deva

_LETTER = r"A-Za-z\u00C0-\u024F\u1E00-\u1EFF"
_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., G.V.
    rf"|[{_LETTER}]+(?:['’](?!s\b)[{_LETTER}]+)*"
    r"|['’]s\b"
    r"|[0-9०-९]+(?:[.,:][0-9०-९]+)*"
    r"|[\u0900-\u0963\u0970-\u097F\u200c\u200d\u093c]+"
    r"|\S"
)


class Word(NamedTuple):
    """`text[start:end]` of the article."""

    text: str
    start: int
    end: int


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Words and signs of `text[start:end]`; offsets count from the beginning of `text`."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(m.group(), m.start(), m.end()) for m in found]


def texts(text: str) -> list[str]:
    """The same words of a whole text, without their offsets: between them stands white space alone."""
    return _WORD.findall(text)


HYPHENS = frozenset("-‐‑–.·'’()")


_PLAIN_LATIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_PLAIN_DEVA = re.compile(r"[\u0900-\u0963\u0970-\u097F]+(?: [\u0900-\u0963\u0970-\u097F]+)*")


def key_of(form: str) -> str:
    """Key of a name in the alias table: folded words with single spaces, without hyphens, dots and brackets."""
    if _PLAIN_DEVA.fullmatch(
        form
    ):  # the two plain cases are nearly all of a table, and this is all of its loading time
        return fold_deva(form)
    if _PLAIN_LATIN.fullmatch(form):
        return form.lower()
    return " ".join(k for k in (word_key(w.text) for w in words(form)) if k)


def word_key(word: str) -> str:
    """Folded word; empty for the signs that names are written with and without."""
    if len(word) == 1:
        return "" if word in HYPHENS else fold(word)
    folded = fold(word)
    if "." in folded and not folded[0].isdigit():
        return folded.replace(".", "")
    return "" if folded in ("'s", "’s") else folded.replace("'", "").replace("’", "")
