"""Names compare by what they say, not by how they are encoded or spelled."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language.scripts import fold, script_of
from services.language.transliterate import phonetic_key
from services.language.words import key_of, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ट्रम्प", "ट्रंप"),
        ("हिन्दी", "हिंदी"),
        ("अण्डोरा", "अंडोरा"),
        ("ज़ेलेंस्की", "जेलेंस्की"),
        ("ज़", "ज़"),  # one code point, or letter and nukta
        ("चाँद", "चांद"),
        ("क्\u200dया", "क्या"),
        ("नयी", "नई"),
        ("Erdoğan", "ERDOGAN"),
        ("Løkke", "lokke"),
    ],
)
def test_spellings_that_differ_in_form_only_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("मान", "मन"), ("कम", "काम"), ("दिन", "दीन")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "script"), [("रूस", "deva"), ("Russia", "latin"), ("रूस TASS", "mixed"), ("2024 —", "other")]
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_words_cover_everything_but_white_space_in_order(text: str) -> None:
    found = words(text)
    assert all(text[w.start : w.end] == w.text for w in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.text(max_size=60))
def test_key_of_a_key_is_itself(text: str) -> None:
    once = key_of(text)
    assert key_of(once) == once or "." in text or any(not c.isalnum() for c in once)


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("U.S.", "us"),
        ("Kim Jong-un", "kim jong un"),
        ("अल-कायदा", "अल कायदा"),
        ("नेकपा (एमाले)", "नेकपा एमाले"),
        ("Cox's Bazar", "cox bazar"),
    ],
)
def test_keys(form: str, key: str) -> None:
    assert key_of(form) == key


@pytest.mark.parametrize(
    ("hindi", "english"),
    [
        ("नरेंद्र मोदी", "Narendra Modi"),
        ("व्लादिमीर पुतिन", "Vladimir Putin"),
        ("सुनील शेट्टी", "Suneel Shetty"),
        ("बाइडन", "Biden"),
        ("बिडेन", "Biden"),
        ("फिलिप", "Philip"),
    ],
)
def test_both_scripts_meet_under_one_key(hindi: str, english: str) -> None:
    assert phonetic_key(hindi) == phonetic_key(english)


def test_different_names_have_different_keys() -> None:
    assert phonetic_key("नरेंद्र मोदी") != phonetic_key("Nirav Modi")
