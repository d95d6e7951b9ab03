"""The state of stories is the fold of its changelog, whatever happens and wherever it is cut."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from services.contracts.stage import Message, Reject
from services.stories.engine import Limits
from services.stories.stage import StoriesStage
from tests.unit.newsroom import Newsroom, article, event

SUBJECTS = [
    "flood dam river Mekong delta evacuation village rice boats monsoon",
    "tax budget deficit parliament finance minister speech opposition subsidy",
    "earthquake rescue rubble hospital tremor magnitude survivors collapsed",
    "railway strike union wages drivers platform commuters negotiation",
    "telescope galaxy launch orbit rocket engineers spacecraft antenna",
]


def stream(n: int, seed: int) -> list[dict[str, Any]]:
    """Articles on a few subjects in the course of days, some of them corrected, some copied."""
    draw = random.Random(seed)
    articles = []
    for i in range(n):
        subject = draw.randrange(len(SUBJECTS))
        words = SUBJECTS[subject].split()
        text = " ".join(draw.choice(words) for _ in range(60))
        day = 1 + i * 20 // n
        articles.append(
            article(
                f"a{i if draw.random() > 0.1 else draw.randrange(i + 1)}",
                text if draw.random() > 0.1 or not articles else articles[-1]["text"],
                " ".join(draw.sample(words, 4)),
                f"2024-03-{day:02d}T{draw.randrange(24):02d}:00:00",
                source=f"paper{draw.randrange(6)}.example",
                events=[event(f"a{i}", 0, "PROTEST", ["farmers"], [], date=f"2024-03-{day:02d}", place=words[0])],
            )
        )
    return articles


def picture(stage: StoriesStage) -> dict[str, Any]:
    """All that the state consists of, ready to compare."""
    engine = stage.engine
    return {
        "articles": {a.id: a.dump() for a in engine.table},
        "stories": {s.id: s.dump() for s in engine.grouping.stories.values()},
        "members": engine.grouping.members,
        "copies": {k: v for k, v in engine.grouping.copies.items() if v},
        "followers": {k: v for k, v in engine.grouping.followers.items() if v},
        "events": {e.id: orjson.loads(e.dump()) for e in engine.resolving.events.values()},
        "frequency": engine.frequency.counts.sum(),
        "clock": (engine.clock, engine.began, engine.seq),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_state_is_the_fold_of_the_changelog(seed: int) -> None:
    room = Newsroom(StoriesStage(Limits(window=3 * 86_400, quiet=6 * 86_400, core=2, most=60)))
    for one in stream(150, seed):
        room.send(one)
    restored = StoriesStage(room.stage.engine.limits)
    restored.restore(room.compacted())
    assert picture(restored) == picture(room.stage)
    assert len(room.stage.engine.table) <= 60


def test_a_worker_that_takes_over_goes_on_as_if_nothing_had_happened() -> None:
    articles = stream(120, 3)
    whole, cut = Newsroom(), Newsroom()
    for at, one in enumerate(articles):
        whole.send(one)
        cut.send(one)
        if at % 17 == 0:
            cut = cut.restarted()
    assert picture(cut.stage) == picture(whole.stage)
    assert {k: v and v.model_dump() for k, v in cut.latest.items()} == {
        k: v and v.model_dump() for k, v in whole.latest.items()
    }


def test_batches_end_in_the_same_state_as_single_messages() -> None:
    articles = stream(120, 4)
    single, batched = Newsroom(), Newsroom()
    for one in articles:
        single.send(one)
    for start in range(0, len(articles), 13):
        batched.send(*articles[start : start + 13])
    assert picture(batched.stage) == picture(single.stage)
    for key, story in batched.latest.items():
        if key[0] == "stories.updated":
            # headline, names and sources are picked from the articles that are live when the message is written
            picked = {"change", "headline_en", "headline_hi", "entities", "sources"}
            assert story.model_dump(exclude=picked) == single.latest[key].model_dump(exclude=picked)


def test_a_repeated_article_changes_nothing() -> None:
    room = Newsroom()
    one = article("a", "Flood waters reached the delta and boats took villagers away.", "Flood", "2024-03-01")
    assert room.send(one)
    assert room.send(one) == []


def test_old_articles_leave_and_the_story_is_closed_with_all_it_had() -> None:
    room = Newsroom(StoriesStage(Limits(window=86_400, quiet=86_400)))
    room.send(article("old", "Flood waters reached the delta and boats took villagers away.", "Flood", "2024-03-01"))
    story = room.story_of("old")
    sent = room.send(article("new", "The telescope found a galaxy in its first week in orbit.", "Star", "2024-03-09"))
    closed = [o.value for o in sent if getattr(o.value, "change", "") == "closed"]
    assert [c.id for c in closed] == [story]
    assert [a.id for a in closed[0].articles] == ["old"]
    assert closed[0].sources == 1
    assert len(room.stage.engine.table) == 1


def test_what_is_no_article_is_refused_and_changes_nothing() -> None:
    stage = StoriesStage()
    for value in (b"nonsense", b"[]", b'{"id": "a"}', b'{"id": "a", "text": "b", "mentions": [{}]}'):
        outcome = stage.process_many([Message(value, b"a")])[0]
        assert isinstance(outcome, Reject)
        assert outcome.why
    assert not stage.engine.table.articles
    bad = {"id": "a", "text": "b c d e", "fingerprint": {"vector": "AAAA"}}
    with pytest.raises(Reject, match="bytes"):
        stage.process(Message(orjson.dumps(bad), b"a"))
