"""What the reports of an event come to: best type, mode, parties, date and place, history, contradictions, sources."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from services.contracts.resolved import Contradiction, ResolvedEvent, StatusChange, Support
from services.contracts.tagged import Party
from services.stories.edtf import gap, ordinal, span
from services.stories.happening import Happening, Report
from services.stories.likeness import Side, parties_alike, side

TRUST = 0.9  # how far one source is believed at most
LISTED = 200  # reports that a message lists
HAPPENED = ("actual", "historical")
PLANNED = ("future", "hypothetical")


def independent(reports: Sequence[Report]) -> list[list[Report]]:
    """Reports by independent source: copies of one text and outlets of one owner are one source."""
    parent = list(range(len(reports)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[Hashable, int] = {}
    for i, report in enumerate(reports):
        keys: list[Hashable] = [("text", report.copy_of or report.article)]
        if report.owner:
            keys.append(("owner", report.owner))
        for key in keys:
            parent[root(i)] = root(first.setdefault(key, i))
    groups: dict[int, list[Report]] = defaultdict(list)
    for i, report in enumerate(reports):
        groups[root(i)].append(report)
    return list(groups.values())


def resolved(event: Happening) -> ResolvedEvent:
    """The message of an event; one without support is retracted and keeps the fields of its last support."""
    reports = sorted(event.reports, key=lambda r: (r.time, r.article))
    sources = independent(reports)
    vote = _Vote(sources)
    first = reports[0].event
    mode = vote.best(lambda e: e["event_mode"])
    typical = next((r.event for r in reports if r.event["event_mode"] == mode), first)
    history = _history(reports)
    dated = [(source, span(r.event["date"], ordinal(r.time))) for source in sources for r in source if r.event["date"]]
    date = vote.date()
    return ResolvedEvent(
        id=event.id,
        story=event.story,
        event_type=first["event_type"],
        event_mode=mode,
        status=_status(reports, sources),
        actors=vote.parties("actors"),
        recipients=vote.parties("recipients"),
        date=date,
        place=vote.best(lambda e: e["place"]),
        place_country=vote.best(lambda e: e["place_country"]),
        quad=typical["quad"],
        intensity=typical["intensity"],
        confidence=_confidence(sources),
        reports=len(reports),
        independent_sources=len(sources),
        support=[_support(report) for report in reports[:LISTED]],
        history=history,
        contradictions=_contradictions(vote, bool(dated)),
        topics=event.topics,
        first_reported=min((r.published for r in reports if r.published), default=None),
        last_reported=max((r.published for r in reports if r.published), default=None),
    )


def _support(report: Report) -> Support:
    return Support(
        article_id=report.article,
        event_id=report.event["id"],
        source=report.source,
        published=report.published,
        language=report.language,
        evidence=report.event["evidence"],
        status=report.event["status"],
        copy_of=report.copy_of,
    )


def _confidence(sources: Sequence[Sequence[Report]]) -> float:
    """Grows with every independent source; a source that denies the event takes away as one that reports it gives."""
    doubt, denial = 1.0, 1.0
    for source in sources:
        believed = max(r.event["confidence"] or 0.0 for r in source) * TRUST
        if source[-1].event["status"] == "negated":
            denial *= 1 - believed
        else:
            doubt *= 1 - believed
    sure, denied = 1 - doubt, 1 - denial
    return round(sure * (1 - denied / 2) if sure else denied, 4)


def _status(reports: Sequence[Report], sources: Sequence[Sequence[Report]]) -> str:
    """What most independent sources say at last; that it happened outweighs that it was planned."""
    last = [source[-1].event["status"] for source in sources]
    happened, denied = sum(s in HAPPENED for s in last), last.count("negated")
    if happened or denied:
        if denied > happened:
            return "negated"
        return "actual" if "actual" in last or any(r.event["status"] in PLANNED for r in reports) else "historical"
    return "future" if "future" in last else "hypothetical"


def _history(reports: Sequence[Report]) -> list[StatusChange]:
    """Steps in the order of publication: planned, happened, postponed, denied, each when it is first told anew."""
    steps: list[StatusChange] = []
    day: int | None = None
    for report in reports:
        status = report.event["status"]
        step = "happened" if status in HAPPENED else "planned" if status in PLANNED else "denied"
        when = span(report.event["date"], ordinal(report.time))
        if step == "planned":
            if when and day is not None and when[0] > day:
                step = "postponed"
            day = when[1] if when else day
        if steps and (steps[-1].status == step or (step == "planned" and steps[-1].status != "denied")):
            continue
        steps.append(StatusChange(status=step, at=report.published, article_id=report.article))
    return steps


class _Vote:
    """One vote for each independent source; a source that says two things gives half a vote to each."""

    def __init__(self, sources: Sequence[Sequence[Report]]) -> None:
        self.sources = sources

    def tally(self, get: Callable[[dict[str, Any]], Any]) -> dict[Any, float]:
        """Votes by value, of those that give one, most first (ties by value)."""
        votes: dict[Any, float] = defaultdict(float)
        for source in self.sources:
            said = {value for report in source if (value := get(report.event)) is not None}
            for value in said:
                votes[value] += 1 / len(said)
        return dict(sorted(votes.items(), key=lambda item: (-item[1], str(item[0]))))

    def best(self, get: Callable[[dict[str, Any]], Any]) -> Any:
        """The value with most votes."""
        return next(iter(self.tally(get)), None)

    def date(self) -> str | None:
        """The date that most dates agree with, the most exact of those; a happened event's own date before a plan's."""
        told = [
            (r.event["date"], span(r.event["date"], ordinal(r.time)), r.event["status"], r.time)
            for s in self.sources
            for r in s
        ]
        ranges = [(edtf, when, status, time) for edtf, when, status, time in told if when is not None]
        if not ranges:
            known: str | None = self.best(lambda e: e["date"])
            return known
        happened = [item for item in ranges if item[2] in HAPPENED]
        pool = happened or ranges

        def worth(item: tuple[str, tuple[int, int], str, int]) -> tuple[float, int, int, str]:
            agree = sum(gap(item[1], other[1]) == 0 for other in pool)
            return -agree, item[1][1] - item[1][0], "X" in item[0], item[0]

        best: str = min(pool, key=worth)[0]
        return best

    def parties(self, field: str) -> list[Party]:
        """Parties that at least a third of the sources name; of a state and its leader, the leader."""
        clusters: list[tuple[Side, dict[str, Any], set[int]]] = []
        for n, source in enumerate(self.sources):
            for report in source:
                for party in report.event[field]:
                    this = side(party)
                    for known, _, votes in clusters:
                        if known.who == this.who:
                            votes.add(n)
                            break
                    else:
                        clusters.append((this, party, {n}))
        kept: list[tuple[Side, dict[str, Any], set[int]]] = []
        for this, party, votes in sorted(clusters, key=lambda c: (c[0].state, -len(c[2]))):
            same = next((k for k in kept if this.state and parties_alike(this, k[0]) >= 0.8), None)
            if same:
                same[2].update(votes)
            else:
                kept.append((this, party, set(votes)))
        told = sum(any(report.event[field] for report in source) for source in self.sources)
        return [
            Party(**{k: party.get(k) for k in ("name", "entity", "qid", "country", "sector")})
            for _, party, votes in sorted(kept, key=lambda c: (-len(c[2]), c[1]["name"]))
            if 3 * len(votes) >= told
        ]


def _contradictions(vote: _Vote, dated: bool) -> list[Contradiction]:
    found: list[Contradiction] = []

    def note(field: str, votes: dict[Any, float]) -> None:
        if len(votes) > 1:
            found.append(
                Contradiction(field=field, values={str(k): max(1, math.floor(v + 0.5)) for k, v in votes.items()})
            )

    note("event_mode", vote.tally(lambda e: e["event_mode"]))
    note("place_country", vote.tally(lambda e: e["place_country"]))
    note("dead", vote.tally(lambda e: e["dead"]))
    happened = vote.tally(
        lambda e: "happened" if e["status"] in HAPPENED else "denied" if e["status"] == "negated" else None
    )
    note("status", happened)
    if dated:
        days = vote.tally(lambda e: e["date"] if e["status"] in HAPPENED else None)
        exact = {day: n for day, n in days.items() if len(day) == 10 and "X" not in day}
        note("date", exact)
    return found
