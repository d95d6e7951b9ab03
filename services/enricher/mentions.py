"""Mentions of persons, places and organisations: found by the tagger and the gazetteer together, then linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.enriched import Mention
from services.enricher import crf, gazetteer
from services.enricher.linking import Form, link
from services.knowledge.things import things
from services.language.words import Word, words


class Span(NamedTuple):
    """Sentence `text[start:end]` and its language."""

    start: int
    end: int
    language: str


def find_mentions(
    text: str, sentences: Sequence[Span | tuple[int, int, str]], published: str | None = None
) -> list[Mention]:
    """Every occurrence of a name in `text`, in order, with its entity.

    `sentences` are (start, end, language) in code points; `published` an ISO date, which tells who held an office then.
    """
    read = [read_words(words(text, start, end), language == "hi") for start, end, language in sentences]
    try:
        labels = crf.tagger().tag([(s.texts, crf.places(len(s.words), s.matches)) for s in read])
    except FileNotFoundError:
        labels = [crf.encode(len(s.words), s.matches) for s in read]
    forms: list[Form] = []
    keys: list[str] = []
    hindi = 0
    for sentence, path in zip(read, labels, strict=True):
        base, spoken = len(keys), sentence.words
        hindi += len(spoken) if sentence.hindi else -len(spoken)
        for first, last, kind, sure in combined(sentence, crf.decode(path)):
            begin, stop = spoken[first].start, spoken[last - 1].end
            key = " ".join(filter(None, sentence.keys[first:last]))
            forms.append(Form(begin, stop, base + first, base + last, text[begin:stop], key, kind, sure))
        keys += sentence.keys
    year = int(published[:4]) if published and published[:4].isdigit() else None
    link(forms, keys, hindi > 0, year)
    return [_mention(form) for form in forms if form.thing is not None]


class Read(NamedTuple):
    """One sentence cut into words, with what the gazetteer knows of it."""

    words: list[Word]
    texts: list[str]
    keys: list[str]
    matches: list[gazetteer.Match]
    hindi: bool


def read_words(spoken: list[Word], hindi: bool) -> Read:
    """Words of a sentence with what the gazetteer knows of them."""
    texts = [w.text for w in spoken]
    keys = [gazetteer.key(t) for t in texts]
    return Read(spoken, texts, keys, gazetteer.matches(spoken, keys, hindi), hindi)


def combined(sentence: Read, tagged: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str, float]]:
    """(first word, end, kind, confidence) of the names of a sentence: the tagger's, and sure forms of states that it passed over."""
    found = [(first, last, kind, 0.9) for first, last, kind in tagged]
    taken = {i for first, last, _ in tagged for i in range(first, last)}
    for match in sentence.matches:
        if ADD_SURE and match.sure and match.kind in ADD_SURE and not taken.intersection(range(match.start, match.end)):
            found.append((match.start, match.end, match.kind, 0.6))
    return sorted(found)


ADD_SURE: frozenset[str] = frozenset()


def _mention(form: Form) -> Mention:
    thing = form.thing
    assert thing is not None
    state = things().state(thing.acts_for) if thing.acts_for else None
    return Mention.model_construct(
        start=form.start,
        end=form.end,
        text=form.text,
        kind=form.kind,
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
