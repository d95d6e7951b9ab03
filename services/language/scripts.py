"""Devanagari and Latin letters: which script a text is in, and one comparable form of a name in either."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Script = Literal["deva", "latin", "mixed", "other"]

_DEVA = re.compile(r"[ऀ-ॿ]")
_LATIN = re.compile(r"[A-Za-z\u00C0-\u024F\u1E00-\u1EFF]")

# Nukta letters have two encodings; ZWJ and ZWNJ change only the look; candrabindu and anusvara are
# interchangeable in news.
_DROPPED = dict.fromkeys(map(ord, "़\u200c\u200d\ufeff\u00ad"), None)
_DEVA_FOLD: dict[int, str | None] = {
    **_DROPPED,
    **dict(zip(range(0x0958, 0x0960), "कखगजडढफय", strict=True)),
    0x0929: "न",
    0x0931: "र",
    0x0934: "ळ",
    ord("ँ"): "ं",
    ord("’"): "'",
    ord("‘"): "'",
}
# A nasal before a consonant of its own class is written as anusvara as often as not (ट्रम्प, ट्रंप).
_NASAL = re.compile(r"ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")


def script_of(text: str) -> Script:
    """Script of the letters of `text`."""
    deva, latin = bool(_DEVA.search(text)), bool(_LATIN.search(text))
    if deva:
        return "mixed" if latin else "deva"
    return "latin" if latin else "other"


def is_deva(text: str) -> bool:
    """Whether `text` holds a Devanagari letter."""
    return _DEVA.search(text) is not None


def fold_latin(text: str) -> str:
    """Lower case without accents: "Erdoğan" gives "erdogan"."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("’", "'").casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return folded.translate({ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("æ"): "ae", ord("œ"): "oe"})


def fold_deva(text: str) -> str:
    """One spelling of the many that differ in encoding, nukta or nasal sign only: "ट्रम्प" gives "ट्रंप"."""
    folded = text.translate(_DEVA_FOLD)
    if "्" in folded:
        folded = _NASAL.sub("ं", folded)
    if "य" in folded:
        folded = folded.replace("यी", "ई").replace("ये", "ए")
    return folded


def fold(text: str) -> str:
    """Comparable form of a word in either script."""
    return fold_deva(text) if _DEVA.search(text) else fold_latin(text)
