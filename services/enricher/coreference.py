"""Words that stand for somebody named elsewhere: pronouns, titles, "both leaders", "the party"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from services.contracts.enriched import Mention, Reference
from services.enricher import gazetteer
from services.knowledge.things import demonyms, things
from services.language.words import Word, key_of, words

ForForm = Literal["pronoun", "title", "description", "plural"]
_SECTORS = frozenset({"PTY", "REB", "JUD", "IGO", "GOV", "BUS"})
_ARTICLES = frozenset({"the", "a", "an", "of", "के", "की", "का", "former", "पूर्व", "then", "तत्कालीन"})
MOST = 200  # mentions looked back over, so that no text costs more than its length
BACK = 3  # sentences that a pronoun looks back over


@cache
def _table() -> tuple[dict[str, str], int]:
    """What a phrase stands for, by key, and the most words that a phrase has."""
    text = files("services.enricher").joinpath("data", "references.tsv").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            what, _, phrases = line.partition("\t")
            for phrase in phrases.split("|"):
                found.setdefault(key_of(phrase), what)
    return found, max(key.count(" ") + 1 for key in found)


@cache
def _first_words() -> frozenset[str]:
    """Words that begin a phrase of the table: most words of a text do not, and are passed over."""
    return frozenset(key.partition(" ")[0] for key in _table()[0])


class _Article:
    """Mentions by place, and who is called by which office."""

    def __init__(self, sentences: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> None:
        self.sentences = sentences
        self.starts = [start for start, _ in sentences]
        self.mentions = mentions
        self.order = sorted(range(len(mentions)), key=lambda i: mentions[i].start)
        self.begins = [mentions[i].start for i in self.order]
        self.called: dict[str, list[int]] = {}

    def sentence(self, offset: int) -> int:
        """Index of the sentence that holds `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def before(self, offset: int, low: int = 0) -> list[int]:
        """The nearest mentions in `low..offset`, nearest first."""
        high = bisect_left(self.begins, offset)
        return self.order[max(bisect_left(self.begins, low), high - MOST) : high][::-1]

    def covers(self, start: int, end: int) -> bool:
        """Whether a mention overlaps the range."""
        at = bisect_left(self.begins, end)
        return any(self.mentions[i].end > start for i in self.order[max(0, at - 2) : at])

    def begins_at(self, offset: int) -> int | None:
        """The mention that begins at `offset`."""
        at = bisect_left(self.begins, offset)
        return self.order[at] if at < len(self.begins) and self.begins[at] == offset else None

    def subject(self, offset: int) -> int | None:
        """The person a pronoun at `offset` most likely means: the first named in the nearest earlier
        sentence that names one.
        """
        here = self.sentence(offset)
        for back in range(BACK + 1):
            number = here - back
            if number < 0:
                return None
            start, end = self.sentences[number]
            people = [i for i in self.before(min(end, offset), start) if self.mentions[i].kind == "PER"]
            if people:
                return people[-1] if back else people[0]
        return None


def find_references(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    said: Sequence[Word] | None = None,
) -> list[Reference]:
    """References of `text` in order; each tells the mentions (one for each entity) that it stands for.

    `said` are the words of the whole text, where the caller has them.
    """
    if said is None:
        said = words(text)
    starts = [w.start for w in said]
    table, longest = _table()
    first_words = _first_words()
    article = _Article([(s[0], s[1]) for s in sentences], mentions)
    found: list[Reference] = []
    for start, end in article.sentences:
        spoken = said[bisect_left(starts, start) : bisect_left(starts, end)]
        keys = [gazetteer.key(w.text) for w in spoken]
        i = 0
        while i < len(spoken):
            if keys[i] not in first_words:
                i += 1
                continue
            length, what = _longest(keys, i, table, longest)
            if not length:
                i += 1
                continue
            begin, stop = spoken[i].start, spoken[i + length - 1].end
            if article.covers(begin, stop):
                i += length
                continue
            if what == "pronoun":
                who = article.subject(begin)
                if who is not None:
                    found.append(_reference(text, begin, stop, "pronoun", [who], 0.7))
            elif what in ("leaders", "countries"):
                pair = _pair(article, begin, what)
                if len(pair) == 2:
                    found.append(_reference(text, begin, stop, "plural", pair, 0.75))
            elif what in _SECTORS:
                body = _body(article, begin, what)
                if body is not None:
                    cut = stop if keys[i] == "the" else spoken[i].end
                    found.append(_reference(text, begin, cut, "description", [body], 0.6))
            else:
                reference = _office(text, article, spoken, keys, i, length, what)
                if reference is not None:
                    found.append(reference)
            i += length
    return found


def _longest(keys: Sequence[str], at: int, table: dict[str, str], longest: int) -> tuple[int, str]:
    for length in range(min(longest, len(keys) - at), 0, -1):
        what = table.get(" ".join(keys[at : at + length]))
        if what is not None:
            return length, what
    return 0, ""


def _reference(text: str, start: int, end: int, form: ForForm, who: list[int], confidence: float) -> Reference:
    return Reference.model_construct(
        start=start, end=end, text=text[start:end], form=form, mentions=who, confidence=confidence
    )


def _pair(article: _Article, offset: int, what: str) -> list[int]:
    """The two persons, or the two states, named last before `offset`, in the order of the text."""
    kept: dict[str, int] = {}
    for i in article.before(offset):
        mention = article.mentions[i]
        state = mention.kind == "LOC" and (mention.entity == _state_id(mention.country) or mention.acts_for_country)
        if mention.kind == "PER" if what == "leaders" else state:
            kept.setdefault(mention.entity if what == "leaders" else str(mention.country), i)
            if len(kept) == 2:
                break
    return sorted(kept.values(), key=lambda i: article.mentions[i].start)


def _state_id(country: str | None) -> str | None:
    state = things().state(country)
    return state.id if state else None


def _body(article: _Article, offset: int, sector: str) -> int | None:
    """The organisation of this sector that was named last."""
    for i in article.before(offset):
        mention = article.mentions[i]
        if mention.kind == "ORG" and (mention.sector == sector or (sector == "IGO" and mention.country == "IGO")):
            return i
    return None


def _office(
    text: str, article: _Article, spoken: Sequence[Word], keys: Sequence[str], at: int, length: int, what: str
) -> Reference | None:
    """An office beside a name teaches who holds it; one without a name stands for the holder named before."""
    begin, stop = spoken[at].start, spoken[at + length - 1].end
    country, first = _country(article, spoken, keys, at)
    named = article.begins_at(stop + 1)
    if named is not None and article.mentions[named].kind == "PER":
        article.called.setdefault(what, []).append(named)
        return None
    for who in reversed(article.called.get(what, [])):
        mention = article.mentions[who]
        if country is None or mention.country == country:
            return _reference(
                text, first if first is not None else begin, stop, "title", [who], 0.8 if country else 0.65
            )
    if country is None:
        return None
    wanted = what.split()
    for i in article.before(begin):  # nobody was called so here, but the table knows an office
        mention = article.mentions[i]
        if mention.kind == "PER" and mention.country == country:
            office = next((t.office.lower() for t in things().find(key_of(mention.name)) if t.id == mention.entity), "")
            if office and all(w in office for w in wanted):
                return _reference(text, first if first is not None else begin, stop, "title", [i], 0.6)
    return None


def _country(article: _Article, spoken: Sequence[Word], keys: Sequence[str], at: int) -> tuple[str | None, int | None]:
    """State of an office ("रूसी राष्ट्रपति", "रूस के राष्ट्रपति", "the Russian president") and where the phrase begins."""
    back = at - 1
    while back >= 0 and at - back <= 3 and keys[back] in _ARTICLES:
        back -= 1
    if back < 0 or at - back > 3:
        return None, None
    nation = demonyms().get(keys[back])
    start = spoken[back].start
    if nation is not None:
        return (nation if nation != "IGO" else None), start
    held = article.begins_at(start)
    if held is not None and article.mentions[held].kind == "LOC":
        return article.mentions[held].country, start
    return None, None
