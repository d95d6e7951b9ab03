"""Mentions of persons, places and organisations: found by the tagger and the gazetteer together, then linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.enriched import Mention
from services.enricher import gazetteer
from services.enricher.linking import Form, link
from services.knowledge.things import things
from services.language.words import Word, words


class Span(NamedTuple):
    """Sentence `text[start:end]` and its language."""

    start: int
    end: int
    language: str


def find_mentions(text: str, sentences: Sequence[Span | tuple[int, int, str]], published: str | None = None) -> list[Mention]:
    """Every occurrence of a name in `text`, in order, with its entity.

    `sentences` are (start, end, language) in code points; `published` an ISO date, which tells who held an office then.
    """
    all_words: list[Word] = []
    all_keys: list[str] = []
    forms: list[Form] = []
    hindi = 0
    for start, end, language in sentences:
        spoken = words(text, start, end)
        keys = [gazetteer.key(w.text) for w in spoken]
        is_hindi = language == "hi"
        hindi += len(spoken) if is_hindi else -len(spoken)
        base = len(all_words)
        for first, last, kind, sure in spans(spoken, keys, is_hindi):
            begin, stop = spoken[first].start, spoken[last - 1].end
            key = " ".join(k for k in keys[first:last] if k)
            forms.append(Form(begin, stop, base + first, base + last, text[begin:stop], key, kind, sure))
        all_words += spoken
        all_keys += keys
    year = int(published[:4]) if published and published[:4].isdigit() else None
    link(forms, all_keys, hindi > 0, year)
    return [_mention(form) for form in forms if form.thing is not None]


def spans(spoken: Sequence[Word], keys: Sequence[str], hindi: bool) -> list[tuple[int, int, str, float]]:
    """(first word, end, kind, confidence) of the names of one sentence, in order, without overlaps."""
    return [(m.start, m.end, m.kind, 0.8) for m in gazetteer.matches(spoken, keys, hindi) if m.sure]


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
