"""Articles into stories: both languages, copies, follow-ups, merges, splits, late articles."""

from __future__ import annotations

import numpy as np

from services.stories.grouping import agreement, two_clusters
from services.stories.keys import shingles_of, word_key
from tests.unit.newsroom import Newsroom, article

FLOOD = [
    "Flood water broke the embankment near Ratanpur on Monday and drowned 340 houses, the relief officer said. "
    "Boats carried villagers to a school on higher ground while the river kept rising.",
    "Relief boats reached Ratanpur after the embankment broke and the river drowned 340 houses in the district. "
    "Villagers slept in a school; the relief officer promised food and tents.",
    "The river at Ratanpur is falling, but villagers whose houses drowned when the embankment broke still wait "
    "for relief in the district school, an officer said.",
]
STRIKE = "Port workers at Galmouth walked out over wages, leaving forty container ships waiting; union and board meet."


def test_reports_of_one_thing_are_one_story_and_others_are_not() -> None:
    room = Newsroom()
    for n, text in enumerate(FLOOD):
        room.send(article(f"f{n}", text, "Embankment breaks at Ratanpur, river drowns houses", f"2024-07-0{n + 1}"))
    room.send(article("s", STRIKE, "Port strike at Galmouth", "2024-07-02"))
    assert len({room.story_of(f"f{n}") for n in range(3)}) == 1
    assert room.story_of("s") != room.story_of("f0")
    story = room.latest["stories.updated", room.story_of("f0")]
    assert [a.id for a in story.articles] == ["f0", "f1", "f2"]
    assert story.sources == 3
    assert (story.started, story.updated) == ("2024-07-01", "2024-07-03")
    assert story.headline_en == "Embankment breaks at Ratanpur, river drowns houses"
    assert story.headline_hi is None


def test_a_copy_names_its_original_and_a_late_original_takes_its_place() -> None:
    room = Newsroom()
    room.send(article("copy", FLOOD[0] + " Agencies.", "Flood", "2024-07-01T10:00:00"))
    room.send(article("wire", FLOOD[0], "Embankment breaks", "2024-07-01T08:00:00"))
    room.send(article("third", "In a separate note, " + FLOOD[0], "Flood again", "2024-07-01T12:00:00"))
    story = room.latest["stories.updated", room.story_of("wire")]
    assert {a.id: a.copy_of for a in story.articles} == {"wire": None, "copy": "wire", "third": "wire"}
    assert story.sources == 1
    assert story.id == room.story_of("copy")


def test_when_the_original_is_withdrawn_the_next_copy_is_the_original() -> None:
    room = Newsroom()
    for n in range(3):
        room.send(article(f"w{n}", FLOOD[0], "Flood", f"2024-07-01T0{n}:00:00"))
    room.withdraw("w0")
    articles = room.stage.engine.table.articles
    assert {i: a.copy_of for i, a in articles.items()} == {"w1": None, "w2": "w1"}


def test_a_backfill_lands_where_it_belongs() -> None:
    room = Newsroom()
    room.send(article("old", FLOOD[0], "Embankment breaks at Ratanpur", "2024-06-01"))
    for n in range(12):
        text = f"Council number {n} debated budget item {n * 37}, schools, roads and a library roof in town {word(n)}."
        room.send(article(f"x{n}", text, f"Council of {word(n)}", f"2024-06-{n + 10}"))
    room.send(article("late", FLOOD[1], "Embankment breaks at Ratanpur", "2024-06-02"))
    assert room.story_of("late") == room.story_of("old")


def word(n: int) -> str:
    """A made name."""
    return "".join("bcdfghjklmnp"[(n + k) % 12] + "aeiou"[(n * 3 + k) % 5] for k in range(4)).title()


def test_a_merged_story_leaves_a_tombstone_that_points_on() -> None:
    room = Newsroom()
    room.send(article("a", FLOOD[0], "Embankment breaks at Ratanpur", "2024-07-01"))
    room.send(article("b", STRIKE, "Port strike", "2024-07-01"))
    grouping = room.stage.engine.grouping
    from services.stories.grouping import Changes

    keep, gone = room.story_of("a"), room.story_of("b")
    changes = Changes()
    grouping._absorb(keep, gone, changes)
    room.stage.engine._note(changes)
    sent = room.send(
        article("c", "Nothing else happened in the quiet valley of bees and honey today.", None, "2024-07-02")
    )
    tombstone = next(o.value for o in sent if o.key == gone)
    assert (tombstone.change, tombstone.merged_into) == ("merged", keep)
    assert {a.id for a in room.latest["stories.updated", keep].articles} == {"a", "b"}
    assert room.restarted().stage.engine.grouping.stories[keep].absorbed == [gone]


def test_two_halves_that_do_not_agree_come_apart() -> None:
    likeness = np.full((6, 6), -5.0)
    likeness[:3, :3] = likeness[3:, 3:] = 4.0
    assert two_clusters(likeness) == ([0, 1, 2], [3, 4, 5])
    assert two_clusters(np.array([[0.0, -5, -5], [-5, 0, 3], [-5, 3, 0]])) is None


def test_one_near_neighbour_is_not_enough_for_a_large_story() -> None:
    near_one = np.array([3.0] + [-6.0] * 7, np.float32)
    assert agreement(near_one) < 0 < agreement(np.array([3.0, 2.0, 1.0], np.float32))


def test_words_with_one_beginning_and_both_digits_are_one_key() -> None:
    assert word_key("missiles") == word_key("Missile")
    assert word_key("ट्रम्प") == word_key("ट्रंप")


def test_shingles_of_a_long_text_are_a_sample_that_nests() -> None:
    words = [f"w{n}" for n in range(3000)]
    some, level = shingles_of(words)
    more, other = shingles_of([*words, *(f"v{n}" for n in range(4000))])
    assert len(some) <= 128
    assert other >= level
    kept = some[(some & np.uint32((1 << other) - 1)) == 0]
    assert set(kept.tolist()) <= set(more.tolist())
    assert shingles_of(["one", "two"])[0].size == 0


def test_translations_are_found_by_vector_until_they_leave() -> None:
    from base64 import b64encode

    vector = np.zeros(256, np.int8)
    vector[::2], vector[1::2] = 8, -8
    room = Newsroom()
    coded = {"fingerprint": {"vector": b64encode(vector.tobytes()).decode()}}
    room.send(article("hi", "कल नदी का तटबंध टूट गया और गांव डूब गया।", None, "2024-07-01", language="hi", **coded))
    room.send(article("en", "Bees and honey in a quiet valley of old orchards.", None, "2024-07-01", **coded))
    table = room.stage.engine.table
    assert [table.article(int(s)).id for s in table.translations(table.articles["en"], 5)] == ["hi"]
    room.withdraw("hi")
    assert not len(table.translations(table.articles["en"], 5))
