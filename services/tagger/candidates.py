"""Who could take part: named mentions, unnamed actors, references and adjectives of nations, as candidates of an article."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from services.contracts.enriched import EnrichedArticle, Mention
from services.language.words import Word, words
from services.tagger.acts import Text
from services.tagger.lexicon import country_names, demonyms, descriptions, key

# Descriptions of office and state bodies, which stand for their state when no name is given.
STATE_BODIES = frozenset(
    [
        "government",
        "ministry",
        "minister",
        "spokesperson",
        "diplomats",
        "officials",
        "negotiators",
        "army",
        "leaders",
        "border",
        "guards",
    ]
) | {"border guards"}
OFFICES = frozenset(
    ["minister", "president", "prime minister", "chief minister", "governor", "mayor", "king", "leaders", "spokesperson",
     "judges", "officials", "lawyers", "officers", "speaker", "diplomats", "activists", "candidates", "lawmakers",
     "journalists", "priests", "businessman", "criminals", "opposition", "negotiators", "teachers", "doctors", "police",
     "village head", "suspects", "experts", "athletes", "artists", "farmers", "workers of a party", "rebels", "gang"]
)  # fmt: skip
OF = frozenset(["का", "की", "के"])


@dataclass(frozen=True, slots=True)
class PartyInfo:
    """Who a candidate is."""

    name: str
    kind: str  # PER, LOC, ORG, desc
    entity: str | None = None
    qid: str | None = None
    country: str | None = None
    sector: str | None = None

    @property
    def key(self) -> str:
        """One key for one entity of an article."""
        return self.entity or f"{self.name}|{self.country}"


@dataclass(slots=True)
class Candidate:
    """Words that could name a party; `first`..`last` are word indices within the sentence."""

    start: int
    end: int
    sentence: int
    form: str  # name, description, reference, demonym
    parties: tuple[PartyInfo, ...]
    first: int = 0
    last: int = 0
    assumed_country: bool = False

    @property
    def kind(self) -> str:
        return self.parties[0].kind


@dataclass(slots=True)
class Reading:
    """An article with its words and candidates, as the coder works on it."""

    article: EnrichedArticle
    text: Text
    words: list[list[Word]]
    keys: list[list[str]]
    candidates: list[Candidate]
    by_sentence: list[list[int]]
    home: str | None  # country that the article is about when nothing else is said
    title_keys: frozenset[str] = field(default_factory=frozenset)


def party_of(mention: Mention) -> PartyInfo:
    """A mention as a party: a metonym stands for the state it acts for."""
    if mention.acts_for:
        return PartyInfo(
            mention.acts_for, "LOC", f"for:{mention.acts_for}", None, mention.acts_for_country or mention.country, "GOV"
        )
    sector = mention.sector or ("GOV" if mention.kind == "LOC" and mention.country != "IGO" else None)
    return PartyInfo(mention.name, mention.kind, mention.entity, mention.qid, mention.country, sector)


def home_country(article: EnrichedArticle) -> str | None:
    """The country whose places and bodies the article names most; the dateline and the first sentences weigh more."""
    votes: Counter[str] = Counter()
    for mention in article.mentions:
        country = mention.country or mention.acts_for_country
        if country and country != "IGO":
            votes[country] += (2 if mention.kind == "LOC" else 1) * (2 if mention.start < 300 else 1)
    if not votes:
        return "IND" if article.language.startswith("hi") else None
    return votes.most_common(1)[0][0]


def read(article: EnrichedArticle) -> Reading:
    """Words, candidates and home country of an article."""
    text = article.text
    spans = [(s.start, s.end) for s in article.sentences]
    sentence_words = [words(text, start, end) for start, end in spans]
    sentence_keys = [[key(w.text) for w in ws] for ws in sentence_words]
    starts = [start for start, _ in spans]
    home = home_country(article)
    candidates: list[Candidate] = []

    def place(start: int, end: int, form: str, parties: tuple[PartyInfo, ...]) -> None:
        sentence = bisect_right(starts, start) - 1
        if sentence < 0 or end > spans[sentence][1] or not parties:
            return
        ws = sentence_words[sentence]
        first = bisect_right([w.end for w in ws], start)
        last = first
        while last + 1 < len(ws) and ws[last + 1].start < end:
            last += 1
        if first < len(ws):
            candidates.append(Candidate(start, end, sentence, form, parties, first, last))

    for mention in article.mentions:
        place(mention.start, mention.end, "name", (party_of(mention),))
    for reference in article.references:
        referred = tuple({p.key: p for i in reference.mentions for p in [party_of(article.mentions[i])]}.values())
        place(reference.start, reference.end, "reference", referred)
    taken: list[dict[int, Candidate]] = [{} for _ in spans]
    for candidate in candidates:
        for i in range(candidate.first, candidate.last + 1):
            taken[candidate.sentence].setdefault(i, candidate)
    for s in range(len(spans)):
        candidates += _described(s, sentence_words[s], sentence_keys[s], taken[s], home)
    candidates.sort(key=lambda c: (c.start, -c.end))
    unique: dict[tuple[int, int], Candidate] = {}
    for candidate in candidates:
        unique.setdefault((candidate.start, candidate.end), candidate)
    candidates = [_with_country(c, home) for c in unique.values()]
    by_sentence: list[list[int]] = [[] for _ in spans]
    for i, candidate in enumerate(candidates):
        by_sentence[candidate.sentence].append(i)
    title = article.title or ""
    return Reading(
        article,
        Text(text, tuple(spans), tuple((c.start, c.end) for c in candidates), article.language, article.title),
        sentence_words,
        sentence_keys,
        candidates,
        by_sentence,
        home,
        frozenset(key(w.text) for w in words(title)),
    )


def _with_country(candidate: Candidate, home: str | None) -> Candidate:
    """A party of unknown country is taken to be of the article's own."""
    if home and any(p.country is None for p in candidate.parties):
        candidate.parties = tuple(
            p if p.country else PartyInfo(p.name, p.kind, p.entity, p.qid, home, p.sector) for p in candidate.parties
        )
        candidate.assumed_country = True
    return candidate


