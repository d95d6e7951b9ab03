"""Stories at size: `python -m bench.stories [--live N] [--articles N] [--out FILE]`.

Fills the state with made articles (five to a story, words and names by Zipf's law), then sends further articles
through the stage as messages and measures each. Times are CPU time of the thread, so that a busy machine does not
spoil them.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time
from base64 import b64encode
from pathlib import Path

import numpy as np
import orjson

from services.contracts.stage import Message
from services.stories.article import KINDS, WIDTH, Article
from services.stories.engine import Limits
from services.stories.frequency import background
from services.stories.keys import word_key
from services.stories.stage import StoriesStage
from services.stories.story import Thread, story_id

VOCABULARY = 60_000
NAMES = 20_000
WORDS = 250
PER_STORY = 5


class World:
    """Made news: a story has words, names and a direction of its own; articles draw from these and the language."""

    def __init__(self, stories: int, seed: int = 1) -> None:
        self.draw = np.random.default_rng(seed)
        self.words = [f"{_syllables(n)}" for n in range(VOCABULARY)]
        self.keys = np.array([word_key(w) for w in self.words], np.uint32)
        self.own_words = self.draw.integers(2000, VOCABULARY, (stories, 40))
        self.own_names = np.minimum(self.draw.zipf(1.3, (stories, 6)), NAMES) - 1
        self.directions = self.draw.standard_normal((stories, 256)).astype(np.float32)

    def vector(self, story: int) -> bytes:
        """Document vector of an article of the story."""
        v = self.directions[story] + 0.8 * self.draw.standard_normal(256).astype(np.float32)
        return np.round(v / np.linalg.norm(v) * 127).astype(np.int8).tobytes()

    def message(self, n: int, story: int) -> Message:
        """A tagged article as it comes on the topic."""
        common = np.minimum(self.draw.zipf(1.2, WORDS * 2 // 3), VOCABULARY) - 1
        chosen = np.concatenate([common, self.draw.choice(self.own_words[story], WORDS // 3)])
        self.draw.shuffle(chosen)
        text = " ".join(self.words[i] for i in chosen)
        names = self.own_names[story]
        parties = [
            {"name": f"Name {i}", "entity": f"Q{i}", "qid": f"Q{i}", "country": f"C{i % 150:02d}"} for i in names[:2]
        ]
        article = {
            "id": f"m{n}",
            "text": text,
            "title": " ".join(self.words[i] for i in self.own_words[story][:8]),
            "published": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_700_000_000 + n)),
            "language": "en",
            "source": f"outlet{n % 500}.example",
            "fingerprint": {"vector": b64encode(self.vector(story)).decode()},
            "mentions": [{"text": f"Name {i}", "name": f"Name {i}", "entity": f"Q{i}", "kind": "PER"} for i in names],
            "events": [
                {
                    "id": f"m{n}#{k}",
                    "event_type": ("CONSULT", "ACCUSE", "ASSAULT")[(story + k) % 3],
                    "event_mode": None,
                    "status": "actual",
                    "actors": parties[:1],
                    "recipients": parties[1:],
                    "date": None,
                    "place": None,
                    "evidence": {"text": text[:80]},
                    "confidence": 0.7,
                    "quad": 1,
                    "intensity": 1.0,
                }
                for k in range(2)
            ],
        }
        return Message(orjson.dumps(article), article["id"].encode())  # type: ignore[attr-defined]


def _syllables(n: int) -> str:
    """A word for a number."""
    parts = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za"]
    return "".join(parts[(n >> shift) & 15] for shift in (0, 4, 8, 12)) + parts[n % 16]


def filled(world: World, live: int) -> StoriesStage:
    """A stage with `live` articles in its state, put there without passing through it."""
    stage = StoriesStage(Limits(most=live + 100_000))
    engine = stage.engine
    clock = 1_700_000_000
    starts = np.cumsum([0, *KINDS.values()])
    for n in range(live):
        story = n // PER_STORY
        keys, weights = np.zeros(WIDTH, np.uint32), np.zeros(WIDTH, np.float32)
        for kind, (start, width) in zip(KINDS, zip(starts, KINDS.values(), strict=False), strict=True):
            if kind in ("words", "gloss"):
                common = world.keys[np.minimum(world.draw.zipf(1.2, width // 2), VOCABULARY) - 1]
                row = np.concatenate([world.keys[world.own_words[story][: width - width // 2]], common])
                keys[start : start + len(row)] = row
                weights[start : start + len(row)] = 1 / np.sqrt(len(row))
            elif kind == "names":
                keys[start : start + 6] = world.own_names[story] + 7
                weights[start : start + 6] = 0.4
        article = Article(
            id=f"f{n}",
            seq=n,
            time=clock - (live - n),
            came=clock,
            dated=True,
            language="en",
            story=story_id(str(story)),
            title="A title of eight words as news have it",
            published="2023-11-14",
            source=f"outlet{n % 500}.example",
            owner=f"outlet{n % 500}.example",
            digest="0" * 16,
            keys=keys,
            weights=weights,
            vector=world.vector(story),
            signature=world.draw.integers(0, 1 << 32, 64, dtype=np.uint64).astype(np.uint32).tobytes(),
            shingles=np.sort(world.draw.integers(1, 1 << 32, 100, dtype=np.uint64).astype(np.uint32)),
            length=WORDS,
        )
        if article.story not in engine.grouping.stories:
            engine.grouping.open(Thread(article.story, touched=clock))
        engine.table.add(article)
        engine.frequency.add(article.keys)
        engine.grouping.enter(article)
    engine.seq, engine.clock, engine.began = live, clock, clock
    return stage


def measured(world: World, stage: StoriesStage, live: int, articles: int, batch: int) -> tuple[float, np.ndarray]:
    """Articles a second of CPU, and CPU milliseconds of each batch divided by its size."""
    stories = live // PER_STORY
    # most articles belong to recent stories, some to older ones
    recent = np.minimum(world.draw.geometric(1 / 2000, articles), stories) - 1
    messages = [world.message(live + batch * 1_000_000 + n, int(stories - 1 - s)) for n, s in enumerate(recent)]
    took = []
    for start in range(0, articles, batch):
        part = messages[start : start + batch]
        began = time.thread_time()
        stage.process_many(part)
        took.append((time.thread_time() - began) / len(part) * 1000)
    return 1000 / float(np.mean(took)), np.array(took)


def main() -> int:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", type=int, default=300_000)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    background(np.zeros(1, np.uint32), "words")
    world = World(arguments.live // PER_STORY + 1)
    before = _resident()
    began = time.thread_time()
    stage = filled(world, arguments.live)
    fill, after = time.thread_time() - began, _resident()
    measured(world, stage, arguments.live, 100, 1)  # warm
    one_rate, one = measured(world, stage, arguments.live, arguments.articles, 1)
    many_rate, _ = measured(world, stage, arguments.live, arguments.articles, 100)
    grown = after - before
    slow = np.percentile(one, 99)
    lines = [
        "# Stories at size",
        "",
        f"`python -m bench.stories --live {arguments.live} --articles {arguments.articles}`; Python "
        f"{platform.python_version()}, numpy {np.__version__}, one thread, CPU time.",
        "",
        "| measure | value |",
        "|---|---|",
        f"| live articles | {arguments.live:,} |",
        f"| memory of the state | {grown / 1e6:,.0f} MB, {grown / arguments.live:,.0f} bytes an article |",
        f"| taking an article into the table and its indices | {fill / arguments.live * 1e6:,.0f} µs |",
        f"| articles a second, one by one | {one_rate:,.0f} |",
        f"| of one article: median, p99, most | {np.median(one):.2f}, {slow:.2f}, {one.max():.2f} ms |",
        f"| articles a second, in batches of 100 | {many_rate:,.0f} |",
        "",
        "Restore from the changelog:",
        "",
        "| records | seconds | µs a record |",
        "|---|---|---|",
    ]
    for share in (4, 2, 1):
        number = min(arguments.live, 80_000) // share
        records = [(f"a/{a.id}".encode(), a.dump()) for a, _ in zip(stage.engine.table, range(number), strict=False)]
        records += [(b"s/" + t.id.encode(), t.dump()) for t in stage.engine.grouping.stories.values()]
        again = StoriesStage()
        began = time.thread_time()
        again.restore(records)
        took = time.thread_time() - began
        lines.append(f"| {len(records):,} | {took:.2f} | {took / len(records) * 1e6:.0f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.out:
        arguments.out.write_text(text)
    return 0


def _resident() -> int:
    """Resident bytes of this process at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
