"""Streams of articles whose events are known, for evaluation: each event told by 1 to 40 reports."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

STORIES = 24
DAYS = 12
START = date(2024, 5, 1)
OUTLETS = 30

LEADERS = {
    "USA": ["Joe Biden", "Antony Blinken"],
    "RUS": ["Vladimir Putin", "Sergey Lavrov"],
    "IND": ["Narendra Modi", "S. Jaishankar"],
    "CHN": ["Xi Jinping", "Wang Yi"],
    "UKR": ["Volodymyr Zelenskyy", "Dmytro Kuleba"],
    "PAK": ["Shehbaz Sharif", "Ishaq Dar"],
    "IRN": ["Ebrahim Raisi", "Abbas Araghchi"],
    "ISR": ["Benjamin Netanyahu", "Israel Katz"],
    "FRA": ["Emmanuel Macron"],
    "TUR": ["Recep Tayyip Erdogan", "Hakan Fidan"],
}
STATES = {
    "USA": "United States",
    "RUS": "Russia",
    "IND": "India",
    "CHN": "China",
    "UKR": "Ukraine",
    "PAK": "Pakistan",
    "IRN": "Iran",
    "ISR": "Israel",
    "FRA": "France",
    "TUR": "Turkey",
}
PLACES = [
    ("Geneva", "CHE"),
    ("Vienna", "AUT"),
    ("Doha", "QAT"),
    ("Istanbul", "TUR"),
    ("New Delhi", "IND"),
    ("Cairo", "EGY"),
]
KINDS = {
    "CONSULT": ("phone", "third-party", "visit"),
    "ACCUSE": ("disapprove", "allege"),
    "THREATEN": ("restrict", "violence"),
    "SANCTION": ("discontinue", "expel"),
    "ASSAULT": ("aerial", "drone"),
    "AID": (None,),
    "REQUEST": ("yield", "meet"),
    "AGREE": (None,),
    "REJECT": ("yield", "meet"),
    "MOBILIZE": ("troops",),
}
SYLLABLES = ["ka", "ro", "mi", "ten", "vas", "lo", "shi", "bar", "du", "ner", "pol", "ga", "ri", "sun", "tel", "mor"]


@dataclass(slots=True)
class Act:
    """A real event."""

    id: str
    kind: str
    mode: str | None
    sides: tuple[str, str]
    persons: tuple[str | None, str | None]
    day: date
    place: tuple[str, str]
    words: list[str]
    announced: date | None
    reports: int = 1


@dataclass(slots=True)
class Plot:
    """A story: its words and its events."""

    words: list[str]
    acts: list[Act] = field(default_factory=list)


def reports(seed: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Tagged articles in the order of their arrival, and for each reported event (by id) the real one."""
    draw = random.Random(seed)
    plots = [_plot(draw, n) for n in range(STORIES)]
    articles: list[tuple[datetime, dict[str, Any]]] = []
    truth: dict[str, str] = {}
    for number, plot in enumerate(plots):
        left = {act.id: act.reports for act in plot.acts}
        count = 0
        originals: list[tuple[datetime, dict[str, Any]]] = []
        while any(left.values()):
            day = draw.choice([a for a in plot.acts if left[a.id]])
            told = [a for a in plot.acts if left[a.id] and abs((a.day - day.day).days) <= 1][:4]
            if day not in told:
                told = [day]
            name = f"n{seed}-{number}-{count}"
            count += 1
            planned = day.announced is not None and draw.random() < 0.3
            base = day.announced if planned and day.announced else day.day
            when = datetime(base.year, base.month, base.day, tzinfo=UTC) + timedelta(
                hours=12 + draw.expovariate(1 / 14)
            )
            if originals and draw.random() < 0.25:  # the wire copy of an earlier article, at another outlet
                earlier, original = draw.choice(originals)
                article = {**original, "id": name, "source": f"outlet{draw.randrange(OUTLETS)}.example"}
                article["events"] = [
                    {**e, "id": f"{name}#{k}", "article_id": name} for k, e in enumerate(original["events"])
                ]
                when = earlier + timedelta(hours=draw.uniform(0.5, 5))
                told = [a for e in original["events"] for a in plot.acts if a.id == truth[e["id"]]]
            else:
                events = [_event(draw, name, k, act, when) for k, act in enumerate(told)]
                article = _article(draw, name, plot, told, events)
                originals.append((when, article))
            article["published"] = when.isoformat()
            for event, act in zip(article["events"], told, strict=True):
                truth[event["id"]] = act.id
                left[act.id] = max(0, left[act.id] - 1)
            # it arrives up to some hours after it was published
            articles.append((when + timedelta(hours=draw.uniform(0, 6)), article))
    articles.sort(key=lambda pair: pair[0])
    return [article for _, article in articles], truth


