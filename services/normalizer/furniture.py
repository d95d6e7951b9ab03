"""Site furniture: lines that belong to the page and not to the article, known by wording and layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from services.language.characters import reading
from services.normalizer import cues, parts
from services.normalizer.draft import Draft, Line
from services.normalizer.signs import ends_sentence
from services.normalizer.tables import table

_LONGEST = 400  # a longer line is a paragraph, whatever its first words are
_SIGNS = "[\\s:>,.!|*-]*"
_EDGE = " :>,.!|*-•»[("
_WORD = re.compile(r"[ :>,.!|*•»\[(-]*([^\s:>,.!|*•»\[(\])-]*)")
_DIGITS = re.compile("[0-9]+")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = table("furniture")
    return loaded


_CHOICE = re.compile(r"\{([^{}]*)\}")


def _phrases(forms: list[str]) -> Iterator[str]:
    """The phrases of a list, those with a choice `{a|b}` once for each of it."""
    for form in forms:
        match = _CHOICE.search(form)
        if match is None:
            yield " ".join(form.split())
        else:
            yield from _phrases([form[: match.start()] + c + form[match.end() :] for c in match.group(1).split("|")])


def _regex(phrase: str) -> str:
    """A phrase of the table as a regular expression over readings; no part of it can match in two ways."""
    out = re.escape(reading(phrase.replace("…", "\ue000")).lstrip(_EDGE))
    out = out.replace(re.escape("[:]"), _SIGNS).replace(re.escape("[+]"), _SIGNS[:-1] + "+").replace("\\#", "\\d+")
    return out.replace("\\ \ue000", "(?: \\S{1,40}){1,8}?").replace("\ue000", "\\S{1,40}(?: \\S{1,40}){0,7}?")


class Wordings(NamedTuple):
    """The table as it is looked up: openers by their first word, and whole lines with their reason."""

    openers: dict[str, tuple[re.Pattern[str], tuple[str, ...]]]
    whole: dict[str, str]


@cache
def _wordings() -> Wordings:
    openers: dict[str, list[tuple[str, str]]] = {}
    whole: dict[str, str] = {}
    for name, forms in _table().items():
        for phrase in _phrases(forms.get("openers", [])):
            boundary = "(?!\\w)" if phrase[-1].isalnum() and phrase.isascii() else ""
            openers.setdefault(_first_word(reading(phrase)), []).append((f"({_regex(phrase)}{boundary})", name))
        for phrase in _phrases(forms.get("whole", [])):
            whole[reading(phrase).strip(_EDGE)] = name
    compiled = {
        word: (re.compile("|".join(p for p, _ in forms)), tuple(n for _, n in forms)) for word, forms in openers.items()
    }
    return Wordings(compiled, whole)


def _first_word(read: str) -> str:
    """What openers are looked up by: the letters and digits a line begins with."""
    match = _WORD.match(read)
    return match.group(1) if match else ""


def reason(read: str) -> str | None:
    """Why a line with the reading `read` is furniture, by its wording alone; None where it is not."""
    if len(read) > _LONGEST:
        return None
    wordings = _wordings()
    if len(read) < 60:
        bare = read.strip(_EDGE)
        if not bare:
            return "signs"
        known = wordings.whole.get(_DIGITS.sub("#", bare))
        if known:
            return known
    forms = wordings.openers.get(_first_word(read))
    if forms is None:
        return None
    match = forms[0].match(read.lstrip(_EDGE))
    return forms[1][match.lastindex - 1] if match and match.lastindex else None


_LISTS = ("also-read", "popular", "comments")
_LISTED = 12  # headlines of other articles under one heading
_INLINE_MARKS = ("पढ", "देखें", "read", "Read", "READ")


@cache
def _inline() -> re.Pattern[str]:
    """Pointers to other articles within a paragraph: in brackets, or from the end of a sentence to the line's."""
    phrases = (re.escape(p).replace("\u093c", "\u093c?") for p in _phrases(_table()["also-read"]["inline"]))
    start = "(?i:" + "|".join(phrases) + ")"
    return re.compile(rf"\s*[(\[]\s*{start}[^()\[\]]{{0,250}}[)\]]|(?<=[।.?!|\"”’] ){start}\s*[:|–—-].{{0,250}}$")


def take_out(draft: Draft, known: frozenset[str] = frozenset()) -> None:
    """Take out the lines that are furniture, and the headlines of other articles listed under them.

    `known` are readings of lines that the source repeats on many articles.
    """
    kept: list[Line] = []
    under: str | None = None  # the heading whose list goes on
    left = 0
    last = len(draft.lines) - 1
    for index, line in enumerate(draft.lines):
        if line.read in known:
            draft.remove(line, "repeated by the source")
            continue
        if line.kind == "embed":
            kept.append(line)
            continue
        states = ends_sentence(line.text)
        part = parts.announced(line, index, last)
        why = reason(line.read) or (None if part else cues.reason(line.read, states=states))
        if why:
            under, left = (why, _LISTED) if why in _LISTS and len(line.read) < 60 else (under, left)
            draft.remove(line, why)
        elif under and left and not states and not part and len(line.text) < 200:
            left -= 1
            draft.remove(line, f"listed under {under}")
        else:
            under = None
            kept.append(line)
    draft.lines = kept
    for line in kept:
        if any(mark in line.text for mark in _INLINE_MARKS):
            _cut_inline(draft, line)


def _cut_inline(draft: Draft, line: Line) -> None:
    """Take a pointer to another article out of a paragraph."""
    match = _inline().search(line.text)
    if match is None or match.start() < 20:
        return
    rest = (line.text[: match.start()] + line.text[match.end() :]).strip()
    draft.remove(line, "also-read", match.group().strip())
    if match.end() == len(line.text):
        draft.shorten_to(line, rest)
    else:
        line.become(rest)
