"""Who could take part: named mentions, unnamed actors, references and adjectives of nations, as candidates of
an article."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace

from services.contracts.enriched import EnrichedArticle, Mention
from services.language.words import Word, words
from services.tagger.acts import Text
from services.tagger.features import MAX_WORDS
from services.tagger.lexicon import country_names, demonyms, descriptions, key, word_list
from services.tagger.references import antecedent, pronouns

# Descriptions of office and state bodies, which stand for their state when no name is given.
STATE_BODIES = word_list("state bodies")
LONGEST = 4_000  # characters of a sentence that are looked at
MOST = 400  # candidates of an article that are looked at
OF = word_list("hindi of")


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
    counts: Counter[str]  # how often each party is named
    title_keys: frozenset[str] = field(default_factory=frozenset)


def party_of(mention: Mention) -> PartyInfo:
    """A mention as a party: a metonym stands for the state it acts for."""
    if mention.acts_for:
        return PartyInfo(
            mention.acts_for, "LOC", f"for:{mention.acts_for}", None, mention.acts_for_country or mention.country, "GOV"
        )
    if mention.kind == "ORG" and mention.country in country_names() and _ministry(mention.name, mention.country or ""):
        state = country_names()[mention.country or ""]
        return PartyInfo(state, "ORG", f"for:{state}", None, mention.country, mention.sector or "GOV")
    sector = mention.sector or ("GOV" if mention.kind == "LOC" and mention.country != "IGO" else None)
    return PartyInfo(mention.name, mention.kind, mention.entity, mention.qid, mention.country, sector)


def _ministry(name: str, country: str) -> bool:
    """Whether a body speaks for its state: a foreign ministry, and any ministry of another country than India
    with its name."""
    return name.startswith(("Ministry of External", "Ministry of Foreign")) or (
        (name.endswith("Ministry") or name.startswith("Ministry of")) and country != "IND"
    )


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
    sentence_words = [words(text, start, min(end, start + LONGEST))[:MAX_WORDS] for start, end in spans]
    ends = [[w.end for w in ws] for ws in sentence_words]
    sentence_keys = [[key(w.text) for w in ws] for ws in sentence_words]
    starts = [start for start, _ in spans]
    home = home_country(article)
    candidates: list[Candidate] = []

    def place(start: int, end: int, form: str, parties: tuple[PartyInfo, ...]) -> None:
        sentence = bisect_right(starts, start) - 1
        if sentence < 0 or end > spans[sentence][1] or not parties:
            return
        ws = sentence_words[sentence]
        first = bisect_right(ends[sentence], start)
        last = first
        while last + 1 < len(ws) and ws[last + 1].start < end:
            last += 1
        if first < len(ws):
            candidates.append(Candidate(start, end, sentence, form, parties, first, last))

    for mention in article.mentions:
        place(mention.start, mention.end, "name", (party_of(mention),))
        if mention.via == "phonetic" and candidates and candidates[-1].start == mention.start:
            candidates[-1].assumed_country = True
    for reference in article.references:
        referred = tuple({p.key: p for i in reference.mentions for p in [party_of(article.mentions[i])]}.values())
        place(reference.start, reference.end, "reference", referred)
    taken: list[dict[int, Candidate]] = [{} for _ in spans]
    for candidate in candidates:
        for i in range(candidate.first, candidate.last + 1):
            taken[candidate.sentence].setdefault(i, candidate)
    for s in range(len(spans)):
        _adopt_nations(sentence_keys[s], taken[s])
        candidates += _described(s, sentence_words[s], sentence_keys[s], taken[s], home)
    candidates.sort(key=lambda c: (c.start, -c.end))
    candidates = _with_pronouns(candidates, sentence_words, sentence_keys)
    unique: dict[tuple[int, int], Candidate] = {}
    for candidate in candidates:
        unique.setdefault((candidate.start, candidate.end), candidate)
    known = {p.key: p.country for c in unique.values() if not c.assumed_country for p in c.parties if p.country}
    for candidate in unique.values():
        if candidate.assumed_country or any(p.country is None for p in candidate.parties):
            candidate.parties = tuple(replace(p, country=known.get(p.key) or p.country) for p in candidate.parties)
    candidates = [_with_country(c, home) for c in list(unique.values())[:MOST]]
    by_sentence: list[list[int]] = [[] for _ in spans]
    counts: Counter[str] = Counter()
    for i, candidate in enumerate(candidates):
        by_sentence[candidate.sentence].append(i)
        counts.update(p.key for p in candidate.parties)
    title = article.title or ""
    return Reading(
        article,
        Text(text, tuple(spans), tuple((c.start, c.end) for c in candidates), article.language, article.title),
        sentence_words,
        sentence_keys,
        candidates,
        by_sentence,
        home,
        counts,
        frozenset(key(w.text) for w in words(title)),
    )


LINKS = OF | {"'s", "’s", "of"}
BREAKS = word_list("phrase ends")


def nation_before(keys: list[str], taken: dict[int, Candidate], i: int) -> str | None:
    """The country that qualifies the word at `i` from the left: "Chile's trade minister", "रूस के उप
    प्रधानमंत्री", "Greek"."""
    nations = demonyms()
    for j in range(i - 1, max(-1, i - 7), -1):
        owner = taken.get(j)
        if owner is not None:
            follows = keys[owner.last + 1] if owner.last + 1 < len(keys) else ""
            if owner.kind == "LOC" and (follows in LINKS or owner.last + 1 == i):
                return owner.parties[0].country
            return None
        for width in (2, 1):
            if j - width + 1 >= 0 and (found := nations.get(tuple(keys[j - width + 1 : j + 1]))):
                return found[0]
        if keys[j] in BREAKS:
            return None
    return None


