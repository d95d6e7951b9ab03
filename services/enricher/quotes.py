"""Quotations in quotation marks and reported speech, each with its speaker and the chain that relays it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from services.contracts.enriched import Mention, Quotation, Reference
from services.knowledge import countables, nations
from services.language.tokens import Tokens, form

_CLOSING = {"“": "”", "‘": "’", "«": "»", '"': '"', "'": "'", "''": "''", "„": "“"}
_MARK = re.compile(r"''|[“”„«»\"‘’']")
_LONGEST = 2000  # characters of one quotation; a mark that is never closed opens none
_REACH = 600  # characters around a quotation in which its speaker is named
_ENDS = frozenset("।.!?॥\n")
_SAYS = frozenset(("say", "report"))
_PLACE = frozenset(
    ["in", "at", "near", "from", "on", "to", "against", "with", "for", "by", "outside", "across", "toward", "towards"]
)
_POSTPOSITIONS = frozenset(("पर", "में", "से", "को"))
_BARE = frozenset(("said", "says", "added"))  # report without "that"


@cache
def _speech() -> dict[str, str]:
    text = files("services.enricher").joinpath("data", "speech.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {form(word): kind for word, kind in rows}


def _word_at(text: str, i: int) -> bool:
    return 0 <= i < len(text) and (text[i].isalnum() or "\u0900" <= text[i] <= "\u0963" or text[i] in "\u200c\u200d")


def marks(text: str) -> list[tuple[int, int]]:
    """Ranges of the words inside quotation marks of every kind, without the marks; apostrophes open nothing."""
    found: list[tuple[int, int]] = []
    opened: tuple[str, int] | None = None
    for match in _MARK.finditer(text):
        mark, start, end = match.group(), match.start(), match.end()
        inside_word = _word_at(text, start - 1) and _word_at(text, end)
        if opened is not None and end - opened[1] > _LONGEST:
            opened = None
        if opened is None:
            if mark not in _CLOSING or inside_word:
                continue
            if mark in ("'", "‘") and (_word_at(text, start - 1) or end >= len(text) or text[end].isspace()):
                continue  # the students' union
            opened = (mark, end)
            continue
        wanted, begin = _CLOSING[opened[0]], opened[1]
        if mark == wanted or (mark == '"' and wanted == "”") or (mark == "”" and wanted == '"'):
            if mark in ("'", "’") and (inside_word or (text[start - 1] == "s" and _word_at(text, end + 1))):
                continue
            if text[begin:start].strip() and not (mark == "''" and begin == start):
                found.append((begin, start))
            opened = None
        elif mark in "“«„":
            opened = (mark, end)
    return found


class _Said(NamedTuple):
    """Who a clause says is speaking: an index into the mentions, or words that describe the speaker."""

    mention: int | None
    words: str | None = None


class _Speakers:
    """Finds the speakers of one article's quotations."""

    def __init__(self, tokens: Tokens, mentions: Sequence[Mention], references: Sequence[Reference]) -> None:
        self.tokens, self.mentions = tokens, mentions
        self.references = references
        self.reference_starts = [r.start for r in references]
        order = sorted(range(len(mentions)), key=lambda i: mentions[i].start)
        self.order = order
        self.starts = [mentions[i].start for i in order]
        self.last: int | None = None  # the person who spoke last

    def between(self, start: int, end: int) -> list[int]:
        """Mentions that lie in the range, in order."""
        low, high = bisect_right(self.starts, start - 1), bisect_right(self.starts, end - 1)
        return [i for i in self.order[low:high] if self.mentions[i].end <= end]

    def verbs(self, start: int, end: int) -> list[int]:
        """Words of speaking in the range, by index."""
        speech, keys = _speech(), self.tokens.keys
        return [i for i in range(self.tokens.at(start), self.tokens.at(end)) if speech.get(keys[i]) in _SAYS]

    def of(self, start: int, end: int, clause: int, stop: int) -> _Said | None:
        """Speaker of the quotation `start` to `end`, whose sentence begins at `clause` and ends at `stop`."""
        inside, outside = self.tokens.text[end - 1 : end], self.tokens.key(self.tokens.at(end + 1))
        if inside not in ",?!" and outside in (",", "—", "–") and self.verbs(clause, start):
            return self.before(clause, start) or self.after(end, stop)  # 'condemned the "wave", while …'
        return self.after(end, stop) or self.before(clause, start) or self.trailing(end, stop)

    def after(self, end: int, stop: int) -> _Said | None:
        """ "…," she said; "…", X ने कहा."""
        text = self.tokens.text
        inside = text[end - 1] if end else ""
        rest = text[end : min(stop, end + 160)].lstrip("”\"'’» ")
        if not rest or not (inside in ",?!" or rest[0] in ",—–-"):
            return None  # the quotation is part of its clause, which names the speaker before it
        verbs = self.verbs(end, min(stop, end + 160))
        if not verbs:
            return None
        verb_start, verb_end = self.tokens.starts[verbs[0]], self.tokens.ends[verbs[0]]
        hindi = not self.tokens.texts[verbs[0]].isascii()
        subject = self.subject(end, verb_start)
        if subject is not None:
            return subject
        if hindi:
            agents = [i for i in range(self.tokens.at(end), verbs[0]) if self.tokens.keys[i] == "ने"]
            return self.described(end, agents[0] if agents else verbs[0])
        described = self.described(end, verbs[0])
        if described is not None:
            return described
        following = self.between(verb_end, min(stop, verb_end + 90))
        people = [i for i in following if self.mentions[i].kind == "PER"]
        if people or following:
            return self.said((people or following)[0])
        return described

    def trailing(self, end: int, stop: int) -> _Said | None:
        """The person named just before the verb that ends the sentence: 'backed "any action", X said.'"""
        verbs = self.verbs(end, stop)
        people = self.between(end, self.tokens.starts[verbs[-1]]) if verbs else []
        near = bool(people) and self.mentions[people[-1]].end >= self.tokens.starts[verbs[-1]] - 1
        return self.said(people[-1]) if near else None

    def before(self, clause: int, start: int) -> _Said | None:
        """X said: "…"; X ने कहा, "…"."""
        keys, starts = self.tokens.keys, self.tokens.starts
        for i in range(self.tokens.at(start) - 1, self.tokens.at(clause) - 1, -1):
            if keys[i] == "ने":
                near = self.between(starts[max(0, i - 5)], starts[i])
                if near and self.mentions[near[-1]].end >= starts[i] - 1:
                    return self.said(near[-1])
                found, described = self.subject(clause, starts[i]), self.described(clause, i)
                if found is None or found.mention is None:
                    return found or described
                who = self.mentions[found.mention]
                if who.sector == "PTY" and described is not None:  # भाजपा प्रवक्ता ने
                    return _Said(None, f"{who.name} {described.words}")
                return found
        verbs = self.verbs(clause, start)
        for verb in reversed(verbs):
            found = self.subject(clause, starts[verb]) or self.described(clause, verb)
            if found is not None:
                return found
        return None if verbs else self.subject(clause, start)

    def described(self, start: int, i: int) -> _Said | None:
        """People described before word `i`: "किसान नेता बोले" gives "farmer leader"."""
        low = max(self.tokens.at(start), i - 4)
        for begin in range(low, i):
            at = begin
            noun = countables.match(self.tokens, at)
            parts: list[str] = []
            while noun is not None and noun.kind == "person" and at < i:
                parts.append(noun.unit if not noun.keys[0].isascii() else " ".join(noun.keys))
                at += len(noun.keys)
                noun = countables.match(self.tokens, at)
            if parts and at >= i - 1:
                nation = nations.adjectives().get(self.tokens.key(begin - 1)) if begin > self.tokens.at(start) else None
                return _Said(None, " ".join(dict.fromkeys([nation, *parts] if nation else parts)))
        return None

    def subject(self, start: int, end: int) -> _Said | None:
        """Whoever the words from `start` to `end` name last as a person, else first; a pronoun is the one who spoke."""
        speech, tokens, keys = _speech(), self.tokens, self.tokens.keys
        first, last = tokens.at(start), tokens.at(end)
        named = self.between(start, end)
        people = [i for i in named if self.mentions[i].kind == "PER"]
        if people:
            return self.said(people[-1])
        if self.last is not None and any(
            speech.get(keys[i]) == "pronoun" for i in range(first, last + 1) if i < len(keys)
        ):
            return _Said(self.last)
        named = [
            i
            for i in named
            if tokens.key(tokens.at(self.mentions[i].start) - 1) not in _PLACE
            and tokens.key(tokens.at(self.mentions[i].end)) not in _POSTPOSITIONS
        ]
        if not named:
            return self.referred(start, end)
        return self.said(named[-1] if last < len(keys) and keys[last] == "ने" else named[0])

    def referred(self, start: int, end: int) -> _Said | None:
        """The one entity that the last description of the range stands for."""
        low, high = (bisect_left(self.reference_starts, at) for at in (start, end))
        for reference in reversed(self.references[max(low, high - 4) : high]):
            if reference.end <= end and len(reference.mentions) == 1:
                return self.said(reference.mentions[0])
        return None

    def said(self, mention: int) -> _Said:
        if self.mentions[mention].kind == "PER":
            self.last = mention
        return _Said(mention)

    def hear(self, start: int, end: int) -> None:
        """Remember the last person named in a sentence, for a pronoun in the next."""
        people = [i for i in self.between(start, end) if self.mentions[i].kind == "PER"]
        if people:
            self.last = people[0]


