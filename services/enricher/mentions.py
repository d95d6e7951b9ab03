"""Mentions of persons, places and organisations: found by the tagger and the gazetteer together, then linked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, cast

from services.contracts.base import Kind
from services.contracts.enriched import Mention
from services.enricher import crf, gazetteer
from services.enricher.linking import Form, link
from services.knowledge.rules import address, before_names, headwords, institutions
from services.knowledge.things import demonyms, things
from services.language.transliterate import letter
from services.language.words import Word, words


class Span(NamedTuple):
    """Sentence `text[start:end]` and its language."""

    start: int
    end: int
    language: str


def find_mentions(
    text: str,
    sentences: Sequence[Span | tuple[int, int, str]],
    published: str | None = None,
    spoken: Sequence[Word] | None = None,
) -> list[Mention]:
    """Every occurrence of a name in `text`, in order, with its entity.

    `sentences` are (start, end, language) in code points; `published` an ISO date, which tells who held an office then;
    `spoken` the words of the whole text, where the caller has them.
    """
    if spoken is None:
        spoken = words(text)
    starts = [w.start for w in spoken]
    read = [
        read_words(spoken[bisect_left(starts, start) : bisect_left(starts, end)], language == "hi")
        for start, end, language in sentences
    ]
    labels = crf.tagger().tag([(s.texts, crf.places(s.texts, s.matches)) for s in read])
    forms: list[Form] = []
    keys: list[str] = []
    hindi = 0
    for sentence, path in zip(read, labels, strict=True):
        base, here = len(keys), sentence.words
        hindi += len(here) if sentence.hindi else -len(here)
        for first, last, kind, sure in combined(sentence, crf.decode(path)):
            begin, stop = here[first].start, here[last - 1].end
            key = " ".join(filter(None, sentence.keys[first:last]))
            forms.append(Form(begin, stop, base + first, base + last, text[begin:stop], key, kind, sure))
        keys += sentence.keys
    _agree(forms)
    year = int(published[:4]) if published and published[:4].isdigit() else None
    link(forms, keys, hindi > 0, year)
    return [_mention(form) for form in forms if form.thing is not None]


def _agree(forms: Sequence[Form]) -> None:
    """One kind for a form that no table knows, wherever the article has it: the kind it was given most often."""
    votes: dict[str, Counter[str]] = {}
    for form in forms:
        votes.setdefault(form.key, Counter())[form.kind] += 1
    known = things().forms
    for form in forms:
        kinds = votes[form.key]
        if len(kinds) > 1 and form.key not in known:
            form.kind = kinds.most_common(1)[0][0]


class Read(NamedTuple):
    """One sentence cut into words, with what the gazetteer knows of it."""

    words: Sequence[Word]
    texts: list[str]
    keys: list[str]
    matches: list[gazetteer.Match]
    hindi: bool


def read_words(spoken: Sequence[Word], hindi: bool) -> Read:
    """Words of a sentence with what the gazetteer knows of them."""
    texts = [w.text for w in spoken]
    keys = [gazetteer.key(t) for t in texts]
    return Read(spoken, texts, keys, gazetteer.matches(spoken, keys, hindi), hindi)


def combined(sentence: Read, tagged: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str, float]]:
    """(first word, end, kind, confidence) of the names of a sentence: the tagger's, put in shape, and what
    it passed over.

    Added are sure forms of persons and places, and the institutions that are names wherever they stand ("संसद").
    """
    found: list[tuple[int, int, str, float]] = []
    taken: set[int] = set()
    known = [m for m in sentence.matches if m.sure]
    starts = [m.start for m in known]
    sure = [m for m in known if m.kind != "ORG" or _institution(m.key)]
    for first, last, kind in tagged:
        at = bisect_right(starts, first) - 1  # matches do not overlap, so only the last to begin can hold the name
        longer = known[at] if at >= 0 else None
        if longer and longer.kind == kind and longer.end >= last and longer.end - longer.start > last - first:
            sure.append(longer)  # the table knows a longer name here
            continue
        for part in _parted(sentence, first, last, kind):
            shaped = _shaped(sentence, *part, kind)
            if shaped is not None and taken.isdisjoint(range(shaped[0], shaped[1])):
                found.append((*shaped, 0.9))
                taken.update(range(shaped[0], shaped[1]))
    for match in sure:
        if taken.isdisjoint(range(match.start, match.end)):
            found.append((match.start, match.end, match.kind, 0.6))
    return sorted(found)


def _parted(sentence: Read, first: int, last: int, kind: str) -> list[tuple[int, int]]:
    """The two persons of "पुतिन-बाइडन", where the table knows both; else the name whole."""
    if kind == "PER" and last - first == 3 and sentence.texts[first + 1] in "-–—/":
        forms = things().forms
        if sentence.keys[first] in forms and sentence.keys[first + 2] in forms:
            return [(first, first + 1), (first + 2, last)]
    return [(first, last)]


def _institution(key: str) -> bool:
    return key in institutions() or key.endswith(" मंत्रालय")


def _bare(key: str) -> bool:
    """Bodies that every country has, so that the adjective before them is a description."""
    return key == "संसद" or key.endswith(" मंत्रालय")


_EDGES = frozenset("\"'“”‘’«».,;:!?।-–—/…*[]{}|")
_AFTER_NAMES = frozenset({"जी", "साहब", "साहेब", "ji", "sahib"})


def _shaped(sentence: Read, first: int, last: int, kind: str) -> tuple[int, int, str] | None:
    """A name without the signs, forms of address, offices and adjectives at its edges; None where no name is left."""
    texts, keys = sentence.texts, sentence.keys
    before = before_names()
    if kind == "LOC" and last - first > 1 and keys[first] in address():
        kind = "PER"
    known = " ".join(filter(None, keys[first:last])) in things().forms  # a form of the table has no office to lose
    named = kind == "PER" and not known
    while first < last:
        if texts[first] in _EDGES or texts[first] == "(" or (named and last - first > 1 and keys[first] in before):
            first += 1
        elif (
            texts[last - 1] in _EDGES
            and not (texts[last - 1] == "." and last - first > 1 and len(texts[last - 2]) == 1)
        ) or (named and last - first > 1 and keys[last - 1] in _AFTER_NAMES):
            last -= 1
        else:
            break
    if kind == "ORG" and first < last:
        if keys[first] in demonyms() and _bare(" ".join(keys[first + 1 : last])):
            first += 1  # no adjectives of nations before ministries and parliaments
        elif first and keys[first - 1] in demonyms() and " ".join(keys[first:last]) == "सुरक्षा परिषद":
            first -= 1  # without its adjective the Security Council is that of the United Nations
    key = " ".join(filter(None, keys[first:last]))
    if not key or not any(c.isalpha() for c in key):
        return None
    table = things()
    held = table.forms.get(key)
    tail = key.rpartition(" ")[2]
    if held is None and kind != "ORG" and (tail in demonyms() or tail.removesuffix("s") in demonyms()):
        return None  # "West African", "South Koreans"
    if kind == "PER" and " " in key and all(letter(word) for word in key.split()):
        kind = "ORG"  # an acronym letter by letter ("एन.एस.ए."), for nobody is called by initials alone
    if kind == "PER" and (key[0].isdigit() or key[-1].isdigit() or key in before):
        return None
    if last - first == 1 and texts[first].isascii() and texts[first].islower() and len(key) < 4 and held is None:
        return None
    kinds = {table.all[i].kind for i in held} if held else set()
    if held and kind not in kinds:
        kind = table.all[held[0]].kind
    elif not held and " " in key:
        kind = headwords().get(tail, kind)
    return first, last, kind


def _mention(form: Form) -> Mention:
    thing = form.thing
    assert thing is not None
    state = things().state(thing.acts_for) if thing.acts_for else None
    return Mention.model_construct(
        start=form.start,
        end=form.end,
        text=form.text,
        kind=cast(Kind, form.kind),
        name=thing.name,
        entity=thing.id,
        qid=thing.qid,
        geonames=thing.geonames,
        country=thing.country if thing.country and len(thing.country) == 3 else None,
        sector=thing.sector,
        acts_for=state.name if state else None,
        acts_for_country=thing.acts_for if thing.acts_for != "IGO" else "IGO",
        confidence=round(form.sure * form.confidence, 3),
        via=form.via,
        candidates=form.rivals,
    )