def _plot(draw: random.Random, number: int) -> Plot:
    plot = Plot([_word(draw) for _ in range(24)])
    one, two = draw.sample(sorted(STATES), 2)
    for k in range(draw.choice((1, 2, 3, 4))):
        kind = draw.choice(sorted(KINDS))
        earlier = [a for a in plot.acts if a.kind == kind]
        day = START + timedelta(days=draw.randrange(DAYS))
        # the same parties do the same on another day, or others of theirs do it: what must not be taken for one event
        if earlier and abs((day - earlier[0].day).days) < 2:
            day = earlier[0].day + timedelta(days=4)
        persons = tuple(draw.choice([*LEADERS[side], None]) for side in (one, two))
        plot.acts.append(
            Act(
                id=f"act-{number}-{k}",
                kind=kind,
                mode=draw.choice(KINDS[kind]),
                sides=(one, two),
                persons=(persons[0], persons[1]),
                day=day,
                place=draw.choice(PLACES),
                words=[_word(draw) for _ in range(8)],
                announced=day - timedelta(days=draw.randrange(1, 6))
                if kind in ("CONSULT", "AID") and draw.random() < 0.5
                else None,
                reports=min(40, 1 + int(draw.expovariate(1 / 7))),
            )
        )
    return plot


def _word(draw: random.Random) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(draw.choice((2, 3))))


def _article(
    draw: random.Random, name: str, plot: Plot, told: list[Act], events: list[dict[str, Any]]
) -> dict[str, Any]:
    words = [w for act in told for w in act.words]
    lines = [event["evidence"]["text"] for event in events]
    lines += [" ".join(draw.choices(plot.words + words, k=14)) + "." for _ in range(6)]
    mentions = []
    for party in {p["name"]: p for e in events for side in ("actors", "recipients") for p in e[side]}.values():
        mentions.append(
            {
                "text": party["name"],
                "kind": "PER",
                "name": party["name"],
                "entity": party["entity"],
                "acts_for_country": party["country"],
            }
        )
    return {
        "id": name,
        "language": "en",
        "title": " ".join(draw.sample(plot.words, 3) + draw.sample(words, 2)),
        "text": " ".join(lines),
        "source": f"outlet{draw.randrange(OUTLETS)}.example",
        "mentions": mentions,
        "events": events,
    }


def _event(draw: random.Random, article: str, n: int, act: Act, when: datetime) -> dict[str, Any]:
    """The event as one report states it: some of what is true, now and then something that is not."""
    future = when.date() < act.day
    status = "future" if future else "negated" if draw.random() < 0.04 else "actual"
    day: str | None = act.day.isoformat()
    chance = draw.random()
    if chance < 0.35:
        day = None
    elif chance < 0.4:
        day = act.day.isoformat()[:7]
    elif chance < 0.43 and not future:
        day = (act.day - timedelta(days=1)).isoformat()
    place: tuple[str | None, str | None] = act.place if draw.random() < 0.6 else (None, None)
    sides = [[_party(draw, side, person)] for side, person in zip(act.sides, act.persons, strict=True)]
    if act.kind in ("CONSULT", "AGREE"):
        sides = [[*sides[0], *sides[1]], []]
        if draw.random() < 0.2:
            sides[0].reverse()
    elif draw.random() < 0.1:
        sides[1] = []
    words = draw.sample(act.words, 5)
    return {
        "id": f"{article}#{n}",
        "article_id": article,
        "event_type": act.kind,
        "event_mode": act.mode if draw.random() < 0.7 else None,
        "status": status,
        "actors": sides[0],
        "recipients": sides[1],
        "date": day,
        "place": place[0],
        "place_country": place[1],
        "evidence": {"start": 0, "end": 1, "text": " ".join([sides[0][0]["name"], *words]) + "."},
        "confidence": draw.uniform(0.5, 0.95),
        "quad": 1,
        "intensity": 1.0,
    }


def _party(draw: random.Random, country: str, person: str | None) -> dict[str, Any]:
    """A side of an act as a report names it: the person who acted, or the state."""
    name = person if person and draw.random() < 0.65 else STATES[country]
    entity = f"iso:{country}" if name == STATES[country] else f"x:{name.lower()}"
    return {"name": name, "entity": entity, "country": country, "sector": "GOV"}
