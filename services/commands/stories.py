"""Group articles into stories here and now, without Kafka: the same stages and the same story engine.

Articles are taken in the order of their publication; what is written is how things stand after the last one:
{"id", "story", "follows", "copy_of"} a line with --jsonl, or the stories with their articles to read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from services.commands.errors import UserError
from services.commands.tag import add_profile

EXAMPLES = """\
examples:
  varta stories seeds/*.txt
  varta stories --jsonl < articles.jsonl
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta stories`."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="files, folders or - (default with --jsonl: -)")
    parser.add_argument("--jsonl", action="store_true", help="one JSON line an article, out and (on standard input) in")
    add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tag, order, group, print."""
    files: list[str] = arguments.files or (["-"] if arguments.jsonl or not sys.stdin.isatty() else [])
    if not files:
        raise UserError("no articles given: name files or folders, or - for standard input")
    import orjson

    from services.commands.inprocess import Pipeline
    from services.commands.sources import read_all

    results = list(Pipeline(arguments.profile).run(read_all(files, lines=arguments.jsonl)))
    grouped = group([result.tagged for result in results if result.tagged is not None])
    names = {result.tagged.id: result.source.name for result in results if result.tagged is not None}
    if not arguments.jsonl:
        _print(grouped.stories, names)
        return 0
    for result in results:
        record: dict[str, Any] = {"id": result.source.name, "story": None, "follows": None, "copy_of": None}
        if result.tagged is not None:
            found = grouped.places.get(result.tagged.id, {})
            copy = found.get("copy_of")
            record |= {**found, "copy_of": names.get(copy, copy) if copy else None}
        else:
            refused = result.refused
            why = {"code": refused.code, "reason": refused.why} if refused else {"code": "other-language"}
            record["rejected"] = {**why, "stage": result.stage}
        print(orjson.dumps(record).decode())
    return 0


class Grouped:
    """Stories by id as their last message left them, and each article's place in them."""

    def __init__(self) -> None:
        self.stories: dict[str, Any] = {}

    def take(self, story: Any) -> None:
        """A message of stories.updated."""
        self.stories[story.id] = story

    @property
    def places(self) -> dict[str, dict[str, Any]]:
        """By article id: story, the story it follows, and the article it copies."""
        found: dict[str, dict[str, Any]] = {}
        for story in self.stories.values():
            if story.merged_into:
                continue
            for article in story.articles:
                found[article.id] = {"story": story.id, "follows": story.follows, "copy_of": article.copy_of}
        return found


def group(articles: Iterable[Any]) -> Grouped:
    """Run the story engine over tagged articles in the order of publication (undated ones as they came)."""
    from services.commands.stages import load
    from services.contracts import topics
    from services.contracts.resolved import Story
    from services.contracts.stage import Message, Reject

    stage = load("stories")
    grouped = Grouped()
    ordered = sorted(articles, key=lambda article: article.published or article.crawled or "")
    messages = [Message(a.model_dump_json().encode(), a.id.encode(), topic=topics.TAGGED) for a in ordered]
    for start in range(0, len(messages), 200):
        for outcome in stage.process_many(messages[start : start + 200]):
            if isinstance(outcome, Reject):
                raise RuntimeError(f"the story engine refused a tagged article: {outcome}")
            for output in outcome:
                if output.topic == topics.STORIES and output.value is not None:
                    value = output.value
                    grouped.take(value if isinstance(value, Story) else Story.model_validate_json(bytes(value)))  # type: ignore[arg-type]
    return grouped


def _print(stories: dict[str, Any], names: dict[str, str]) -> None:
    from services.commands.view import console, shortened

    out = console()
    for story in stories.values():
        if story.merged_into or not story.articles:
            continue
        headline = story.headline_en or story.headline_hi or next((a.title for a in story.articles if a.title), "")
        follows = f"  follows {story.follows}" if story.follows else ""
        out.print(f"● {story.id}  {len(story.articles)} articles, {story.sources} sources{follows}")
        if headline:
            out.print(f"  {shortened(headline, 120)}")
        for article in story.articles:
            copy = f"  copy of {names.get(article.copy_of, article.copy_of)}" if article.copy_of else ""
            title = shortened(article.title or "", 80)
            out.print(f"    {names.get(article.id, article.id)}  {article.language}  {title}{copy}")
        out.print()
