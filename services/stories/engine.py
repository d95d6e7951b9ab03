"""The state of stories and resolved events: what an article changes, and how it is restored from the changelog."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from services.stories.article import Article
from services.stories.compare import Scorer, default_scorer
from services.stories.frequency import Frequency
from services.stories.grouping import Changes, Grouping
from services.stories.happening import Happening
from services.stories.intake import record_of
from services.stories.resolving import Resolving
from services.stories.story import Thread
from services.stories.table import Table

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things live on the stream's clock (seconds), and how many articles at most.

    An article lives for `window`. The first `core` articles of a story live until nothing has come to it for `quiet`,
    so that a story is known when it comes back. An event lives for `events` after its last report. At more than `most`
    live articles those that came first go.
    """

    window: int = 72 * HOUR
    quiet: int = 400 * DAY
    core: int = 4
    events: int = 45 * DAY
    most: int = 150_000


@dataclass(slots=True)
class Touched:
    """What has changed since the last flush. Stories and events that are gone map to where they went ("": nowhere)."""

    articles: set[str] = field(default_factory=set)
    stories: dict[str, str] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    gone_stories: dict[str, str] = field(default_factory=dict)
    gone_events: dict[str, str] = field(default_factory=dict)
    closed: dict[str, Thread] = field(default_factory=dict)
    retracted: dict[str, Happening] = field(default_factory=dict)


