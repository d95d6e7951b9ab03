"""Numbers are read back however either language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language import numerals
from services.language.tokens import Tokens

DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
HINDI = {int(v): w for w, (role, v) in reversed(numerals.table().items()) if role == "unit" and not w.isascii()}
ENGLISH = {int(v): w for w, (role, v) in numerals.table().items() if role in ("unit", "tens") and w.isascii()}


def read(text: str) -> numerals.Numeral | None:
    return numerals.read(Tokens(text), 0)


def in_hindi(n: int) -> str:
    parts = []
    for scale, word in ((10**7, "करोड़"), (10**5, "लाख"), (1000, "हज़ार"), (100, "सौ")):
        if n >= scale:
            parts += [in_hindi(n // scale), word]
            n %= scale
    return " ".join([*parts, HINDI[n]] if n or not parts else parts)


def in_english(n: int) -> str:
    parts = []
    for scale, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= scale:
            parts += [in_english(n // scale), word]
            n %= scale
    if n in ENGLISH and (n or not parts):
        parts.append(ENGLISH[n])
    elif n:
        parts.append(f"{ENGLISH[n - n % 10]}-{ENGLISH[n % 10]}")
    return " ".join(parts)


def indian(n: int) -> str:
    head, tail = divmod(n, 1000)
    groups: list[str] = []
    while head:
        head, group = divmod(head, 100)
        groups.insert(0, f"{group:02d}" if head else str(group))
    return ",".join([*groups, f"{tail:03d}"]) if groups else str(tail)


@given(st.integers(1, 10**9 - 1))
def test_hindi_words_are_read_back(n: int) -> None:
    found = read(in_hindi(n))
    assert found is not None
    assert found.value == n


@given(st.integers(1, 10**12 - 1))
def test_english_words_are_read_back(n: int) -> None:
    found = read(in_english(n))
    assert found is not None
    assert found.value == n


@given(st.integers(0, 10**12), st.sampled_from([str, indian, "{:,}".format]), st.booleans())
def test_digits_of_both_scripts_and_groupings_are_read_back(n: int, write: object, devanagari: bool) -> None:
    text = write(n)  # type: ignore[operator]
    found = read(text.translate(DEVANAGARI) if devanagari else text)
    assert found is not None
    assert found.value == n


def test_every_hindi_number_below_a_hundred_has_a_word() -> None:
    assert set(range(100)) <= set(HINDI)


@pytest.mark.parametrize(
    ("text", "value", "high"),
    [
        ("डेढ़ करोड़", 15_000_000, None),
        ("साढ़े चार लाख", 450_000, None),
        ("पौने दो करोड़", 17_500_000, None),
        ("सवा सौ", 125, None),
        ("ढाई हज़ार", 2500, None),
        ("1.5 लाख करोड़ रुपये", 1.5e12, None),
        ("50-50 हजार रुपये", 50_000, None),
        ("3-4 लाख", 300_000, 400_000),
        ("तीन से चार घंटे", 3, 4),
        ("10 to 15 people", 10, 15),
        ("two dozen", 24, None),
        ("दो दर्जन", 24, None),
        ("two-trillion-dollar", 2e12, None),
        ("$5bn"[1:], 5e9, None),
    ],
)
def test_what_news_writes(text: str, value: float, high: float | None) -> None:
    found = read(text)
    assert found is not None
    assert (found.value, found.high) == (value, high)


@pytest.mark.parametrize("text", ["12:30", "12.05.2024", "1,2", "अरब देश", "million voices", "hundreds"])
def test_what_is_no_number(text: str) -> None:
    assert read(text) is None
