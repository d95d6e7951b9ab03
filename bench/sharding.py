"""What sharding by anchor entity costs and loses: `python -m bench.sharding [--profile P] [--out FILE]`.

Each article of the development clusters goes to the shard of its weightiest name, each shard groups alone, and the
stories of all shards are compared with the truth; beside it the share of the fullest shard, which bounds the speed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from services.knowledge.shared import shared
from services.stories.evaluation import by_story, raw, tagged
from services.stories.measures import bcubed
from services.stories.running import grouped, in_order


def anchor(article: dict[str, Any]) -> str:
    """The name that an article tells of most and that is no country; its source where it has none."""
    names = Counter(m["entity"] for m in article["mentions"] if not m["entity"].startswith("iso:"))
    best = max(names.items(), key=lambda item: (item[1], item[0]), default=None)
    return best[0] if best else str(article.get("source"))


def main() -> int:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="fast")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    path = shared("data", "story_clusters_en", "news_cluster.jsonl")
    records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    events = {record["id"]: str(record["event_id"]) for record in records}
    articles = list(in_order(tagged((raw(record) for record in records), arguments.profile)))
    truth = {article["id"]: events[article["name"]] for article in articles}  # type: ignore[index]
    lines = ["# Sharding by anchor entity", "", "| shards | BCubed F1 | recall | fullest shard |", "|---|---|---|---|"]
    for shards in (1, 2, 4, 8, 16):
        placed: dict[str, str] = {}
        sizes = []
        for shard in range(shards):
            part = [a for a in articles if crc32(anchor(a).encode()) % shards == shard]  # type: ignore[arg-type]
            sizes.append(len(part))
            placed |= {article: f"{shard}/{story}" for article, story in by_story(grouped(part)).items()}
        figures = bcubed(placed, truth)
        lines.append(f"| {shards} | {figures.f1:.3f} | {figures.recall:.3f} | {max(sizes) / len(articles):.0%} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.out:
        arguments.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
