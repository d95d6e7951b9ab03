"""What is published about the messages is what the contracts say, in forms that others' tools accept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from services.commands import schemas
from services.contracts.topics import TOPICS
from services.knowledge.shared import ROOT

FOLDER = ROOT / "schemas"
DATA = Path(__file__).parent / "data"
EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


def test_the_generated_files_are_current() -> None:
    for name, text in schemas.rendered(FOLDER / "examples").items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name} is not current: run `make schemas`"


@pytest.mark.parametrize("name", list(schemas.messages()))
def test_each_schema_is_a_json_schema_of_2020_12(name: str) -> None:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_asyncapi_document_is_one() -> None:
    document = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))
    meta = json.loads((DATA / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))
    errors = [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in Draft7Validator(meta).iter_errors(document)]
    assert errors == []
    assert {channel["address"] for channel in document["channels"].values()} == {
        topic.name for topic in TOPICS if topic.message in schemas.messages()
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_a_message_of_its_topic(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    topic = next(topic for topic in TOPICS if topic.name == path.stem)
    assert example["topic"] == topic.name
    header_errors = list(Draft202012Validator(schemas.CLOUD_EVENT_HEADERS).iter_errors(example["headers"]))
    assert header_errors == []
    if topic.name.endswith(".dlq"):
        return  # the value is whatever could not be read
    schema = json.loads((FOLDER / f"{topic.message}.schema.json").read_text(encoding="utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(example["value"])] == []


def test_there_is_an_example_of_every_topic_of_the_way_of_an_article() -> None:
    way = {
        "articles.raw",
        "articles.normalized",
        "articles.enriched",
        "articles.tagged",
        "events.tagged",
        "normalizer.dlq",
    }
    assert way <= {path.stem for path in EXAMPLES}


def test_a_field_of_a_newer_producer_is_no_error_to_a_reader() -> None:
    event = json.loads((FOLDER / "examples" / "events.tagged.json").read_text(encoding="utf-8"))["value"]
    model = schemas.messages()["TaggedEvent"]
    read = model.model_validate({**event, "of_a_later_version": {"a": 1}})
    assert read == model.model_validate(event)
