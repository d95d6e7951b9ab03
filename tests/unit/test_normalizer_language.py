"""Hindi is told from its neighbours, English and romanised Hindi, for blocks and for articles."""

from __future__ import annotations

import pytest

from services.language.identify import WORD, guess, identify
from services.normalizer.languages import of_article, of_lines
from services.normalizer.stage import normalize

HINDI = "प्रधानमंत्री ने शुक्रवार को कहा कि भारत और रूस के बीच वार्ता अगले महीने भी जारी रहेगी।"
ENGLISH = "The prime minister said on Friday that talks between India and Russia will go on next month."
ROMAN = "Pradhan mantri ne shukravar ko kaha ki Bharat aur Russia ke beech baatcheet agle mahine bhi jaari rahegi."


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("hi", HINDI),
        ("en", ENGLISH),
        ("hi-Latn", ROMAN),
        ("mr", "पंतप्रधानांनी शुक्रवारी सांगितले की भारत आणि रशिया यांच्यातील चर्चा पुढील महिन्यातही सुरू राहील."),
        ("ne", "प्रधानमन्त्रीले शुक्रबार भारत र रुसबीचको वार्ता अर्को महिना पनि जारी रहने बताउनुभएको छ।"),
        ("mai", "प्रधानमंत्री शुक्र दिन कहलनि जे भारत आ रूसक बीच वार्ता अगिला मास सेहो जारी रहत, ई बात ओ सभ कहने छलाह।"),
        ("bho", "प्रधानमंत्री शुक्रवार के कहलें कि भारत आ रूस के बीच बातचीत अगिला महीना में भी जारी रही, ई बात ऊ लोग कहले बा।"),
        ("sa", "प्रधानमन्त्री शुक्रवासरे अवदत् यत् भारतस्य रूसदेशस्य च मध्ये वार्ता आगामिमासे अपि प्रचलिष्यति इति।"),
        (
            "de",
            "Der Ministerpräsident sagte am Freitag, dass die Gespräche zwischen beiden Ländern weitergehen werden.",
        ),
        ("ur", "وزیراعظم نے جمعہ کو کہا کہ بھارت اور روس کے درمیان بات چیت جاری رہے گی۔"),
        ("bn", "প্রধানমন্ত্রী শুক্রবার বলেছেন যে আলোচনা চলবে।"),
        ("uk", "Прем'єр-міністр заявив у п'ятницю, що переговори між країнами триватимуть і надалі."),
        ("und", "12345 — 67"),
    ],
)
def test_languages(tag: str, text: str) -> None:
    assert identify(WORD.findall(text)) == tag


def test_more_words_make_a_guess_surer() -> None:
    words = WORD.findall(HINDI)
    assert guess(words).lead > guess(words[:4]).lead


def test_blocks_keep_their_own_language() -> None:
    found = normalize(f"{HINDI}\n{ENGLISH}\n{HINDI[:-1]}, सूत्रों ने बताया।".encode())
    assert [b.language for b in found.blocks] == ["hi", "en", "hi"]
    assert [b.script for b in found.blocks] == ["Deva", "Latn", "Deva"]
    assert found.language == "hi"


def test_halves_make_a_mixed_article() -> None:
    assert of_article(of_lines([HINDI, ENGLISH])).language == "mixed"


def test_a_heading_takes_the_language_of_its_paragraphs() -> None:
    lines = of_lines([HINDI, "का भइल बा", HINDI])
    assert lines[1].tag == "hi"


def test_names_in_latin_letters_leave_hindi_hindi() -> None:
    assert of_lines(["TASS के अनुसार Kyiv ने 30-दिन के संघर्ष विराम के प्रस्ताव का समर्थन किया है।"])[0].language == "hi"


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.language import identify as module

    lines = [HINDI, ENGLISH, ROMAN, HINDI.replace("भारत", "नेपाल")]
    before = of_lines(lines)
    monkeypatch.setattr(module, "_MEMO", 5)
    assert [of_lines([line])[0] for line in lines for _ in range(2)][::2] == before
    assert of_lines(lines) == before