def _clauses(sentences: Sequence[tuple[int, int]], quotes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Per quotation the range of the sentences around it; a sentence that breaks inside a quotation is one."""
    starts, ends = [s for s, _ in sentences], [e for _, e in sentences]
    before = 0, 0, 0  # the quotation before: where its clause begins, where it starts and ends itself
    for start, end in quotes:
        begin = starts[max(0, bisect_right(starts, start) - 1)] if starts else 0
        if before[1] < begin <= before[2]:
            begin = before[0]
        before = begin, start, end
        at = bisect_left(ends, end)
        yield max(begin, start - _REACH), min(ends[at] if at < len(ends) else end, end + _REACH)


def find(
    text: str,
    tokens: Tokens,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    references: Sequence[Reference] = (),
) -> list[Quotation]:
    """Quotations of `text` in order.

    `mentions` are those of the article, whose canonical names name the speakers; `references` are the words that stand
    for them ("the president"), in order.
    """
    speakers = _Speakers(tokens, mentions, references)
    spans = marks(text)
    found: list[Quotation] = []
    heard = 0
    for (start, end), (clause, stop) in zip(spans, _clauses(sentences, spans), strict=True):
        while heard < len(sentences) and sentences[heard][1] <= clause:
            speakers.hear(*sentences[heard])
            heard += 1
        if _is_quotation(tokens, start, end, clause):
            said = speakers.of(start, end, clause, stop)
            found.append(_quotation(text, start, end, said, mentions, _relay(speakers, clause, stop, said)))
    found.extend(_reported(text, speakers, sentences, spans))
    return sorted(found, key=lambda q: q.start)


def _relay(speakers: _Speakers, clause: int, stop: int, said: _Said | None) -> list[str]:
    """Who passes the words on, outermost first, the speaker last ("TASS quoted Peskov as saying")."""
    tokens, mentions = speakers.tokens, speakers.mentions
    first, last = tokens.at(clause), tokens.at(stop)
    for i in range(first, last):
        if _speech().get(tokens.keys[i]) != "relay":
            continue
        before = speakers.between(clause, tokens.starts[i])
        after = speakers.between(tokens.ends[i], min(stop, tokens.ends[i] + 60))
        if tokens.keys[i] == "हवाले" and len(before) > 1:
            return [mentions[before[-2]].name, mentions[before[-1]].name]
        if tokens.keys[i] in ("quoted", "quoting", "citing", "cited") and before and after:
            return [mentions[before[-1]].name, mentions[after[0]].name]
    return []


def _reported(
    text: str, speakers: _Speakers, sentences: Sequence[tuple[int, int]], quoted: Sequence[tuple[int, int]]
) -> Iterator[Quotation]:
    """Reported speech: what follows "said (that)" or "ने कहा कि" to the end of the sentence, where somebody is named."""
    tokens, keys, speech = speakers.tokens, speakers.tokens.keys, _speech()
    direct = [start for start, _ in quoted]
    for start, stop in sentences:
        if bisect_right(direct, stop) > bisect_right(direct, start - 1):
            continue
        first, last = tokens.at(start), tokens.at(stop)
        for i in range(first, min(last, first + _REACH // 4)):
            if speech.get(keys[i]) != "report":
                continue
            after = tokens.key(i + 1)
            opens = i + 2 if after in ("कि", "that") else i + 1 if keys[i] in _BARE and after not in _PLACE else None
            if opens is None or last - opens < 4 or after in (",", ".", "।"):
                continue
            said = speakers.subject(max(start, tokens.starts[i] - _REACH), tokens.starts[i]) or speakers.described(
                start, i
            )
            if said is None:
                continue
            begin, end = tokens.starts[opens], stop
            while end > begin and (text[end - 1] in _ENDS or text[end - 1].isspace()):
                end -= 1
            relay = _relay(speakers, start, stop, said)
            yield _quotation(text, begin, end, said, speakers.mentions, relay).model_copy(update={"direct": False})
            break
        speakers.hear(start, stop)


def _is_quotation(tokens: Tokens, start: int, end: int, clause: int) -> bool:
    """Whether words in marks are somebody's and not a name or a title."""
    words = tokens.texts[tokens.at(start) : tokens.at(end)]
    if not words:
        return False
    speech = any(_speech().get(k) for k in tokens.keys[tokens.at(clause) : tokens.at(end) + 14])
    if len(words) > 4:
        return speech or len(words) > 7
    capital = all(w[0].isupper() for w in words if w[0].isalpha() and w.isascii())
    ascii_ = all(w.isascii() for w in words)
    return speech and not (capital and ascii_)


def _quotation(
    text: str, start: int, end: int, said: _Said | None, mentions: Sequence[Mention], relay: list[str]
) -> Quotation:
    name: str | None = None
    mention: int | None = None
    if said is not None and said.mention is not None:
        mention = said.mention
        who = mentions[mention]
        name = who.acts_for if who.kind == "LOC" and who.acts_for else who.name
    elif said is not None:
        name = said.words
    return Quotation(start=start, end=end, text=text[start:end], speaker=name, speaker_mention=mention, chain=relay)
