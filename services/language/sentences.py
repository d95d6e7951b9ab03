"""Sentence boundaries in Hindi and English news, with danda, full stop used as danda, and mixed text."""

from __future__ import annotations

import re
from functools import cache

from services.language.tables import lines

# A run of terminators with the closing quotes and brackets that belong to the sentence it ends.
_END = re.compile(r"[।॥?!.|]+[\"'”’»)\]]*|\n+")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»()\[\],;:।॥?!|/–—-]{1,24}$")
_NEXT = re.compile(r"[ \t\u00a0\u200b]{0,8}([\"'“‘«(\[•–—-]{0,8})([^\s]?)([^\s]{0,40})")
_DEVANAGARI = re.compile(r"[\u0904-\u0939\u0958-\u0961\u0971-\u097f]")


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    """Abbreviations that never end a sentence, and those that may."""
    entries = lines("abbreviations.txt")
    return frozenset(e for e in entries if not e.endswith("+")), frozenset(e[:-1] for e in entries if e.endswith("+"))


@cache
def _openers() -> frozenset[str]:
    return frozenset(lines("sentence_openers.txt"))


def _ends(text: str, start: int, end: int) -> bool:
    """Whether the terminator run `text[start:end]` ends a sentence."""
    mark = text[start]
    following = _NEXT.match(text, end)
    assert following is not None
    quotes, first, rest = following.group(1), following.group(2), following.group(3)
    glued = end < len(text) and not text[end].isspace()
    if not first:
        return True
    if mark in "।॥":
        return first not in ",;"
    if mark == "|":  # a bar typed for a danda stands after a Devanagari letter
        return start > 0 and bool("\u0900" <= text[start - 1] <= "\u097f") and not glued
    if first.islower() or first in ",;:":
        return False
    if mark in "?!":
        return not glued or bool(_DEVANAGARI.match(first))
    if end - start > 1 and text[start : start + 2] == "..":  # an ellipsis goes on unless a line ends
        return False
    before = _WORD_BEFORE.search(text, max(0, start - 24), start)
    word = before.group(0) if before else ""
    if not word:
        # after a closing quote, or typed with a space before it
        return bool(start and text[start - 1] in "\"'”’)]» ") and not glued
    never, may = _abbreviations()
    bare = word.rstrip(".")
    if glued and not (quotes or first in "“‘\"'"):
        if word[-1].isdigit() or not _DEVANAGARI.match(first):
            return False
        return len(bare) > 1 and bare not in never and _DEVANAGARI.match(bare) is not None and len(rest) > 1
    if "." in bare and all(part in never for part in bare.split(".")):
        return False  # initials: "के.पी. शर्मा ओली"
    if bare in never or (len(bare) == 1 and bare.isalpha() and bare != "I"):
        return False
    if bare in may or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", bare):
        return first + re.split(r"\W", rest, maxsplit=1)[0] in _openers()
    return True


def split(text: str) -> list[tuple[int, int]]:
    """Ranges (start, end) of the sentences of `text`, stripped of surrounding white space; line breaks always end one.

    >>> [t[a:b] for t in ["डॉ. सिंह ने कहा। वे आएंगे."] for a, b in split(t)]
    ['डॉ. सिंह ने कहा।', 'वे आएंगे.']
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if text[match.start()] != "\n" and not _ends(text, match.start(), match.end()):
            continue
        _add(spans, text, begin, match.end())
        begin = match.end()
    _add(spans, text, begin, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
