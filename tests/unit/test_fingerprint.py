"""Fingerprints: near for copies and translations, far for other texts, the same in every process."""

from __future__ import annotations

import base64
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.enricher import fingerprint
from services.language.tokens import Tokens

ENGLISH = "The foreign ministers of India and China met in Moscow and agreed to withdraw troops from the border."
HINDI = "भारत और चीन के विदेश मंत्री मॉस्को में मिले और सीमा से सैनिकों को हटाने पर सहमत हुए।"
OTHER = "The cricket team won the final after a fine innings by the captain."


def vector(text: str) -> np.ndarray:
    found = fingerprint.vectors().document(Tokens(text).keys)
    assert found is not None
    return found


def signature(text: str) -> np.ndarray:
    found = fingerprint.minhash(Tokens(text).keys)
    assert found is not None
    return found


def test_a_translation_is_nearer_than_another_text() -> None:
    assert vector(ENGLISH) @ vector(HINDI) > vector(OTHER) @ vector(HINDI) + 0.2


def test_a_copy_with_another_word_shares_most_of_the_signature() -> None:
    copy = ENGLISH.replace("Moscow", "Delhi")
    assert (signature(ENGLISH) == signature(copy)).mean() > 0.5
    assert (signature(ENGLISH) == signature(OTHER)).mean() < 0.1


def test_the_contract_carries_int8_and_uint32() -> None:
    keys = Tokens(ENGLISH).keys
    found = fingerprint.of(keys, fingerprint.vectors().document(keys))
    assert np.frombuffer(base64.b64decode(found.vector), np.int8).shape == (256,)
    assert np.frombuffer(base64.b64decode(found.signature), "<u4").shape == (64,)
    length = np.linalg.norm(np.frombuffer(base64.b64decode(found.vector), np.int8) / 127)
    assert abs(length - 1) < 0.05


def test_a_text_without_words_has_no_fingerprint() -> None:
    found = fingerprint.of(Tokens("… — !").keys, fingerprint.vectors().document(Tokens("… — !").keys))
    assert (found.vector, found.signature) == ("", "")


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_or_none(text: str) -> None:
    keys = Tokens(text).keys
    found = fingerprint.of(keys, fingerprint.vectors().document(keys))
    assert len(base64.b64decode(found.signature)) in (0, 256)


def test_another_process_computes_the_same_signature() -> None:
    code = (
        "from services.enricher import fingerprint as f; from services.language.tokens import Tokens; import sys; "
        "print(f.minhash(Tokens(sys.argv[1]).keys).sum())"
    )
    other = subprocess.run([sys.executable, "-c", code, HINDI], capture_output=True, text=True, check=True)
    assert int(other.stdout) == int(signature(HINDI).sum())
