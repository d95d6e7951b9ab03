"""Articles into stories as they arrive: join, merge, split, follow."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from services.stories.article import F32, Article
from services.stories.compare import FEATURES, Scorer, features
from services.stories.copies import copies_among
from services.stories.story import Thread, story_id
from services.stories.table import Slots, Table

CANDIDATES = 40  # articles compared one by one
TRANSLATIONS = 6  # further articles of the other language compared
RIVALS = 6  # stories compared by their representatives
SPOKESMEN = 12  # representatives of a story
LISTED = 5000  # articles that have left a story and are still listed
EASIER = 0.05  # how much nearer another story must be to be followed in place of one
LOOSEST = 0.25  # least likeness of names between a story and its follow-up
NEAREST = 0.35  # how much the nearest representative counts beside the agreement of half of them


@dataclass(slots=True)
class Changes:
    """What one article set in motion: ids of changed records."""

    articles: set[str] = field(default_factory=set)
    stories: dict[str, str] = field(default_factory=dict)  # story: created, grown, merged, split
    gone: dict[str, str] = field(default_factory=dict)  # merged story: where it went


class Grouping:
    """Live stories over the table of live articles. Deterministic in the order of arrival."""

    def __init__(self, table: Table, scorer: Scorer) -> None:
        self.table = table
        self.scorer = scorer
        self.stories: dict[str, Thread] = {}
        self.members: dict[str, list[tuple[int, str]]] = {}  # story: (seq, article id), sorted
        self.copies: dict[str, set[str]] = defaultdict(set)  # original: its copies
        self.followers: dict[str, set[str]] = defaultdict(set)  # story: those that follow it

    # -- what the state holds -----------------------------------------------------------------------------------------

    def open(self, thread: Thread) -> None:
        """Take a story in; its articles enter one by one."""
        self.stories[thread.id] = thread
        if thread.follows:
            self.followers[thread.follows].add(thread.id)

    def close(self, story: str) -> Thread:
        """Take a story that has no live article out."""
        thread = self.stories.pop(story)
        self.members.pop(story, None)
        if thread.follows:
            self._unfollow(thread)
        return thread

    def _unfollow(self, thread: Thread) -> None:
        followed = self.followers.get(thread.follows or "")
        if followed is not None:
            followed.discard(thread.id)
            if not followed:
                del self.followers[thread.follows or ""]

    def _set_follows(self, thread: Thread, follows: str | None) -> None:
        if thread.follows:
            self._unfollow(thread)
        thread.follows = follows
        if follows:
            self.followers[follows].add(thread.id)

    def is_core(self, article: Article, core: int) -> bool:
        """Whether the article is among the first `core` live ones of its story."""
        return bisect_left(self.members[article.story], (article.seq, article.id)) < core

    def remember(self, article: Article) -> None:
        """Keep an article that is about to leave on the list of its story."""
        past = self.stories[article.story].past
        if len(past) < LISTED:
            past.append(listing(article))

    def withdraw(self, article: Article) -> Changes:
        """Take back an article: the earliest of its copies is the new original."""
        changes = Changes()
        self.leave(article)
        left = [self.table.articles[i] for i in self.copies.pop(article.id, ()) if i in self.table.articles]
        if left:
            ordered = sorted(left, key=lambda a: (a.time, a.id))
            for copy in ordered:
                copy.copy_of = ordered[0].id if copy is not ordered[0] else None
                if copy.copy_of:
                    self.copies[copy.copy_of].add(copy.id)
                changes.articles.add(copy.id)
                changes.stories[copy.story] = "grown"
        return changes

    def enter(self, article: Article) -> None:
        """Note where an article belongs that is in the table already."""
        insort(self.members.setdefault(article.story, []), (article.seq, article.id))
        if article.copy_of:
            self.copies[article.copy_of].add(article.id)

    def leave(self, article: Article) -> None:
        """Forget where an article belongs; an empty story stays until it is closed."""
        self.members[article.story].remove((article.seq, article.id))
        if article.copy_of:
            self.copies[article.copy_of].discard(article.id)
            if not self.copies[article.copy_of]:
                del self.copies[article.copy_of]

    def articles(self, story: str) -> list[Article]:
        """Live articles of a story in order of arrival."""
        return [self.table.articles[i] for _, i in self.members.get(story, ())]

    def started(self, story: str) -> int:
        """Time of its earliest live article."""
        return min((self.table.articles[i].time for _, i in self.members[story]), default=0)

    # -- one article --------------------------------------------------------------------------------------------------

    def place(self, article: Article, home: str | None = None) -> Changes:
        """Give an article that is in the table its story, and see what follows from it.

        `home` is the story that an earlier version of it was in; it goes back there if it begins a story.
        """
        changes = Changes(articles={article.id})
        own = self.table.slot_of[article.id]
        near = self.table.candidates(article, CANDIDATES)
        others = self.table.translations(article, TRANSLATIONS)
        near = np.concatenate([near, np.setdiff1d(others, near)])
        near = near[near != own]
        alike = self.table.lookalikes(article)
        alike = np.setdiff1d(alike[alike != own], near)
        twins = copies_among(self.table, article, np.concatenate([near, alike]))
        ranked = self._rank(article, near)
        if len(twins):
            original = self._bind(article, twins, changes)
            target: str | None = original.story
        else:
            target = ranked[0][1] if ranked and ranked[0][0] >= self.scorer.join else None
        if target is None:
            self._begin(article, ranked, changes, home)
            return changes
        article.story = target
        self.enter(article)
        changes.stories[target] = "grown"
        self._merge(article, ranked, changes)
        self.check(article.story, changes)
        self._follow(article, ranked, changes)
        return changes

    def _rank(self, article: Article, near: Slots) -> list[tuple[float, str]]:
        """(score, story) of the stories of the nearest articles, best first."""
        if not len(near):
            return []
        odds = self.scorer.pairs(self.table, article, near)
        best: dict[str, float] = {}
        for slot, value in zip(near.tolist(), odds.tolist(), strict=True):
            story = self.table.article(slot).story
            if story and value > best.get(story, -np.inf):
                best[story] = value
        rivals = sorted(best, key=lambda s: (-best[s], s))[:RIVALS]
        groups = [self.spokesmen(story, article.id) for story in rivals]
        if not groups:
            return []
        odds = self.scorer.pairs(self.table, article, np.concatenate(groups))
        ends = np.cumsum([len(group) for group in groups])[:-1]
        scores = [agreement(part) for part in np.split(odds, ends)]
        return sorted(zip(scores, rivals, strict=True), key=lambda pair: (-pair[0], pair[1]))

    def spokesmen(self, story: str, without: str = "") -> Slots:
        """Slots of representatives: the first, the last and some between, originals only."""
        articles = [a for a in self.articles(story) if a.id != without]
        originals = [a for a in articles if a.copy_of is None or a.copy_of not in self.table.articles] or articles
        if len(originals) > SPOKESMEN:
            third = SPOKESMEN // 3
            middle = originals[third:-third]
            step = len(middle) / third
            originals = originals[:third] + [middle[int(i * step)] for i in range(third)] + originals[-third:]
        return self.table.slots([a.id for a in originals])

    # -- copies -------------------------------------------------------------------------------------------------------

    def _bind(self, article: Article, twins: Slots, changes: Changes) -> Article:
        """Join the article and all it is a copy of to one group under its earliest member, the original."""
        group = {article.id: article}
        for slot in twins.tolist():
            twin = self.table.article(slot)
            root = twin.copy_of or twin.id
            for member in (root, *self.copies.get(root, ())):
                if member in self.table.articles:
                    group[member] = self.table.articles[member]
        ordered = sorted(group.values(), key=lambda a: (a.time, a.id))
        # an original that has left in the course of time was there before all that are left
        gone = min((a.copy_of for a in ordered if a.copy_of and a.copy_of not in self.table.articles), default=None)
        original = gone or ordered[0].id
        # the story of the group is that of its longest known member, so that a late original does not begin a new one
        settled = min((a for a in group.values() if a.story), key=lambda a: a.seq)
        for member in ordered:
            copied = None if member.id == original else original
            if member.copy_of != copied:
                if member.copy_of:
                    self.copies[member.copy_of].discard(member.id)
                    if not self.copies[member.copy_of]:
                        del self.copies[member.copy_of]
                if copied and member is not article:
                    self.copies[copied].add(member.id)
                member.copy_of = copied
                changes.articles.add(member.id)
                if member.story:
                    changes.stories.setdefault(member.story, "grown")
        return settled

    # -- stories ------------------------------------------------------------------------------------------------------

    def _begin(
        self, article: Article, ranked: list[tuple[float, str]], changes: Changes, home: str | None = None
    ) -> None:
        if home in self.stories and not self.members.get(home or "") and home is not None:
            article.story = home
            self.enter(article)
            changes.stories[home] = "grown"
            return
        new = self._new_id(article.id)
        self.open(Thread(new))
        article.story = new
        self.enter(article)
        changes.stories[new] = "created"
        self._follow(article, ranked, changes)

    def _new_id(self, *parts: str) -> str:
        new, again = story_id(*parts), 0
        while new in self.stories:
            again += 1
            new = story_id(*parts, str(again))
        return new

    def _follow(self, article: Article, ranked: list[tuple[float, str]], changes: Changes) -> None:
        """Link the article's story and the near one that tells of the same people most, the later to the earlier."""
        story = article.story
        mates: list[tuple[str, int]] = []
        for score, other in ranked:
            if score >= self.scorer.follow and other != story and other in self.stories:
                slots = self.spokesmen(other).tolist()
                mates += [(other, slot) for slot in slots if _same_people(article, self.table.article(slot))]
        if not mates:
            return
        names = features(self.table, article, np.array([slot for _, slot in mates]))[:, FEATURES.index("names")]
        bonds: dict[str, float] = {}
        for (other, _), bond in zip(mates, names.tolist(), strict=True):
            bonds[other] = max(bond, bonds.get(other, 0.0))
        found = [(-bond, other) for other, bond in bonds.items() if bond >= LOOSEST]
        for minus, other in sorted(found)[:2]:
            later, earlier = (story, other) if self._before(other, story) else (other, story)
            thread = self.stories[later]
            if -minus > thread.bond + (EASIER if thread.follows else 0.0) and not self._leads_to(earlier, later):
                self._set_follows(thread, earlier)
                thread.bond = -minus
                changes.stories.setdefault(later, "grown")

    def _leads_to(self, story: str | None, target: str) -> bool:
        """Whether following `follows` from a story comes to the target."""
        for _ in range(64):
            if story is None or story not in self.stories:
                return False
            if story == target:
                return True
            story = self.stories[story].follows
        return True

    def _before(self, one: str, two: str) -> bool:
        """Whether the first story is the earlier one.

        By publication; where a date is unknown by what one foretells and the other tells as done, by the days they
        tell, and at last by arrival.
        """
        ones, twos = self.articles(one), self.articles(two)
        if any(a.dated for a in ones) and any(a.dated for a in twos):
            return min(a.time for a in ones if a.dated) <= min(a.time for a in twos if a.dated)
        told_one = max((a.told for a in ones if a.told), key=_day, default=None)
        told_two = max((a.told for a in twos if a.told), key=_day, default=None)
        if told_one and told_two and (days := _days_between(told_one, told_two)):
            return days > 0
        if (foretold := _foretold(ones, twos)) != _foretold(twos, ones):
            return foretold
        return self.members[one][0] <= self.members[two][0]

    def _merge(self, article: Article, ranked: list[tuple[float, str]], changes: Changes) -> None:
        """Merge other stories that the article belongs to as well into its own, where the stories as a whole agree."""
        for score, other in ranked[:3]:
            story = article.story
            if score < self.scorer.join:
                break
            if other == story or other not in self.stories:
                continue
            if self.affinity(story, other) < self.scorer.merge:
                continue
            first, second = self.members[story], self.members[other]
            keep, gone = (story, other) if (-len(first), first[0]) <= (-len(second), second[0]) else (other, story)
            self._absorb(keep, gone, changes)

    def affinity(self, one: str, two: str) -> float:
        """Agreement of two stories, as the mean over the representatives of the smaller one."""
        a, b = self.spokesmen(one), self.spokesmen(two)
        if len(a) > len(b):
            a, b = b, a
        scores = [agreement(self.scorer.pairs(self.table, self.table.article(slot), b)) for slot in a.tolist()]
        return float(np.mean(scores)) if scores else -np.inf

    def _absorb(self, keep: str, gone: str, changes: Changes) -> None:
        for _, member in list(self.members[gone]):
            article = self.table.articles[member]
            self.leave(article)
            article.story = keep
            self.enter(article)
            changes.articles.add(member)
        absorbed = self.close(gone)
        kept = self.stories[keep]
        kept.past = (kept.past + absorbed.past)[:LISTED]
        kept.touched = max(kept.touched, absorbed.touched)
        kept.absorbed += [*absorbed.absorbed, gone]
        for follower in sorted(self.followers.get(gone, ())):
            self._set_follows(self.stories[follower], keep if follower != keep else None)
            changes.stories.setdefault(follower, "grown")
        if kept.follows is None and absorbed.follows and not self._leads_to(absorbed.follows, keep):
            self._set_follows(kept, absorbed.follows)
        changes.stories.pop(gone, None)
        changes.stories[keep] = "merged"
        for old in (gone, *absorbed.absorbed):
            changes.gone[old] = keep

    def check(self, story: str, changes: Changes) -> None:
        """Split the story where its representatives fall into two halves that do not agree."""
        count = len(self.members[story])
        if count < 4 or count & (count - 1):
            return  # looked at each time it has doubled
        halves = self.halves(story)
        if halves is None:
            return
        smaller = halves
        first = self.table.articles[smaller[0]]
        new = self._new_id(first.id, story)
        self.open(Thread(new, split_from=story, touched=self.stories[story].touched))
        for member in smaller:
            article = self.table.articles[member]
            self.leave(article)
            article.story = new
            self.enter(article)
            changes.articles.add(member)
        changes.stories[story] = changes.stories.get(story, "grown")
        changes.stories[new] = "split"

    def halves(self, story: str) -> list[str] | None:
        """Ids of the smaller half of a story that has come apart, in order of arrival; None where it holds together."""
        slots = self.spokesmen(story)
        n = len(slots)
        if n < 4:
            return None
        odds = np.stack([self.scorer.pairs(self.table, self.table.article(slot), slots) for slot in slots.tolist()])
        halves = two_clusters((odds + odds.T) / 2)
        if halves is None:
            return None
        left, right = halves
        between = float(odds[np.ix_(left, right)].mean())
        if between >= self.scorer.split:
            return None
        sides = [[self.table.article(int(slots[i])).id for i in side] for side in (left, right)]
        # articles that are no representatives go with the half they agree with more
        parts: list[list[tuple[int, str]]] = [[], []]
        fixed = {i: k for k, side in enumerate(sides) for i in side}
        groups = [self.table.slots(side) for side in sides]
        for seq, member in self.members[story]:
            article = self.table.articles[member]
            root = article.copy_of if article.copy_of in fixed else member
            side_of = fixed.get(root)
            if side_of is None:
                scores = [agreement(self.scorer.pairs(self.table, article, group)) for group in groups]
                side_of = int(scores[1] > scores[0])
            parts[side_of].append((seq, member))
        smaller = min(parts, key=lambda part: (len(part), -part[0][0] if part else 0))
        return [member for _, member in smaller] if smaller and len(smaller) < len(self.members[story]) else None


