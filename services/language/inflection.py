"""Forms of nouns: plurals and obliques of Hindi, plurals of English, made by rule from the lemma."""

from __future__ import annotations

from collections.abc import Iterator

_IRREGULAR = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "person": "people",
    "schoolchild": "schoolchildren",
}


def hindi(lemma: str) -> Iterator[str]:
    """A noun with its plural and oblique forms; forms that do not exist do no harm."""
    yield lemma
    stem, end = lemma[:-1], lemma[-1]
    if end == "ा":
        yield from (stem + "े", stem + "ों", lemma + "एं", lemma + "ओं")
        if lemma.endswith("िया"):
            yield from (stem[:-1] + "यां", stem + "ों")
    elif end == "ी":
        yield from (stem + "ियां", stem + "ियों")
    elif end == "ि":
        yield from (lemma + "यां", lemma + "यों")
    elif end in "ूु":
        yield from (stem + "ुओं", stem + "ुएं")
    elif end in "ेैोौएओ" or end == "ं":
        yield from (lemma + "ओं",)
        if lemma.endswith("ांव"):
            yield lemma + "ों"
    else:
        yield from (lemma + "ों", lemma + "ें")


def english(lemma: str) -> Iterator[str]:
    yield lemma
    head, _, last = lemma.rpartition(" ")
    head = head + " " if head else ""
    for singular, plural in _IRREGULAR.items():
        if last.endswith(singular) and last != "human":
            yield head + last[: -len(singular)] + plural
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        yield head + last[:-1] + "ies"
    elif last.endswith(("s", "x", "ch", "sh")):
        yield head + last + "es"
    else:
        yield head + last + "s"
