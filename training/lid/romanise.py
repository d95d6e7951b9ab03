"""Hindi as people type it in Latin letters: attested spellings, else a rule-based romanisation with variants."""

from __future__ import annotations

import random
import re

# What everybody writes for the commonest words; the pairs of names and nouns do not hold them.
COMMON = {
    "है": "hai hai he h", "हैं": "hain hai hein", "में": "mein me main mai", "की": "ki kii", "के": "ke k",
    "का": "ka",
    "को": "ko", "से": "se", "ने": "ne", "और": "aur or", "पर": "par pe", "नहीं": "nahi nahin nhi nahee", "यह": "yeh ye yah",
    "वह": "woh wo vah vo", "था": "tha", "थी": "thi", "थे": "the", "किया": "kiya kia", "गया": "gaya gya",
    "कहा": "kaha",
    "लिए": "liye lie", "साथ": "saath sath", "इस": "is iss", "उस": "us uss", "एक": "ek", "भी": "bhi", "कि": "ki k",
    "कर": "kar",
    "हो": "ho", "जो": "jo", "तो": "to toh", "ही": "hi hee", "या": "ya", "अपने": "apne", "अपनी": "apni", "अपना": "apna",
    "रहा": "raha rha", "रहे": "rahe rhe", "रही": "rahi rhi", "हुआ": "hua", "हुई": "hui", "हुए": "hue huye",
    "बाद": "baad bad",
    "कुछ": "kuch kuchh", "क्या": "kya", "मैं": "main mai", "हम": "hum ham", "आप": "aap ap", "उन्होंने": "unhone unhonne",
    "उनके": "unke", "उनकी": "unki", "उनका": "unka", "इसके": "iske", "इसकी": "iski", "उसके": "uske", "करने": "karne krne",
    "करना": "karna krna", "करते": "karte krte", "दिया": "diya dia", "जा": "ja", "सकता": "sakta", "सकते": "sakte",
    "सकती": "sakti", "बहुत": "bahut bohot bahot", "लेकिन": "lekin", "अब": "ab", "जब": "jab", "तक": "tak", "दो": "do",
    "गई": "gayi gai", "गए": "gaye gae", "होने": "hone", "वाले": "wale vale", "वाली": "wali vali", "वाला": "wala vala",
}  # fmt: skip

_LATIN = "k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l"
_LATIN_VOWELS = "a aa i ee u oo ri e ai o au o e"
_LATIN_SIGNS = "aa i ee u oo ri e ai o au o e"
_CONSONANTS = dict(zip("कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ", _LATIN.split(), strict=True))
_NUKTA = {"क": "q", "ख": "kh", "ग": "g", "ज": "z", "ड": "r", "ढ": "rh", "फ": "f"}
_VOWELS = dict(zip("अआइईउऊऋएऐओऔऑऍ", _LATIN_VOWELS.split(), strict=True))
_SIGNS = dict(zip("ािीुूृेैोौॉॅ", _LATIN_SIGNS.split(), strict=True))
_SHORTENED = (
    ("aa", "a", 0.7),
    ("ee", "i", 0.7),
    ("oo", "u", 0.7),
    ("v", "w", 0.4),
    ("chh", "ch", 0.4),
    ("ph", "f", 0.3),
)
_VIRAMA, _NASAL, _NUKTA_SIGN = "्", "ंँ", "़"
_DEVA_WORD = re.compile(r"[\u0900-\u097f]+")


def spell(word: str) -> str:
    """Rule-based Latin spelling of a Devanagari word, with the silent vowels of Hindi left out."""
    units: list[list[str]] = []  # consonant (or empty), vowel
    for char in word:
        if char in _CONSONANTS:
            units.append([_CONSONANTS[char], "a", char])
        elif char == _NUKTA_SIGN and units:
            units[-1][0] = _NUKTA.get(units[-1][2], units[-1][0])
        elif char in _SIGNS and units:
            units[-1][1] = _SIGNS[char]
        elif char == _VIRAMA and units:
            units[-1][1] = ""
        elif char in _VOWELS:
            units.append(["", _VOWELS[char], char])
        elif char in _NASAL and units:
            units[-1][1] += "n"
        elif char == "ः" and units:
            units[-1][1] += "h"
    if len(units) > 1 and units[-1][1] == "a" and units[-1][0]:
        units[-1][1] = ""
    for i in range(len(units) - 2, 0, -1):  # a short vowel between two open syllables is silent: समझना samajhna
        open_both = units[i - 1][1] and units[i + 1][1]
        if units[i][1] == "a" and units[i][0] and open_both and units[i + 1][0]:
            units[i][1] = ""
    return "".join(c + v for c, v, _ in units)


def vary(spelling: str, rng: random.Random) -> str:
    """One of the ways people shorten or swap letters."""
    for old, new, chance in _SHORTENED:
        if old in spelling and rng.random() < chance:
            spelling = spelling.replace(old, new)
    return spelling


def romanise(sentence: str, pairs: dict[str, list[str]], rng: random.Random) -> str:
    """A Hindi sentence in Latin letters."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        if word in COMMON:
            return rng.choice(COMMON[word].split())
        known = pairs.get(word)
        return rng.choice(known) if known and rng.random() < 0.8 else vary(spell(word), rng)

    text = _DEVA_WORD.sub(one, sentence).replace("।", ".")
    return text if rng.random() < 0.5 else text.capitalize()