def _described(
    sentence: int, ws: list[Word], ks: list[str], taken: dict[int, Candidate], home: str | None
) -> list[Candidate]:
    """Unnamed actors and adjectives of nations of one sentence."""
    found: list[Candidate] = []
    phrases, nations = descriptions(), demonyms()
    n = len(ks)
    i = 0
    nation: tuple[str, str] | None = None  # adjective before the word at i
    nation_at = -9
    pending: Candidate | None = None
    while i < n:
        if i in taken:
            owner = taken[i]
            if owner.form == "name" and pending and pending.last == i - 1 and owner.parties[0].kind == "PER":
                found.remove(pending)  # an office before a person's name
            pending = None
            i = owner.last + 1 if owner.first == i else i + 1
            continue
        width = 2 if i + 1 < n and i + 1 not in taken and (ks[i], ks[i + 1]) in nations else 1
        adjective = nations.get(tuple(ks[i : i + width]))
        match = None
        for phrase, description in phrases.get(ks[i], ()):
            end = i + len(phrase)
            if end <= n and tuple(ks[i:end]) == phrase and not any(j in taken for j in range(i, end)):
                match = (end, description)
                break
        if match:
            end, description = match
            text_form = " ".join(w.text for w in ws[i:end])
            country = None
            if nation and i - nation_at <= 3:
                country = nation[0]
            elif i >= 2 and ks[i - 1] in OF and (i - 2) in taken and taken[i - 2].parties[0].kind in ("LOC", "ORG"):
                country = taken[i - 2].parties[0].country
            elif i >= 1 and (i - 1) in taken and taken[i - 1].parties[0].kind == "LOC":
                country = taken[i - 1].parties[0].country
            elif i >= 2 and ks[i - 1] in ("'s", "’s") and (i - 2) in taken:
                country = taken[i - 2].parties[0].country
            name = description.plural if _plural(text_form, description) else description.singular
            if description.default != description.plural and description.default != description.singular:
                name = description.default
            start_word = i
            if pending and pending.last == i - 1:
                found.remove(pending)  # "farmer leaders": the last word is the head
                start_word = pending.first
                country = country or pending.parties[0].country
            place = country if country != "IGO" else None
            if place and place != home and description.plural in STATE_BODIES | {"army"} and place in country_names():
                name = country_names()[place]
            party = PartyInfo(name, "desc", None, None, place, description.sector)
            pending = Candidate(
                ws[start_word].start, ws[end - 1].end, sentence, "description", (party,), start_word, end - 1
            )
            found.append(pending)
            if nation and found[:-1] and found[-2].form == "demonym" and i - nation_at <= 3:
                found.pop(-2)
            nation = None
            i = end
            continue
        if adjective:
            nation, nation_at = adjective, i + width - 1
            party = PartyInfo(
                adjective[1], "LOC", f"for:{adjective[1]}", None, adjective[0], None if adjective[0] == "IGO" else "GOV"
            )
            found.append(Candidate(ws[i].start, ws[i + width - 1].end, sentence, "demonym", (party,), i, i + width - 1))
            pending = None
            i += width
            continue
        pending = None
        i += 1
    return found


def _plural(form: str, description: object) -> bool:
    lowered = form.lower()
    return lowered.endswith(("s", "ों", "men", "people", "ें")) and not lowered.endswith("ss")