def listing(article: Article) -> dict[str, str | None]:
    """An article as a story lists it (the fields of StoryArticle)."""
    return {name: getattr(article, name) for name in _LISTED_FIELDS}


_LISTED_FIELDS = ("id", "language", "title", "published", "source", "url", "copy_of")


def agreement(odds: F32) -> float:
    """One figure for an article against representatives: the better half of them, the nearest a little more."""
    if not len(odds):
        return -np.inf
    best = np.sort(odds)[::-1]
    half = best[: (len(best) + 1) // 2]
    return float(NEAREST * best[0] + (1 - NEAREST) * half.mean())


def two_clusters(likeness: F32) -> tuple[list[int], list[int]] | None:
    """The last two clusters of average-linkage clustering; None where one of them is a single item."""
    clusters = [[i] for i in range(len(likeness))]
    sums = likeness.astype(np.float64).copy()
    while len(clusters) > 2:
        sizes = np.array([len(c) for c in clusters], np.float64)
        mean = sums / np.outer(sizes, sizes)
        np.fill_diagonal(mean, -np.inf)
        i, j = sorted(map(int, np.unravel_index(int(np.argmax(mean)), mean.shape)))
        clusters[i] += clusters.pop(j)
        sums[i] += sums[j]
        sums[:, i] += sums[:, j]
        sums = np.delete(np.delete(sums, j, 0), j, 1)
    left, right = clusters
    return (sorted(left), sorted(right)) if min(len(left), len(right)) > 1 else None


def _same_people(one: Article, two: Article) -> bool:
    """Whether two articles have their leading people in common: two of them, or all where there are fewer."""
    fewest = min(len(one.people), len(two.people))
    return not fewest or len(set(one.people) & set(two.people)) >= min(2, fewest)


def _foretold(ones: list[Article], twos: list[Article]) -> bool:
    """Whether the first articles plan or suppose an act of the same parties that the second tell as done."""
    plans = [e for a in ones for e in a.events if e["status"] in ("future", "hypothetical")]
    deeds = [e for a in twos for e in a.events if e["status"] == "actual"]
    return any(
        plan["event_type"] == deed["event_type"] and _parties(plan) == _parties(deed)
        for plan in plans
        for deed in deeds
    )


def _parties(event: dict[str, Any]) -> set[str]:
    return {party["name"] for side in ("actors", "recipients") for party in event[side]}


def _day(edtf: str) -> str:
    return edtf[5:]


def _days_between(one: str, two: str) -> int:
    """Days from the first to the second; by the nearest turn of the year where a year is unknown."""
    known = "X" not in one + two
    year = int(one[:4]) if known else 2024
    try:
        first = date(year, int(one[5:7]), int(one[8:10]))
        second = date(int(two[:4]) if known else year, int(two[5:7]), int(two[8:10]))
    except ValueError:
        return 0
    days = (second - first).days
    return days if known else (days + 183) % 366 - 183
