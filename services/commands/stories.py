"""Group articles into stories here and now, without Kafka: the same stages and the same story engine.

Articles are taken in the order of their publication; what is written is how things stand after the last one:
{"id", "story", "follows", "copy_of"} a line with --jsonl, or the stories with their articles to read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import orjson

from services.commands.errors import UserError
from services.commands.inprocess import Pipeline
from services.commands.sources import read_all
from services.commands.stages import load
from services.commands.tag import add_profile
from services.contracts import topics
from services.contracts.resolved import Story
from services.contracts.stage import Message, Reject
from services.contracts.tagged import TaggedArticle

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
    from services.stories import running

    results = list(Pipeline(arguments.profile).run(read_all(files, lines=arguments.jsonl)))
    articles = [result.tagged for result in results if result.tagged is not None]
    names = {result.tagged.id: result.source.name for result in results if result.tagged is not None}
    if not arguments.jsonl:
        _print(told(articles), names, {article.id: article.title or article.text for article in articles})
        return 0
    places = {place.id: place for place in running.grouped(running.in_order(articles))}
    for result in results:
        record: dict[str, Any] = {"id": result.source.name, "story": None, "follows": None, "copy_of": None}
        if result.tagged is not None:
            place = places[result.tagged.id]
            copied = names.get(place.copy_of, place.copy_of) if place.copy_of else None
            record |= {"story": place.story, "follows": place.follows, "copy_of": copied}
        else:
            refused = result.refused
            why = {"code": refused.code, "reason": refused.why} if refused else {"code": "other-language"}
            record["rejected"] = {**why, "stage": result.stage}
        print(orjson.dumps(record).decode())
    return 0


def told(articles: Sequence[TaggedArticle]) -> list[Story]:
    """The messages of stories.updated as they stand after the last article, stories that were merged away left out."""
    stage = load("stories")
    stories: dict[str, Story] = {}
    messages = [
        Message(article.model_dump_json().encode(), article.id.encode(), topic=topics.TAGGED)
        for article in sorted(articles, key=lambda article: article.published or "")
    ]
    for outcome in stage.process_many(messages):
        if isinstance(outcome, Reject):
            raise RuntimeError(f"the story engine refused a tagged article: {outcome}")
        for output in outcome:
            if output.topic == topics.STORIES and isinstance(output.value, Story):
                stories[output.value.id] = output.value
    return [story for story in stories.values() if story.articles and not story.merged_into]


def _print(stories: Sequence[Story], names: dict[str, str], headings: dict[str, str]) -> None:
    from services.commands.view import console, shortened

    out = console()
    for story in stories:
        headline = story.headline_en or story.headline_hi or next((a.title for a in story.articles if a.title), "")
        follows = f"  follows {story.follows}" if story.follows else ""
        out.print(f"● {story.id}  {len(story.articles)} articles, {story.sources} sources{follows}")
        if headline:
            out.print(f"  {shortened(headline, 120)}")
        for article in story.articles:
            copy = f"  copy of {names.get(article.copy_of, article.copy_of)}" if article.copy_of else ""
            title = shortened(headings.get(article.id, ""), 80)
            out.print(f"    {names.get(article.id, article.id)}  {article.language}  {title}{copy}")
        out.print()
