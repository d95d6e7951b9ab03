"""Numbers in digits of both scripts and in Hindi and English words: value, range, and the words that tell them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from services.language.tables import lines
from services.language.tokens import Tokens, form

_TO_ASCII = str.maketrans("०१२३४५६७८९", "0123456789")
_PLAIN = re.compile(r"\d{1,18}(?:\.\d{1,9})?$")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2})*,\d{3}(?:\.\d{1,9})?$|\d{1,3}(?:,\d{3})+(?:\.\d{1,9})?$")
_DASHES = frozenset("-‐‑–—")
_LONGEST = 40  # words of one number
_TO = {"से": "hi", "to": "en", "या": "hi", "or": "en"}


class Numeral(NamedTuple):
    """Words `first` to `last - 1` tell `value`; `high` is the upper bound of a range, `digits` how it is written."""

    first: int
    last: int
    value: float
    high: float | None
    digits: bool


@cache
def table() -> dict[str, tuple[str, float]]:
    """Role and value of each number word, by folded form."""
    entries = (line.split("\t") for line in lines("numerals.tsv"))
    return {form(word): (role, float(value)) for word, role, value in entries}


def digits(token: str) -> float | None:
    """Value of digits of either script with western or Indian grouping; None for anything else (times, dates)."""
    token = token.translate(_TO_ASCII)
    if _PLAIN.match(token):
        return float(token)
    if _GROUPED.match(token):
        return float(token.replace(",", ""))
    return None


def starts_number(key: str) -> bool:
    """Whether a word of this folded form can begin a number."""
    return key in table() or key[:1].isdigit()


def _single(tokens: Tokens, i: int) -> Numeral | None:
    """The longest simple number (no range) that starts at word `i`."""
    words, n = table(), len(tokens)
    total, current, plus, last_scale = 0.0, None, None, float("inf")  # type: float, float | None, float | None, float
    at, in_digits, written, tens = i, False, False, False
    while at < n and at - i < _LONGEST:
        key = tokens.keys[at]
        if key[:1].isdigit():
            value = digits(key)
            if value is None or current is not None or plus is not None:
                break
            if written:  # "5 लाख 20 हजार": digits go on only before a smaller scale
                role, scale = words.get(tokens.key(at + 1), ("", 0.0))
                if role not in ("scale", "hundred") or scale >= last_scale:
                    break
            current, in_digits, written = value, in_digits or at == i, True
            at += 1
            continue
        role, value = words.get(key, ("", 0.0))
        if role == "unit":
            if current is None:
                current, tens = value, False
            elif in_digits and not total:
                break
            elif (tens and 0 < value < 10) or (current >= 100 and current % 100 == 0 and value < 100):
                current, tens = current + value, False
            else:
                break
        elif role == "tens":
            if current is None:
                current = value
            elif not in_digits and current >= 100 and current % 100 == 0:
                current += value
            else:
                break
            tens = True
        elif role == "add":
            if current is not None or plus is not None or total:
                break
            plus = value
        elif role in ("hundred", "scale", "dozen"):
            if not written and plus is None and (key.isascii() or value >= 1e9):
                break  # "hundred", "million" and अरब (which is also Arab) need a number before them
            if current is None and total:
                if role == "scale" and value >= last_scale:
                    total, last_scale = total * value, value  # लाख करोड़
                else:
                    break
            elif role == "hundred":
                if current is not None and current >= 100:
                    break
                current = _plus(current, plus) * value
                plus, tens = None, False
            else:
                if value >= last_scale:
                    break
                total += _plus(current, plus) * value
                current, plus, last_scale = None, None, value
        elif role == "half" and at == i and words.get(tokens.key(at + 1), ("", 0.0))[0] == "dozen":
            current = value  # आधा दर्जन
        elif role in ("all", "half") and at == i:
            return Numeral(i, i + 1, value, None, False)
        elif role == "article" and at == i:
            follow, _ = words.get(tokens.key(at + 1), ("", 0.0))
            if follow not in ("hundred", "scale", "dozen"):
                return None
            current = 1.0
        elif key in _DASHES and written and key != "—" and tokens.glued(at) and tokens.glued(at + 1):
            follow, unit = words.get(tokens.key(at + 1), ("", 0.0))  # twenty-one, two-trillion
            if not (follow == "scale" or (tens and follow == "unit" and 0 < unit < 10)):
                break
            at += 1
            continue
        elif (
            key == "and"
            and (total or (current or 0) >= 100)
            and words.get(tokens.key(at + 1), ("", 0))[0]
            in (
                "unit",
                "tens",
            )
        ):
            at += 1
            continue
        else:
            break
        written = True
        at += 1
    if not written or (plus is not None and current is None):
        return None
    value = total + (_plus(current, plus) if current is not None else 0.0)
    return Numeral(i, at, value, None, in_digits)


def _plus(current: float | None, plus: float | None) -> float:
    if plus is None:
        return 1.0 if current is None else current
    return (1.0 if current is None else current) + plus


def _scale_at_end(tokens: Tokens, number: Numeral) -> float:
    """Product of the scales that end a number: 100,000 for "3-4 लाख"."""
    scale = 1.0
    for at in range(number.last - 1, number.first, -1):
        role, value = table().get(tokens.keys[at], ("", 0.0))
        if role not in ("hundred", "scale"):
            break
        scale *= value
    return scale


def read(tokens: Tokens, i: int) -> Numeral | None:
    """The number or range that starts at word `i`: "3-4 लाख", "तीन से चार", "10 to 15"; "5-5 लाख" (each) is 5 लाख."""
    first = _single(tokens, i)
    if first is None:
        return None
    at = first.last
    sign = tokens.key(at)
    dash = sign in _DASHES
    between = sign == "and" and tokens.key(i - 1) == "between"
    if not dash and not between and sign not in _TO:
        return first
    second = _single(tokens, at + 1)
    if second is None or (dash and not first.digits and tokens.key(at + 1)[:1].isdigit()):
        return first
    scale = _scale_at_end(tokens, second)
    low = first.value
    if scale > 1 and low < scale and low * scale <= second.value:
        low *= scale
    if dash and low == second.value:
        return Numeral(i, second.last, low, None, first.digits)
    if low >= second.value or (not dash and second.value > 10 * low):
        return first
    return Numeral(i, second.last, low, second.value, first.digits)
