"""The usual English name of what no table knows: spelled out of Devanagari, or translated part by part."""

from __future__ import annotations

import re

from services.knowledge.rules import parts, ranks
from services.language.scripts import fold_deva, is_deva
from services.language.transliterate import letter, model
from services.language.words import key_of

_WORDS = re.compile(r"[\u0900-\u0963\u0970-\u097F\u200c\u200d]+|[^\s\u0900-\u097F.।\-]+|[.।\-]")
_LOWER = frozenset(["of", "for", "and", "the", "al", "bin", "ibn", "de", "da", "del", "von", "van", "der", "la", "le"])


_FLAP = re.compile("ड\u093c|\u095c|ढ\u093c|\u095d")


def _spelled(word: str, folded: str, abroad: bool) -> str:
    """English of one name word; a flapped ड़ that no table spells is heard as r ("लाहिड़ी" is "Lahiri")."""
    spelled = model()
    if folded not in spelled.known and _FLAP.search(word):
        folded = fold_deva(_FLAP.sub("र", word))
    english = spelled.word(folded, abroad)
    if word.startswith("ये") and folded not in spelled.known:  # folding made an initial ये the vowel ए
        return "ye" + english.lstrip("aeiy")
    return english


# Spellings that differ by where a Muslim name is at home; the table of words has the South Asian one.
_ARAB = frozenset(["SAU", "ARE", "QAT", "KWT", "BHR", "OMN", "YEM", "IRQ", "SYR", "LBN", "JOR", "PSE"])
_SOUTH_ASIA = frozenset(["IND", "PAK", "BGD", "NPL", "LKA", "MDV", "BTN", "AFG"])
_AFRICAN = frozenset(
    [
        "EGY",
        "LBY",
        "TUN",
        "DZA",
        "MAR",
        "SDN",
        "SOM",
        "DJI",
        "MRT",
        "MLI",
        "NER",
        "BFA",
        "TCD",
        "SEN",
        "KEN",
        "TZA",
        "MDV",
        "COM",
    ]
)
_REGIONAL = {
    "मोहम्मद": ("Mohammed", "Mohamed"),
    "मुहम्मद": ("Mohammed", "Mohamed"),
    "हुसैन": ("Hussein", "Hussein"),
    "यूसुफ": ("Youssef", "Youssef"),
    "महमूद": ("Mahmoud", "Mahmoud"),
}


def person(form: str, country: str | None = None) -> str:
    """English spelling of a person's name: "गुरमेल सिंह ढींडसा" gives "Gurmel Singh Dhindsa", "पी.के.
    मिश्रा" gives "P. K. Mishra".
    """
    if not is_deva(form):
        return tidy(form)
    form = without_rank(form)
    out: list[str] = []
    pieces = _WORDS.findall(form)
    glue = False
    for i, piece in enumerate(pieces):
        if piece in ".।":
            continue
        if piece == "-":
            glue = bool(out)
            continue
        following = pieces[i + 1] if i + 1 < len(pieces) else ""
        single = letter(piece) if is_deva(piece) else None
        spelled = (
            following in (".", "।") or (i == 0 and len(pieces) > 1) or (i == 1 and bool(out) and out[-1].endswith("."))
        )
        if single and spelled and following != "-":
            word = f"{single}."
        elif not is_deva(piece):
            word = piece
        elif initials := _initials(piece, i, len(pieces)):
            word = initials
        else:
            folded = "मोहम्मद" if piece in ("मो", "मोह") else fold_deva(piece)
            local = _REGIONAL.get(folded)
            if local and country in _ARAB | _AFRICAN:
                word = local[0 if country in _ARAB else 1]
            else:
                word = capital(_spelled(piece, folded, bool(country) and country not in _SOUTH_ASIA))
        if glue:
            first = out[-1]
            east = len(out) > 1 and i + 1 == len(pieces) and len(first) <= 5 and len(word) <= 4  # Park Sung-min
            out[-1] = f"{first}-{word.lower() if east and first.lower() not in _LOWER else word}"
            glue = False
        else:
            out.append(word)
    return " ".join(out)


