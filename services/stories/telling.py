"""Stories and resolved events as messages: what the engine's state is to those who read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, cast

from services.contracts.resolved import ResolvedEvent, Story, StoryArticle
from services.stories.article import Article
from services.stories.compare import Scorer
from services.stories.edtf import ordinal, span
from services.stories.engine import Engine
from services.stories.fusing import resolved
from services.stories.grouping import Grouping, listing
from services.stories.story import Thread

Change = Literal["created", "grown", "merged", "split", "closed"]
NAMES = 10


def stories(engine: Engine) -> Iterator[Story]:
    """Messages of the stories that were touched: tombstones of merged ones last, after what they point to."""
    touched = engine.touched
    for story_id, change in sorted(touched.stories.items()):
        thread = engine.grouping.stories.get(story_id)
        if thread is not None and change:
            yield story(engine, thread, cast(Change, change))
    for _, thread in sorted(touched.closed.items()):
        yield story(engine, thread, "closed")
    for old, into in sorted(touched.gone_stories.items()):
        yield Story(id=old, change="merged", merged_into=_last(into, touched.gone_stories))


def events(engine: Engine) -> Iterator[ResolvedEvent]:
    """Messages of the events that were touched, retracted or merged; one that has only grown old gets none."""
    touched = engine.touched
    for event_id in sorted(touched.events):
        event = engine.resolving.events.get(event_id)
        if event is not None and event.reports:
            yield resolved(event)
    for event_id, event in sorted(touched.retracted.items()):
        if event_id not in engine.resolving.events:
            message = resolved(event)
            message.retracted, message.reports, message.independent_sources = True, 0, 0
            message.support, message.confidence = [], 0.0
            yield message
    for old, into in sorted(touched.gone_events.items()):
        target = engine.resolving.events.get(_last(into, touched.gone_events)) if into else None
        if target is not None:
            message = resolved(target)
            message.merged_into, message.id = target.id, old
            message.support, message.history, message.contradictions = [], [], []
            message.reports = message.independent_sources = 0
            yield message


def _last(target: str, gone: dict[str, str]) -> str:
    while gone.get(target):
        target = gone[target]
    return target


def story(engine: Engine, thread: Thread, change: Change) -> Story:
    """A story as it stands."""
    grouping = engine.grouping
    live = grouping.articles(thread.id)
    articles = [StoryArticle(**entry) for entry in thread.past]
    articles += [StoryArticle(**listing(article)) for article in live]
    articles.sort(key=lambda a: (a.published or "", a.id))
    published = [a.published for a in articles if a.published]
    names = Counter(name for article in live for name in article.names)
    resolving = engine.resolving
    happened = [resolving.events[i] for i in resolving.of_story.get(thread.id, ())]
    dated = []
    for event in happened:
        days = [when[0] for r in event.reports if (when := span(r.event["date"], ordinal(r.time)))]
        dated.append((min(days, default=ordinal(event.reports[0].time)), event.id))
    return Story(
        id=thread.id,
        change=change,
        split_from=thread.split_from,
        follows=thread.follows,
        headline_hi=headline(live, "hi", grouping, engine.scorer),
        headline_en=headline(live, "en", grouping, engine.scorer),
        articles=articles,
        entities=[name for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))[:NAMES]],
        # once all have left, their owners are no longer known, and outlets are counted by name
        sources=_sources(live) if live else len({a.source or a.id for a in articles if a.copy_of is None}),
        started=min(published, default=None),
        updated=max(published, default=None),
        timeline=[event_id for _, event_id in sorted(dated)],
    )


def _sources(articles: Sequence[Article]) -> int:
    """Independent sources: originals of different owners."""
    return len({article.owner or article.id for article in articles if article.copy_of is None})


def headline(articles: Sequence[Article], language: str, grouping: Grouping, scorer: Scorer) -> str | None:
    """The title of the article of that language that the others agree with most; the earliest of equals."""
    titled = [a for a in articles if a.language == language and a.title and a.copy_of is None]
    titled = titled or [a for a in articles if a.language == language and a.title]
    if len(titled) <= 2:
        return titled[0].title if titled else None
    some = titled[:8]
    slots = grouping.table.slots([a.id for a in some])
    worth = [float(scorer.pairs(grouping.table, a, slots).sum()) for a in some]
    return some[max(range(len(some)), key=lambda i: (worth[i], -i))].title
