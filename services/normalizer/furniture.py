"""Site furniture: lines that belong to the page and not to the article, known by wording and layout."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from services.language.characters import reading

_LONGEST = 400  # a longer line is a paragraph, whatever its first words are
_SIGNS = "[\\s:>,.!|*-]*"
_EDGE = " :>,.!|*-•»[("
_DIGITS = re.compile("[0-9]+")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("services.normalizer").joinpath("data", "furniture.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def _regex(phrase: str) -> str:
    """A phrase of the table as a regular expression over readings; no part of it can match in two ways."""
    out = re.escape(reading(phrase.replace("…", "\ue000")))
    out = out.replace(re.escape("[:]"), _SIGNS).replace("\\#", "\\d+")
    return out.replace("\\ \ue000", "(?: \\S{1,40}){1,8}?").replace("\ue000", "\\S{1,40}(?: \\S{1,40}){0,7}?")


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[str, ...], dict[str, str]]:
    """Openers as one expression with a group each, the reason of each group, and whole lines with their reason."""
    openers: list[str] = []
    reasons: list[str] = []
    whole: dict[str, str] = {}
    for name, forms in _table().items():
        for phrase in forms.get("openers", []):
            boundary = "(?!\\w)" if phrase[-1].isalnum() and phrase.isascii() else ""
            openers.append(f"({_regex(phrase)}{boundary})")
            reasons.append(name)
        for phrase in forms.get("whole", []):
            whole[reading(phrase).strip(_EDGE)] = name
    return re.compile("|".join(openers)), tuple(reasons), whole


def reason(read: str) -> str | None:
    """Why a line with the reading `read` is furniture, by its wording alone; None where it is not."""
    if len(read) > _LONGEST:
        return None
    openers, reasons, whole = _patterns()
    bare = read.strip(_EDGE)
    if not bare:
        return "signs"
    if len(bare) < 60:
        known = whole.get(_DIGITS.sub("#", bare))
        if known:
            return known
    match = openers.match(read.lstrip(_EDGE))
    return reasons[match.lastindex - 1] if match and match.lastindex else None
