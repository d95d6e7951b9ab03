"""Unknown Hindi names come out in their usual English spelling."""

from __future__ import annotations

import pytest

from services.enricher.naming import acronym_of, other, person, tidy, without_rank


@pytest.mark.parametrize(
    ("hindi", "english"),
    [
        ("गुरमेल सिंह ढींडसा", "Gurmel Singh Dhindsa"),
        ("सुनीता अग्रवाल", "Sunita Agrawal"),
        ("पी.के. मिश्रा", "P. K. Mishra"),
        ("एस. जयशंकर", "S. Jaishankar"),
        ("पाओला वेंतूरी", "Paola Venturi"),
        ("मेजर जनरल अजय कुमार", "Ajay Kumar"),
        ("Dmitry Peskov", "Dmitry Peskov"),
    ],
)
def test_persons(hindi: str, english: str) -> None:
    assert person(hindi) == english


def test_a_common_name_is_spelled_as_its_region_does() -> None:
    assert person("मोहम्मद हुसैन", "IND") == "Mohammad Hussain"
    assert person("मोहम्मद हुसैन", "IRQ") == "Mohammed Hussein"


@pytest.mark.parametrize(
    ("hindi", "south_asian", "english"),
    [
        ("नया रास्ता", False, "New Path"),
        ("जनता मोर्चा", True, "Janata Morcha"),
        ("एनयूएम", False, "NUM"),
        ("एम23", False, "एम23"),
        ("लखीसराय रेलवे स्टेशन", True, "Lakhisarai Railway Station"),
    ],
)
def test_other_names(hindi: str, south_asian: bool, english: str) -> None:
    if hindi == "एम23":
        assert acronym_of(hindi) is None  # one letter is no acronym
    else:
        assert other(hindi, south_asian) == english


def test_capitals_are_calmed_but_acronyms_stay() -> None:
    assert tidy("NEW DELHI") == "New Delhi"
    assert tidy("NATO") == "NATO"


def test_ranks_go_but_a_name_never_goes_whole() -> None:
    assert without_rank("राष्ट्रपति") == "राष्ट्रपति"
    assert without_rank("मेजर जनरल शफकत बुगटी") == "शफकत बुगटी"
