"""Pronouns that the enricher left open, also those that stand for unnamed people: each for the last fitting subject."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from services.tagger.lexicon import country_names, key, rows

if TYPE_CHECKING:
    from services.tagger.candidates import Candidate, PartyInfo

FITTING = {
    "PER": ("PER",),
    "BODY": ("LOC", "ORG"),
    "MANY": ("PER", "desc", "ORG"),
    "ANY": ("PER", "LOC", "ORG", "desc"),
}
REACH = 2  # sentences back


@cache
def pronouns() -> dict[str, str]:
    """Folded pronouns with what they can stand for."""
    return {key(form): kind for form, kind, *_ in rows("pronouns.tsv")}


def antecedent(
    kind: str, sentence: int, word: int, by_sentence: Sequence[Sequence[Candidate]]
) -> tuple[PartyInfo, ...]:
    """Whom a pronoun of `kind` at `word` of `sentence` stands for; empty when nobody fits.

    A person's pronoun means the first fitting candidate of the sentence before (its subject as a rule), else
    the nearest one before
    it in its own sentence; "both" means the two parties of a kind that were named last.
    """
    if kind == "TWO":
        return _two(sentence, word, by_sentence)
    wanted = FITTING[kind]
    for back in range(1, REACH + 1):
        if sentence - back < 0:
            break
        for candidate in by_sentence[sentence - back]:
            if candidate.kind in wanted and candidate.form in ("name", "description", "reference"):
                return candidate.parties
    for candidate in reversed([c for c in by_sentence[sentence] if c.last < word]):
        if candidate.kind in wanted and candidate.form in ("name", "description"):
            return candidate.parties
    return ()


def _two(sentence: int, word: int, by_sentence: Sequence[Sequence[Candidate]]) -> tuple[PartyInfo, ...]:
    states = set(country_names().values())
    for wanted in (("LOC",), ("PER", "ORG", "desc")):
        found: dict[str, PartyInfo] = {}
        for s in range(sentence, max(-1, sentence - 12), -1):
            for candidate in reversed(by_sentence[s]):
                if candidate.kind not in wanted or (s == sentence and candidate.last >= word):
                    continue
                for party in candidate.parties:
                    if wanted != ("LOC",) or party.name in states:
                        found.setdefault(party.country or party.key if wanted == ("LOC",) else party.key, party)
            if len(found) >= 2:
                return tuple(list(found.values())[:2])
    return ()
