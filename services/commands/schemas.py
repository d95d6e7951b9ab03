"""Write JSON Schema 2020-12, an AsyncAPI 3 document and the README's tables from the code, examples from the stream.

The schemas and the document follow from the contracts, the topics and the examples alone, so that --check can tell
whether they are current. The examples are real messages: --examples runs the stream once and keeps one of each topic.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

import services.contracts
from services.commands import readme
from services.commands.errors import UserError
from services.contracts.topics import RAW, TOPICS, Topic
from services.knowledge.shared import ROOT

VERSION = "1.0.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPEN = {"RawArticle"}  # crawlers may send more than Varta reads; everything Varta writes is closed

EXAMPLES = """\
examples:
  varta schemas              rewrite schemas/*.schema.json and schemas/asyncapi.yaml
  varta schemas --check      exit 1 and name the files that are not current
  varta schemas --examples   run the stream once and rewrite schemas/examples/ first
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta schemas`."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    parser.add_argument("--examples", action="store_true", help="take new examples from a run on an embedded Kafka")
    parser.add_argument("--folder", type=Path, default=ROOT / "schemas", help="where to (default: schemas)")


def run(arguments: argparse.Namespace) -> int:
    """Write or check the files."""
    folder: Path = arguments.folder
    if arguments.examples:
        if arguments.check:
            raise UserError("--check and --examples exclude each other")
        from services.commands.examples import collect

        collect(folder / "examples")
    files = rendered(folder / "examples")
    stale = [name for name, text in files.items() if _content(folder / name) != text]
    if arguments.check:
        for name in stale:
            print(f"{folder / name} is not current: run `make schemas`", file=sys.stderr)
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (folder / name).write_text(files[name], encoding="utf-8")
    print(f"{len(stale)} of {len(files)} files rewritten in {folder}")
    return 0


def contracts() -> dict[str, type[BaseModel]]:
    """Every contract by name."""
    found: dict[str, type[BaseModel]] = {}
    for module in pkgutil.iter_modules(services.contracts.__path__):
        for name, thing in vars(importlib.import_module(f"services.contracts.{module.name}")).items():
            if isinstance(thing, type) and issubclass(thing, BaseModel) and thing is not BaseModel:
                found[name] = thing
    return found


def messages() -> dict[str, type[BaseModel]]:
    """The contracts that topics carry, in the order of the stream."""
    known = contracts()
    return {topic.message: known[topic.message] for topic in TOPICS if topic.message in known}


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of one message, closed unless crawlers write it."""
    name = model.__name__
    schema = model.model_json_schema()
    if name not in OPEN:
        for part in (schema, *schema.get("$defs", {}).values()):
            if part.get("type") == "object":
                part["additionalProperties"] = False
    return {"$schema": DIALECT, "$id": f"urn:varta:schema:{name}:1", **schema}


def rendered(examples: Path) -> dict[str, str]:
    """Name and text of every generated file."""
    files = {
        f"{name}.schema.json": json.dumps(json_schema(model), ensure_ascii=False, indent=1) + "\n"
        for name, model in messages().items()
    }
    document = yaml.safe_dump(asyncapi(examples), sort_keys=False, allow_unicode=True, width=120)
    pages = {f"../{name}": text for name, text in readme.pages(examples).items()}
    return {**files, "asyncapi.yaml": document, **pages}


def asyncapi(examples: Path) -> dict[str, Any]:
    """The AsyncAPI 3 document: a channel a topic, with who writes and who reads it."""
    topics = [topic for topic in TOPICS if topic.message in messages()]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Varta",
            "version": VERSION,
            "description": "Raw Hindi and English news articles in, coded political events out.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_slug(topic.name): _channel(topic) for topic in topics},
        "operations": {
            **{f"receive.{_slug(t.name)}": _operation("receive", t) for t in topics if t.name in INPUTS},
            **{f"send.{_slug(t.name)}": _operation("send", t) for t in topics if t.name != RAW},
        },
        "components": {
            "messages": {t.name: _message(t, examples) for t in topics},
            "messageTraits": {"cloudEvent": {"headers": CLOUD_EVENT_HEADERS}},
        },
    }


INPUTS = {"articles.raw", "articles.normalized", "articles.enriched", "articles.tagged"}
CLOUD_EVENT_HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary mode",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time"],
    "properties": {
        "content-type": {"type": "string"},
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "hash of topic, key and value: a replay writes the same"},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "description": "the stage that wrote it"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string"},
        "ce_dataschema": {"type": "string", "description": "urn:varta:schema:<contract>:<major version>"},
        "ce_received": {"type": "string", "format": "date-time", "description": "when the article entered the stream"},
        "traceparent": {"type": "string", "description": "W3C trace context, carried through all stages"},
    },
}


def _slug(topic: str) -> str:
    return topic.replace(".", "-")


def _channel(topic: Topic) -> dict[str, Any]:
    days = topic.retention_ms // 86_400_000
    kept = "compacted: the last message of each key is kept" if topic.compact else f"kept for {days} days"
    kafka = {
        "topic": topic.name,
        "partitions": topic.partitions,
        "topicConfiguration": {"cleanup.policy": ["compact"] if topic.compact else ["delete"]}
        | ({} if topic.compact else {"retention.ms": topic.retention_ms})
        | {"max.message.bytes": topic.max_message_bytes},
        "bindingVersion": "0.5.0",
    }
    return {
        "address": topic.name,
        "description": kept,
        "messages": {topic.message: {"$ref": f"#/components/messages/{topic.name}"}},
        "bindings": {"kafka": kafka},
    }


def _operation(action: str, topic: Topic) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_slug(topic.name)}"}}


def _message(topic: Topic, examples: Path) -> dict[str, Any]:
    model = contracts()[topic.message]
    message: dict[str, Any] = {
        "name": topic.message,
        "summary": " ".join((model.__doc__ or "").split()),
        "contentType": "application/json",
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{topic.message}.schema.json"},
        },
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
    }
    example = examples / f"{topic.name}.json"
    if example.exists():
        message["externalDocs"] = {"description": "a real message", "url": f"./examples/{example.name}"}
    return message


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