class Engine:
    """Live articles, stories and resolved events. Its only clock is that of the articles."""

    def __init__(self, scorer: Scorer | None = None, limits: Limits | None = None) -> None:
        self.scorer = scorer or default_scorer()
        self.limits = limits or Limits()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.table = Table()
        self.frequency = Frequency()
        self.grouping = Grouping(self.table, self.scorer)
        self.resolving = Resolving(self._linked)
        self.clock = 0
        self.began = 0
        self.seq = 0
        self._leaving: list[tuple[int, int, str]] = []
        self._ending: list[tuple[int, str]] = []
        self._arrivals: list[tuple[int, str]] = []
        self.touched = Touched()

    def _linked(self, story: str) -> Iterable[str]:
        thread = self.grouping.stories.get(story)
        if thread is None:
            return ()
        return (*((thread.follows,) if thread.follows else ()), *self.grouping.followers.get(story, ()))

    # -- one article --------------------------------------------------------------------------------------------------

    def take(self, article: Mapping[str, Any], arrived: int = 0) -> None:
        """Take in an article of articles.tagged; `arrived` is its message's time in seconds, 0 where unknown.

        The same article again changes nothing; a corrected one takes the place of its earlier version. Raises Reject
        (before anything changes) where it is malformed.
        """
        digest = blake2b(orjson.dumps(_said(article)), digest_size=8).hexdigest()
        known = self.table.get(article["id"])
        if known is not None and known.digest == digest:
            return
        record = record_of(article, self.seq, self.clock, arrived, self.frequency)
        record.digest = digest
        self.seq += 1
        home, orphans = self._remove(known) if known is not None else (None, [])
        if record.dated:
            self.clock = max(self.clock, record.time)
            self.began = self.began or self.clock
        record.came = max(record.came, self.clock)
        self.table.add(record)
        self.frequency.add(record.keys)
        self._note(self.grouping.place(record, home))
        thread = self.grouping.stories[record.story]
        thread.touched = max(thread.touched, self.clock)
        changed, gone = self.resolving.report(record, self.clock, orphans)
        self.touched.retracted |= {event.id: event for event in orphans if event.id not in self.resolving.events}
        self.touched.events |= changed
        for old in gone:
            self.touched.events.discard(old)
        self.touched.gone_events |= gone
        for event in changed:
            heapq.heappush(self._ending, (self._end(self.resolving.events[event]), event))
        heapq.heappush(self._arrivals, (record.seq, record.id))
        if home is not None:
            self._settle(home)
        self._sweep()

    def withdraw(self, article_id: str) -> None:
        """Take an article back: its events lose their support, its story a member."""
        known = self.table.get(article_id)
        if known is not None:
            story, orphans = self._remove(known)
            self._settle(story)
        else:
            orphans = self._unsupport(article_id)
        self.touched.retracted |= {event.id: event for event in orphans}

    def _remove(self, article: Article) -> tuple[str, list[Happening]]:
        """Take an article out of everything; returns its story, which may be empty then, and events it alone told."""
        orphans = self._unsupport(article.id)
        changes = self.grouping.withdraw(article)
        self._forget(article)
        self._note(changes)
        return article.story, orphans

    def _unsupport(self, article_id: str) -> list[Happening]:
        changed, orphans = self.resolving.withdraw(article_id)
        self.touched.events |= changed
        return orphans

    def _forget(self, article: Article) -> None:
        self.frequency.add(article.keys, -1)
        self.table.remove(article.id)
        self.touched.articles.add(article.id)

    def _settle(self, story: str) -> None:
        """See what becomes of a story that lost an article."""
        if story not in self.grouping.stories:
            return
        changes = Changes()
        if self.grouping.members.get(story):
            changes.stories[story] = "grown"
            self.grouping.check(story, changes)
        elif not self.grouping.stories[story].past:
            self._close(story)
        self._note(changes)

    def _note(self, changes: Changes) -> None:
        """Take the changes of a grouping over, and let events follow their articles."""
        touched = self.touched
        touched.articles |= changes.articles
        for story, change in changes.stories.items():
            if change != "grown" or not touched.stories.get(story):
                touched.stories[story] = change
        for old, into in changes.gone.items():
            touched.stories.pop(old, None)
            touched.gone_stories[old] = into
            for event_id in list(self.resolving.of_story.get(old, ())):
                self.resolving.move(self.resolving.events[event_id], into)
                touched.events.add(event_id)
        for article_id in changes.articles:
            article = self.table.get(article_id)
            if article is None:
                continue
            heapq.heappush(self._leaving, (self._leave(article), article.seq, article.id))
            for event_id in self.resolving.of_article.get(article_id, ()):
                self._refresh(event_id, article)

    def _refresh(self, event_id: str, article: Article) -> None:
        """Let an event know where its article stands now; it belongs to the story of most of its reports."""
        event = self.resolving.events[event_id]
        for report in event.reports:
            if report.article == article.id:
                report.story, report.copy_of = article.story, article.copy_of
        stories = [report.story for report in event.reports]
        most = max(dict.fromkeys(stories), key=stories.count)
        if most != event.story:
            self.resolving.move(event, most)
        self.touched.events.add(event_id)

    # -- time ---------------------------------------------------------------------------------------------------------

    def _leave(self, article: Article) -> int:
        """When the article leaves, as things stand."""
        due = max(article.time, article.came, self.began) + self.limits.window
        if self.grouping.is_core(article, self.limits.core):
            due = max(due, max(self.grouping.stories[article.story].touched, self.began) + self.limits.quiet)
        return due

    def _end(self, event: Happening) -> int:
        return max(event.touched, self.began) + self.limits.events

    def _sweep(self) -> None:
        """Let go what is due."""
        while self._leaving and self._leaving[0][0] <= self.clock:
            _, seq, article_id = heapq.heappop(self._leaving)
            article = self.table.get(article_id)
            if article is None or article.seq != seq:
                continue
            due = self._leave(article)
            if due > self.clock:
                heapq.heappush(self._leaving, (due, seq, article_id))
            else:
                self._expire(article)
        while len(self.table) > self.limits.most:
            seq, article_id = heapq.heappop(self._arrivals)
            article = self.table.get(article_id)
            if article is not None and article.seq == seq:
                self._expire(article)
        while self._ending and self._ending[0][0] <= self.clock:
            _, event_id = heapq.heappop(self._ending)
            event = self.resolving.events.get(event_id)
            if event is None:
                continue
            due = self._end(event)
            if due > self.clock:
                heapq.heappush(self._ending, (due, event_id))
            else:
                self.resolving.leave(event)
                self.touched.gone_events.setdefault(event_id, "")

    def _expire(self, article: Article) -> None:
        """Let an article leave in the course of time: it stays listed in its story, and its events keep its support."""
        story = article.story
        self.grouping.remember(article)
        self.grouping.leave(article)
        self._forget(article)
        if not self.grouping.members.get(story):
            self._close(story)
        else:
            self.touched.stories.setdefault(story, "")  # what is listed is as it was; only the state changes

    def _close(self, story: str) -> None:
        self.touched.stories.pop(story, None)
        self.touched.closed[story] = self.grouping.close(story)

    # -- the changelog ------------------------------------------------------------------------------------------------

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Fold changelog records in their order into the state."""
        last: dict[bytes, bytes] = {}
        for key, value in records:
            if value is None:
                last.pop(key, None)
            else:
                last[key] = value
        meta = orjson.loads(last.pop(b"m", b'{"clock":0,"began":0,"seq":0}'))
        self.clock, self.began, self.seq = meta["clock"], meta["began"], meta["seq"]
        articles = []
        for key, value in last.items():
            kind = key[:2]
            if kind == b"a/":
                articles.append(Article.load(value))
            elif kind == b"s/":
                thread = Thread.load(value)
                self.grouping.open(thread)
            elif kind == b"e/":
                self.resolving.enter(Happening.load(value))
        for article in sorted(articles, key=lambda a: a.seq):
            self.table.add(article)
            self.frequency.add(article.keys)
            self.grouping.enter(article)
            self._arrivals.append((article.seq, article.id))
        self._leaving = [(self._leave(a), a.seq, a.id) for a in articles]
        self._ending = [(self._end(e), e.id) for e in self.resolving.events.values()]
        heapq.heapify(self._leaving)
        heapq.heapify(self._ending)

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Changelog records of all that was touched; call before `touched` is renewed."""
        touched = self.touched
        for article_id in sorted(touched.articles):
            article = self.table.get(article_id)
            yield b"a/" + article_id.encode(), article.dump() if article else None
        for story in sorted({*touched.stories, *touched.gone_stories, *touched.closed}):
            thread = self.grouping.stories.get(story)
            yield b"s/" + story.encode(), thread.dump() if thread else None
        for event_id in sorted({*touched.events, *touched.gone_events, *touched.retracted}):
            event = self.resolving.events.get(event_id)
            yield b"e/" + event_id.encode(), event.dump() if event else None
        yield b"m", orjson.dumps({"clock": self.clock, "began": self.began, "seq": self.seq})


_SAID = ("title", "text", "published", "source", "url", "events")


def _said(article: Mapping[str, Any]) -> list[Any]:
    return [article.get(name) for name in _SAID]
