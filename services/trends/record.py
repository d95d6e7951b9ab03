"""What one resolved event contributes: which cells, and in each which articles and sources report it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from services.contracts.resolved import ResolvedEvent, Support
from services.trends.windows import Window, starts

# an event counts when it happened: a plan or a denial is no occurrence, and background is older than the news
COUNTED = frozenset({"actual"})


class Subject(NamedTuple):
    """What is counted: a dimension and a value of it (pair, USA>RUS)."""

    dimension: str
    value: str


class Cell(NamedTuple):
    """One figure's place: a window, its start, and a subject."""

    window: Window
    start: datetime
    subject: Subject


class Contribution(NamedTuple):
    """The reports of one event in one window."""

    articles: frozenset[str]
    sources: frozenset[str]


def subjects(event: ResolvedEvent) -> list[Subject]:
    """Everything under which an event is counted, each once.

    A pair is directed (actor's country > recipient's); where nobody acts on another it is every two parties' countries
    in alphabetical order with a dash.
    """
    found = [Subject("all", "all"), Subject("type", event.event_type), Subject("quad", str(event.quad))]
    actors = sorted({p.country for p in event.actors if p.country})
    recipients = sorted({p.country for p in event.recipients if p.country})
    if recipients:
        found += [Subject("pair", f"{a}>{r}") for a, r in product(actors, recipients)]
    else:
        found += [Subject("pair", f"{a}-{b}") for a, b in product(actors, actors) if a < b]
    found += [Subject("topic", topic) for topic in sorted(set(event.topics))]
    if event.place:
        found.append(Subject("place", event.place))
    found.append(Subject("story", event.story))
    return found


def contributions(event: ResolvedEvent) -> dict[tuple[Window, datetime], Contribution]:
    """By window, the articles that report the event in it and the independent sources behind them.

    A copy counts for the source of its original. An event that is retracted, merged away or did not happen gives none.
    """
    if event.retracted or event.merged_into or event.status not in COUNTED:
        return {}
    originals = {support.article_id: support for support in event.support}
    articles: dict[tuple[Window, datetime], set[str]] = {}
    sources: dict[tuple[Window, datetime], set[str]] = {}
    for support in event.support:
        for place in starts(support.published).items():
            articles.setdefault(place, set()).add(support.article_id)
            sources.setdefault(place, set()).add(_source(support, originals))
    return {place: Contribution(frozenset(articles[place]), frozenset(sources[place])) for place in articles}


def _source(support: Support, originals: dict[str, Support]) -> str:
    original = originals.get(support.copy_of, support) if support.copy_of else support
    if original is support and support.copy_of:
        return "article:" + support.copy_of
    return (original.source or "article:" + original.article_id).casefold()


class Record(NamedTuple):
    """All that counting keeps of an event."""

    intensity: float
    subjects: tuple[Subject, ...]
    reports: dict[tuple[Window, datetime], Contribution]

    def cells(self) -> Iterator[tuple[Cell, Contribution]]:
        """Every cell the event counts in."""
        for (window, start), contribution in self.reports.items():
            for subject in self.subjects:
                yield Cell(window, start, subject), contribution


def record(event: ResolvedEvent) -> Record:
    """The record of an event as its latest message tells it."""
    return Record(event.intensity, tuple(subjects(event)), contributions(event))


def pack(kept: Record) -> dict[str, Any]:
    """A record as JSON values, for the table."""
    return {
        "intensity": kept.intensity,
        "subjects": [list(subject) for subject in kept.subjects],
        "reports": [
            [window, start.isoformat(), sorted(c.articles), sorted(c.sources)]
            for (window, start), c in kept.reports.items()
        ],
    }


def unpack(stored: dict[str, Any]) -> Record:
    """The record that `pack` stored."""
    return Record(
        stored["intensity"],
        tuple(Subject(*subject) for subject in stored["subjects"]),
        {
            (window, datetime.fromisoformat(start)): Contribution(frozenset(articles), frozenset(sources))
            for window, start, articles, sources in stored["reports"]
        },
    )
