"""Characters of news text: one Unicode form, no invisible or look-alike signs, and a reading for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

# Everything that a clean line never holds; a text without any of it is returned as it is.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_PRIVATE = "\ue000-\uf8ff"
_ODD = re.compile(rf"[{_CONTROL}{_INVISIBLE}{_SPACES}{_PRIVATE}\u200c\u200d\ud800-\udfff]|  ")
_DROP = re.compile(rf"[{_CONTROL}{_INVISIBLE}{_PRIVATE}\ud800-\udfff]")
_SPACE_RUN = re.compile(rf"[ {_SPACES}]+")
_LOOKALIKE_RANGE = re.compile("[\u0370-\u03ff\u0400-\u052f\uff01-\uff5e]")
_LATIN_MIXED = re.compile("[A-Za-z\u0370-\u03ff\u0400-\u052f]*[A-Za-z][A-Za-z\u0370-\u03ff\u0400-\u052f]*")
_FULLWIDTH = re.compile("[\uff01-\uff5e]+")

# A joiner changes the look of a conjunct after a virama of an Indic script, or joins emoji; elsewhere it is residue.
_JOINER = re.compile(
    "(?<![\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0930])[\u200c\u200d]+(?![\u2640-\u2764\U0001f300-\U0001faff])"
)
_JOINER_RUN = re.compile("([\u200c\u200d])[\u200c\u200d]+")
LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


# One scan tells that nothing is to be done: printable ASCII, Devanagari that NFC leaves alone, common signs of news.
_PLAIN = (
    "\\n !-~\u0900-\u0928\u092a-\u0930\u0932\u0933\u0935-\u0950\u0955-\u0957\u0960-\u097f‘’“”–—…₹•©°·«»\u00c0-\u017f"
)
_UNPLAIN = re.compile(f"[^{_PLAIN}]")
_NUKTA = "\u093c"
_NUKTA_COMPOSES = re.compile("[\u0928\u0930\u0933\u093e-\u094d\u0955-\u0957]\u093c")


def is_clean(text: str) -> bool:
    """Whether `clean` would leave the lines of a text as they are, white space at their ends aside."""
    if "  " in text or _UNPLAIN.search(text):
        return False
    return _NUKTA not in text or _NUKTA_COMPOSES.search(text) is None


@cache
def _lookalikes() -> dict[int, str]:
    text = files("services.language").joinpath("data", "lookalikes.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {ord(row[0]): row[1] for row in rows}


def clean(line: str, notes: dict[str, int] | None = None) -> str:
    """One line in NFC without invisible signs and with single spaces; idempotent.

    Letters, digits, quotation marks, dashes and dandas stay as written. Counts of what was changed are added to
    `notes` by name (invisible, look-alike, composed), so that a caller can report them.
    """
    if is_clean(line):
        return line.strip()
    notes = {} if notes is None else notes
    text = line
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        _note(notes, "composed", 1)
    if _ODD.search(text):
        text, dropped = _DROP.subn("", text)
        text, joiners = _JOINER.subn("", text)
        text = _JOINER_RUN.sub(r"\1", text)
        _note(notes, "invisible", dropped + joiners)
        text = _SPACE_RUN.sub(" ", text)
        if not unicodedata.is_normalized("NFC", text):  # a removed sign may have stood between a letter and its mark
            text = unicodedata.normalize("NFC", text)
    if _LOOKALIKE_RANGE.search(text):
        text = _unmask(text, notes)
    return text.strip()


def _unmask(text: str, notes: dict[str, int]) -> str:
    """Latin words written with Cyrillic, Greek or full-width letters in Latin letters."""

    def latin(match: re.Match[str]) -> str:
        word = match.group()
        plain = word if word.isascii() else word.translate(_lookalikes())
        if plain == word or not plain.isascii():  # a true Greek or Cyrillic letter stands in it
            return word
        _note(notes, "look-alike", 1)
        return plain

    def narrow(match: re.Match[str]) -> str:
        _note(notes, "look-alike", 1)
        return "".join(chr(ord(c) - 0xFEE0) for c in match.group())

    return _LATIN_MIXED.sub(latin, _FULLWIDTH.sub(narrow, text))


def _note(notes: dict[str, int], name: str, count: int) -> None:
    if count:
        notes[name] = notes.get(name, 0) + count


_QUOTES = dict.fromkeys('“”‘’"', "'")
_COMMON = {"\u093c": "", "।": ".", "ँ": "ं", **_QUOTES, "–": "-", "—": "-", "…": "..."}
_RARE = {
    **dict.fromkeys("‚‛′`´„‟«»″", "'"),
    **dict.fromkeys("‐‑‒―−", "-"),
    **dict.fromkeys("॥|", "."),
    **dict.fromkeys("\u200c\u200d", ""),
    **dict(zip(map(chr, range(0x0958, 0x0960)), "कखगजडढफय", strict=True)),
    **dict(zip("\u0929\u0931\u0934", "नरळ", strict=True)),
    **dict(zip("०१२३४५६७८९", "0123456789", strict=True)),
}
_RARE_SIGN = re.compile("[" + "".join(map(re.escape, _RARE)) + "]")
_CASED = re.compile(
    "[A-Z\u00c0-\u08ff\u10a0-\u13ff\u1c80-\u1fff\u2100-\u218f\u2c00-\u2dff\ua640-\ua7ff\uab30-\uabbf\uff21-\uff3a]"
)


def reading(text: str) -> str:
    """Form for comparison: case, nukta, joiners, kinds of quotes, dashes, dandas and digits do not count.

    >>> reading("“फ़ोन” पर १३ मिनट।") == reading('"फोन" पर 13 मिनट.')
    True
    """
    return " ".join(line_reading(text).split())


def line_reading(text: str) -> str:
    """`reading` of text whose white space is clean already; line breaks stay."""
    for sign, plain in _COMMON.items():
        if sign in text:
            text = text.replace(sign, plain)
    for sign in set(_RARE_SIGN.findall(text)):
        text = text.replace(sign, _RARE[sign])
    return text.casefold() if _CASED.search(text) else text


_DIGITS = {0x0966 + i: str(i) for i in range(10)}


def ascii_digits(text: str) -> str:
    """`text` with Devanagari digits as ASCII digits, same length."""
    return text.translate(_DIGITS)
