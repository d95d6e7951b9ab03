"""The parts of the documents that follow from the code: settings, topics with a real message each, lists of parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from services.contracts.topics import TOPICS, Topic
from services.knowledge.shared import ROOT
from services.runtime.settings import variables

LONGEST_TEXT = 110


def pages(examples: Path) -> dict[str, str]:
    """Documents by name, with their generated parts as they are now."""
    return {
        "README.md": _rewritten("README.md", settings=settings_table(), topics=topics_section(examples)),
        "docs/choices.md": _rewritten("docs/choices.md", parts=parts_list(ROOT / "docs" / "choices")),
        "docs/accuracy.md": _rewritten("docs/accuracy.md", parts=parts_list(ROOT / "docs" / "accuracy")),
    }


def _rewritten(name: str, **parts: str) -> str:
    """The document with the text between `<!-- part -->` and `<!-- /part -->` replaced."""
    document = (ROOT / name).read_text(encoding="utf-8")
    for part, text in parts.items():
        before, begin, rest = document.partition(f"<!-- {part} -->\n")
        _, end, after = rest.partition(f"<!-- /{part} -->")
        document = before + begin + text + end + after
    return document


def parts_list(folder: Path) -> str:
    """A link to each document of a folder, under its heading."""
    lines = []
    for part in sorted(folder.glob("*.md")):
        heading = next(filter(None, part.read_text(encoding="utf-8").splitlines()), part.stem).lstrip("# ")
        lines.append(f"- [{heading}]({folder.name}/{part.name})\n")
    return "".join(lines)


def settings_table() -> str:
    """Every variable a worker reads."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for variable in variables():
        default = f"`{variable.default}`" if variable.default else ""
        rows.append(f"| `{variable.name}` | {default} | {variable.meaning} |")
    return "\n".join(rows) + "\n"


def topics_section(examples: Path) -> str:
    """Every topic with how it is kept and a real message, shortened."""
    parts = []
    for topic in TOPICS:
        if topic.name.endswith(".dlq") and topic.name != "normalizer.dlq":
            continue
        name = "`<stage>.dlq`" if topic.name.endswith(".dlq") else f"`{topic.name}`"
        parts.append(f"**{name}** · {topic.message} · {_kept(topic)}\n")
        example = examples / f"{topic.name}.json"
        if example.exists():
            shown = json.loads(example.read_text(encoding="utf-8"))
            if topic.name.endswith(".dlq"):
                shown = {"key": shown["key"], "headers": shown["headers"], "value": shown["value"]}
            else:
                shown = shown["value"]
            parts.append("```json\n" + json.dumps(brief(shown), ensure_ascii=False, indent=1) + "\n```\n")
    return "\n".join(parts)


def brief(value: Any, depth: int = 0) -> Any:
    """A value with long texts cut, lists down to their first item, and nothing that is empty."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT].rstrip() + "…"
    if isinstance(value, list):
        more = [f"… {len(value) - 1} more"] if len(value) > 1 else []
        return [brief(value[0], depth + 1), *more] if value else value
    if isinstance(value, dict):
        return {k: brief(v, depth + 1) for k, v in value.items() if v not in (None, [], {}, "")}
    return value


def _kept(topic: Topic) -> str:
    kept = "compacted" if topic.compact else f"{topic.retention_ms // 86_400_000} days"
    return f"{topic.partitions} partition{'s' if topic.partitions > 1 else ''} · {kept}"
