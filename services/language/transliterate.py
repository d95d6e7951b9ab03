"""English spelling of Hindi names, and a key under which the two scripts meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from services.language.scripts import fold_deva, fold_latin, is_deva

SEPARATOR = "\x1f"
_CLOSE = {0: "^", 1: "$"}


def units(word: str) -> tuple[str, ...]:
    """Signs of a folded Devanagari word; a virama stays with its consonant."""
    signs: list[str] = []
    for sign in word:
        if sign == "्" and signs:
            signs[-1] += sign
        else:
            signs.append(sign)
    return tuple(signs)


def contexts(signs: tuple[str, ...], i: int) -> Iterator[str]:
    """Contexts of sign `i`, widest first; `^` and `$` stand for the ends of the word."""
    padded = ("^", *signs, "$")
    at = i + 1
    for before, after in ((2, 2), (1, 2), (1, 1), (0, 1), (0, 0)):
        left = " ".join(padded[max(0, at - before) : at])
        right = " ".join(padded[at + 1 : at + 1 + after])
        yield f"{left}{SEPARATOR}{signs[i]}{SEPARATOR}{right}"


class Model:
    """Context model of the letters that Devanagari signs stand for, behind a table of known words.

    `abroad` holds the words that are spelled otherwise outside South Asia (मूसा: Moosa, but Moussa).
    """

    def __init__(self, table: dict[str, str], known: dict[str, str], abroad: dict[str, str] | None = None) -> None:
        self.table = table
        self.known = known
        self.abroad = abroad or {}

    def word(self, word: str, abroad: bool = False) -> str:
        """English spelling of one folded Devanagari word, in lower case unless a table has it."""
        held = (self.abroad.get(word) if abroad else None) or self.known.get(word)
        if held is not None:
            return held
        signs = units(word)
        pieces = [self._letters(signs, i) for i in range(len(signs))]
        for i, piece in enumerate(pieces):
            if signs[i][0] in _MATRAS:
                if not piece and not pieces[i - 1].endswith(_VOWELS):  # a written vowel is heard
                    pieces[i] = _MATRAS[signs[i][0]]
            elif _needs_vowel(signs, pieces, i):
                pieces[i] += "a"
        return "".join(pieces)

    def _letters(self, signs: tuple[str, ...], i: int) -> str:
        for context in contexts(signs, i):
            letters = self.table.get(context)
            if letters is not None:
                return letters
        return ""


_VOWELS = ("a", "e", "i", "o", "u", "y")
_MATRAS = {"ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "े": "e", "ै": "ai", "ो": "o", "ौ": "au"}


def _needs_vowel(signs: tuple[str, ...], pieces: list[str], i: int) -> bool:
    """Whether the vowel that Devanagari leaves unwritten must be heard after consonant `i`.

    It never falls silent in the first syllable, nor twice in a row ("नदिया" is "Nadia", "संसद" "Sansad").
    """
    bare = len(signs[i]) == 1 and "क" <= signs[i] <= "ह" and not pieces[i].endswith(_VOWELS) and pieces[i] != ""
    if not bare or i + 1 >= len(signs) or not "क" <= signs[i + 1][0] <= "ह":
        return False
    first = i == 0
    last = i + 2 == len(signs) and len(signs[i + 1]) == 1
    clustered = i + 1 < len(signs) and len(signs[i + 1]) > 1  # the next consonant is joined to the one after it
    return first or last or clustered


@cache
def model() -> Model:
    """The model that ships in `data`."""
    folder = files("services.language").joinpath("data")
    table: dict[str, str] = {}
    for line in folder.joinpath("transliteration.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        left, sign, right, letters = line.split("\t")
        table[f"{left}{SEPARATOR}{sign}{SEPARATOR}{right}"] = letters
    known: dict[str, str] = {}
    for line in folder.joinpath("namewords.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        hindi, english = line.split("\t")
        known[hindi] = english
    home, abroad = parts(folder.joinpath("nameparts.txt").read_text(encoding="utf-8"))
    return Model(table, {**known, **abroad, **home}, abroad)


def parts(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """English spelling of hand-written name words: those of South Asia, and those of elsewhere."""
    home: dict[str, str] = {}
    abroad: dict[str, str] = {}
    group = home
    for line in text.splitlines():
        if line.startswith("Abroad"):
            group = abroad
        for item in line.split():
            hindi, equals, english = item.partition("=")
            if equals:
                group.setdefault(fold_deva(hindi), english)
    return home, abroad


_LETTER_NAMES = {
    "ए": "A", "बी": "B", "सी": "C", "डी": "D", "ई": "E", "एफ": "F", "जी": "G", "एच": "H", "आई": "I", "आइ":
    "I", "जे": "J", "के": "K",
    "एल": "L", "एम": "M", "एन": "N", "ओ": "O", "पी": "P", "क्यू": "Q", "आर": "R", "एस": "S", "टी": "T",
    "यू": "U", "वी": "V",
    "डब्ल्यू": "W", "एक्स": "X", "वाई": "Y", "जेड": "Z",
}  # fmt: skip


def letter(word: str) -> str | None:
    """The Latin letter that a Hindi word spells out ("एस" gives "S"), if it is one."""
    return _LETTER_NAMES.get(fold_deva(word))


# Sounds, not spellings: aspiration, length, retroflexion and doubling are what the two scripts disagree about.
_DEVA_SOUND = {
    **dict.fromkeys("कख", "k"), **dict.fromkeys("गघ", "g"), **dict.fromkeys("चछ", "c"), **dict.fromkeys("जझ", "j"),
    **dict.fromkeys("टठतथ", "t"), **dict.fromkeys("डढदध", "d"), **dict.fromkeys("ङञणनं", "n"), "प": "p", "फ": "f",
    **dict.fromkeys("बभ", "v"), "म": "m", "य": "y", "र": "r", "ऋ": "r", "ृ": "r", **dict.fromkeys("लळ", "l"), "व": "v",
    **dict.fromkeys("शषस", "s"), "ह": "h", **dict.fromkeys("अआइईउऊएऐओऔऑऍऎऒ", "a"),
}  # fmt: skip
_LATIN_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tsch|sch", "s"), ("ksh|x", "ks"), ("ch(?=[rl])", "k"), ("cch|chh|tch|ch", "c"), ("ck|q", "k"), ("kh",
        "k"), ("gh", "g"), ("ph", "f"), ("th", "t"),
        ("dh", "d"), ("bh", "v"), ("sh", "s"), ("jh|zh|z", "j"), ("c(?=[eiy])", "s"), ("c", "k"), ("w(?![aeiouy])", ""),
        ("w|b", "v"), ("m(?=[bp])", "n"),
    )
]  # fmt: skip


def phonetic_key(name: str) -> str:
    """Consonant skeleton of a name in either script; words keep their order, vowels count only at the
    beginning of a word.
    """
    return " ".join(filter(None, map(_word_key, re.findall(r"[\w\u0900-\u097F]+", name))))


def _word_key(word: str) -> str:
    if is_deva(word):
        sounds = [_DEVA_SOUND[sign] for sign in fold_deva(word).replace("क्ष", "कस") if sign in _DEVA_SOUND]
        skeleton = "".join(sounds)
    else:
        skeleton = _latin_sounds(fold_latin(word))
    return _squeeze(skeleton)


@cache
def _latin_sounds(word: str) -> str:
    out, i = [], 0
    while i < len(word):
        for pattern, sound in _LATIN_RULES:
            match = pattern.match(word, i)
            if match:
                out.append(sound)
                i = match.end()
                break
        else:
            out.append("a" if word[i] in "aeiou" else word[i])
            i += 1
    return "".join(out)


def _squeeze(sounds: str) -> str:
    """Drop vowels, semivowels and h inside the word, and doubled sounds."""
    out: list[str] = []
    for i, sound in enumerate(sounds):
        if i and sound in "ahy":
            continue
        if not out or out[-1] != sound:
            out.append(sound)
    return "".join(out)
