"""Reports of one act into one event: which event a report belongs to, and when two events turn out to be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np

from services.stories.article import Article
from services.stories.happening import Happening, Report
from services.stories.likeness import Claim, claim, odds

K = TypeVar("K")

SAME = 2.0  # log-odds from which a report joins an event
MERGE = 2.4  # log-odds from which two events of one story become one
IN_STORY, IN_LINKED, ELSEWHERE = 1.5, 0.6, -1.2
COMPARED = 6  # reports of an event that a new one is compared with
WIDEST = 3  # days of a date that is still an index entry


class Resolving:
    """Live resolved events. `linked` tells which stories a story follows or is followed by."""

    def __init__(self, linked: Callable[[str], Iterable[str]]) -> None:
        self.events: dict[str, Happening] = {}
        self.linked = linked
        self.of_article: dict[str, set[str]] = defaultdict(set)
        self.of_story: dict[str, set[str]] = defaultdict(set)
        self._dated: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        self._claims: dict[tuple[str, str], Claim] = {}

    # -- what the state holds -----------------------------------------------------------------------------------------

    def enter(self, event: Happening) -> None:
        """Take an event into the indices."""
        self.events[event.id] = event
        self.of_story[event.story].add(event.id)
        for report in event.reports:
            self._index(event, report)

    def _index(self, event: Happening, report: Report) -> None:
        self.of_article[report.article].add(event.id)
        for key in self._keys(self._claim(report)):
            self._dated[key].add(event.id)

    def leave(self, event: Happening) -> None:
        """Take an event out of the indices."""
        del self.events[event.id]
        _discard(self.of_story, event.story, event.id)
        for report in event.reports:
            _discard(self.of_article, report.article, event.id)
            for key in self._keys(self._claim(report)):
                _discard(self._dated, key, event.id)
            self._claims.pop((report.article, report.event["id"]), None)

    def _unindex(self, event: Happening, report: Report) -> None:
        _discard(self.of_article, report.article, event.id)
        mine = self._claim(report)
        self._claims.pop((report.article, report.event["id"]), None)
        kept = {key for other in event.reports if other is not report for key in self._keys(self._claim(other))}
        for key in self._keys(mine) - kept:
            _discard(self._dated, key, event.id)

    def _claim(self, report: Report) -> Claim:
        key = (report.article, report.event["id"])
        found = self._claims.get(key)
        if found is None:
            found = self._claims[key] = claim(report.event, report.time, report.language)
        return found

    @staticmethod
    def _keys(told: Claim) -> set[tuple[str, str, int]]:
        """Type, party and day, where the day is told: how an event is found from another story."""
        if told.when is None or told.when[1] - told.when[0] > WIDEST:
            return set()
        parties = {party.country or party.who for party in (*told.actors, *told.recipients)}
        return {(told.type, party, day) for party in parties for day in range(told.when[0], told.when[1] + 1)}

    def move(self, event: Happening, story: str) -> None:
        """Give an event to another story."""
        _discard(self.of_story, event.story, event.id)
        event.story = story
        self.of_story[story].add(event.id)

    # -- one article --------------------------------------------------------------------------------------------------

    def withdraw(self, article: str) -> tuple[set[str], list[Happening]]:
        """Take an article's support away; returns the events that it supported, and apart those it alone supported.

        The latter are no longer among the events, and keep the report that is gone.
        """
        touched: set[str] = set()
        orphans: list[Happening] = []
        for event_id in sorted(self.of_article.get(article, ())):
            event = self.events[event_id]
            left = [r for r in event.reports if r.article != article]
            if not left:
                self.leave(event)
                orphans.append(event)
                continue
            for report in [r for r in event.reports if r.article == article]:
                self._unindex(event, report)
                event.reports.remove(report)
            touched.add(event_id)
        return touched, orphans

    def report(
        self, article: Article, clock: int, orphans: Sequence[Happening] = ()
    ) -> tuple[set[str], dict[str, str]]:
        """Resolve the events that an article states; returns changed events, and merged ones with where they went.

        `orphans` are events that an earlier version of this article alone supported; where it states one still, that
        event lives on under its id.
        """
        changed: set[str] = set()
        gone: dict[str, str] = {}
        near = {article.story, *self.linked(article.story)}
        pairs: list[tuple[float, int, str]] = []
        reports = [_report(article, event) for event in article.events]
        for n, report in enumerate(reports):
            told = self._claim(report)
            for event_id in sorted(self._found(told, near)):
                value = self._odds(told, self.events[event_id], article.story, near)
                if value >= SAME:
                    pairs.append((-value, n, event_id))
        # the surest pairs first; an article states one act once, so it supports an event once
        settled: dict[int, str] = {}
        for _, n, event_id in sorted(pairs):
            if (
                n not in settled
                and event_id not in settled.values()
                and not self.events[event_id].reported_by(article.id)
            ):
                settled[n] = event_id
        lost = list(orphans)
        for n, report in enumerate(reports):
            known = settled.get(n)
            event = self.events[known] if known else self._again(report, lost, article.story)
            event = event or self._new(report, article, clock)
            event.reports.append(report)
            event.touched = max(event.touched, clock)
            event.topics = sorted({*event.topics, *article.topics, *report.event["contexts"]})[:8]
            self._index(event, report)
            changed.add(event.id)
        for event_id in sorted(set(settled.values())):
            into = self._merge(event_id, near)
            if into:
                gone |= into
                changed |= set(into.values())
        return changed - set(gone), gone

    def _found(self, told: Claim, near: Iterable[str]) -> set[str]:
        found = {event for story in near for event in self.of_story.get(story, ())}
        for key in self._keys(told):
            found |= self._dated.get(key, set())
        return found

    def _odds(self, told: Claim, event: Happening, story: str, near: set[str]) -> float:
        if event.reports and event.reports[0].event["event_type"] != told.type:
            return -np.inf
        own = IN_STORY if event.story == story else IN_LINKED if event.story in near else ELSEWHERE
        values = [odds(told, self._claim(report)) for report in _sample(event.reports)]
        return float(np.mean(values)) + own if values else -np.inf

    def _again(self, report: Report, lost: list[Happening], story: str) -> Happening | None:
        """The lost event that the report states again, taken back among the events."""
        told = self._claim(report)
        for event in lost:
            if (
                odds(told, claim(event.reports[0].event, event.reports[0].time, event.reports[0].language)) + IN_STORY
                >= SAME
            ):
                lost.remove(event)
                event.reports, event.story = [], story
                self.enter(event)
                return event
        return None

    def _new(self, report: Report, article: Article, clock: int) -> Happening:
        new = event_id(article.id, report.event["id"])
        while new in self.events:  # the event of an earlier version of this article, which others still support
            new = event_id(new)
        event = Happening(new, article.story, clock)
        self.events[new] = event
        self.of_story[article.story].add(new)
        return event

    def _merge(self, event_id: str, near: set[str]) -> dict[str, str]:
        """Merge the event with another of its story that it has grown to agree with."""
        event = self.events[event_id]
        articles = {report.article for report in event.reports}
        for other_id in sorted(self.of_story.get(event.story, ())):
            other = self.events[other_id]
            if other_id == event_id or not other.reports or articles & {report.article for report in other.reports}:
                continue
            value = float(
                np.mean([self._odds(self._claim(r), event, other.story, near) for r in _sample(other.reports)])
            )
            if value < MERGE:
                continue
            keep, gone = sorted((event, other), key=lambda e: (-len(e.reports), e.reports[0].time, e.id))
            self.leave(gone)
            for report in gone.reports:
                keep.reports.append(report)
                self._index(keep, report)
            keep.touched = max(keep.touched, gone.touched)
            keep.topics = sorted({*keep.topics, *gone.topics})[:8]
            keep.absorbed += [*gone.absorbed, gone.id]
            return dict.fromkeys((gone.id, *gone.absorbed), keep.id)
        return {}


def _report(article: Article, event: dict[str, Any]) -> Report:
    return Report(
        article=article.id,
        story=article.story,
        time=article.time,
        dated=article.dated,
        language=article.language,
        owner=article.owner,
        source=article.source,
        published=article.published,
        copy_of=article.copy_of,
        event=event,
    )


def _sample(reports: list[Report]) -> list[Report]:
    """The first and the last reports."""
    half = COMPARED // 2
    return reports if len(reports) <= COMPARED else reports[:half] + reports[-half:]


def event_id(*parts: str) -> str:
    """Id of the event that begins with a report."""
    return "e-" + blake2b("/".join(parts).encode(), digest_size=9).hexdigest()


def _discard(index: dict[K, set[str]], key: K, value: str) -> None:
    held = index.get(key)
    if held is not None:
        held.discard(value)
        if not held:
            del index[key]