_NICKNAME = re.compile(r"[‘“\"'(][^‘’“”\"'()]{1,40}[’”\"')]")


def without_rank(form: str) -> str:
    """The name without a nickname in marks and without the ranks and offices before it ("मेजर जनरल शफकत
    बुगटी" gives "शफकत बुगटी").
    """
    pieces = _NICKNAME.sub(" ", form).split() or form.split()
    while len(pieces) > 1 and key_of(pieces[0]) in ranks():
        pieces.pop(0)
    return " ".join(pieces)


_PAIR = re.compile(r"(एच|एफ|एल|एम|एन|एस|एक्स|डब्ल्यू|क्यू|वाई|जेड|आई|आर|ए|बी|सी|डी|ई|जी|जे|के|ओ|पी|टी|यू|वी)")


def _initials(word: str, at: int, count: int) -> str:
    """ "एसएम" before a further word gives "S. M."; a word of its own gives nothing."""
    if at + 1 >= count or len(word) < 3:
        return ""
    letters = _PAIR.findall(fold_deva(word))
    if len(letters) < 2 or "".join(letters) != fold_deva(word):
        return ""
    return " ".join(f"{letter(x)}." for x in letters)


def capital(word: str) -> str:
    """First letter in upper case, except for particles."""
    return word if word in _LOWER else word[:1].upper() + word[1:]


def tidy(form: str) -> str:
    """A Latin name without shouting: "NEW DELHI" gives "New Delhi"; acronyms stay."""
    words = form.split()
    if form.isupper() and (len(words) > 1 or len(form) > 5):
        return " ".join(w if "." in w else w.capitalize() for w in words)
    return " ".join(words)


_PARTIES = frozenset(["मोर्चा", "दल", "सभा", "मंच", "सेना", "पार्टी", "आघाड़ी", "अघाड़ी", "समाज", "जनमोर्चा", "लोकदल"])


def other(form: str, south_asian: bool = False) -> str:
    """English name of an organisation or place: known parts translated, acronyms spelled, the rest transliterated.

    Parties of South Asia keep their names ("जनता मोर्चा" is "Janata Morcha"); others are translated ("नया
    रास्ता" is "New Path").
    """
    if not is_deva(form):
        return tidy(form)
    acronym = acronym_of(form)
    if acronym:
        return acronym
    known = parts()
    if south_asian and form.split()[-1] in _PARTIES:
        known = {key: english for key, english in known.items() if english == "Party" and key == "पार्टी"}
    words = [w for w in _WORDS.findall(form) if w not in ".।"]
    out: list[str] = []
    i = 0
    while i < len(words):
        initial = letter(words[i]) if is_deva(words[i]) else None
        if initial and len(words) > 1 and (words[i + 1 : i + 2] == ["-"] or words[i - 1 : i] == ["("]):
            out.append(initial)  # "सी-60", "एनएससीएन (के)"
            i += 1
            continue
        pair = key_of(" ".join(words[i : i + 2]))
        if i + 1 < len(words) and pair in known:
            out.append(known[pair])
            i += 2
            continue
        word = words[i]
        if word == "-":
            if out and i + 1 < len(words):
                out[-1] += "-"
        elif word in ("के", "की", "का"):  # X के Y is "Y of X" only for the plainest names; leave the order
            out.append("of")
        else:
            english = known.get(key_of(word)) or (acronym_of(word) if len(words) > 1 else None)
            text = english or (capital(model().word(fold_deva(word))) if is_deva(word) else word)
            if out and out[-1].endswith("-"):
                out[-1] += text
            else:
                out.append(text)
        i += 1
    return " ".join(out).replace("( ", "(").replace(" )", ")")


def acronym_of(form: str) -> str | None:
    """Latin letters of an acronym written with Hindi letter names ("एनयूएम" gives "NUM"), or None."""
    folded = fold_deva(form.replace(".", "").replace(" ", "").replace("-", ""))
    digits = re.match(r"(.*?)([0-9]*)$", folded)
    assert digits is not None
    letters = _PAIR.findall(digits.group(1))
    if len(letters) < 2 or "".join(letters) != digits.group(1):
        return None
    return "".join(str(letter(x)) for x in letters) + digits.group(2)