def nation_after(keys: list[str], taken: dict[int, Candidate], i: int) -> str | None:
    """The country that qualifies from the right: "minister of Chile"."""
    if i + 1 < len(keys) and keys[i] == "of":
        owner = taken.get(i + 1) or (taken.get(i + 2) if keys[i + 1] == "the" else None)
        if owner is not None and owner.kind == "LOC":
            return owner.parties[0].country
    return None


def _with_pronouns(candidates: list[Candidate], ws: list[list[Word]], ks: list[list[str]]) -> list[Candidate]:
    """The candidates with the pronouns that stand for some of them."""
    by_sentence: list[list[Candidate]] = [[] for _ in ws]
    for candidate in candidates:
        by_sentence[candidate.sentence].append(candidate)
    for s in range(len(ws)):
        resolved = {i for c in by_sentence[s] if c.form == "reference" for i in range(c.first, c.last + 1)}
        for i, k in enumerate(ks[s]):
            kind = pronouns().get(k) if i not in resolved else None
            parties = antecedent(kind, s, i, by_sentence) if kind else ()
            if parties:
                last = i
                if kind == "TWO":  # "both countries", "दोनों पक्षों": with the noun
                    nearby = [c for c in by_sentence[s] if c.first == i + 1 and c.form == "description"]
                    if any(c.first <= i <= c.last for c in by_sentence[s]):
                        whole = next(c for c in by_sentence[s] if c.first <= i <= c.last)
                        whole.parties, whole.form = parties, "reference"
                        continue
                    if nearby:
                        nearby[0].parties, nearby[0].form = parties, "reference"
                        continue
                by_sentence[s].append(Candidate(ws[s][i].start, ws[s][last].end, s, "reference", parties, i, last))
        by_sentence[s].sort(key=lambda c: (c.start, -c.end))
    return [c for line in by_sentence for c in line]


def _adopt_nations(keys: list[str], taken: dict[int, Candidate]) -> None:
    """Persons and bodies of unknown country take the one that their title names."""
    for candidate in {id(c): c for c in taken.values()}.values():
        party = candidate.parties[0]
        if (
            candidate.form == "name"
            and party.kind in ("PER", "ORG")
            and (party.country is None or candidate.assumed_country)
        ):
            country = nation_before(keys, taken, candidate.first)
            if country:
                candidate.parties = (replace(party, country=country),)
                candidate.assumed_country = False


def _with_country(candidate: Candidate, home: str | None) -> Candidate:
    """A party of unknown country is taken to be of the article's own."""
    if home and any(p.country is None for p in candidate.parties):
        candidate.parties = tuple(p if p.country else replace(p, country=home) for p in candidate.parties)
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
            country = nation[0] if nation and i - nation_at <= 3 else None
            country = country or nation_before(ks, taken, i) or nation_after(ks, taken, end)
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
