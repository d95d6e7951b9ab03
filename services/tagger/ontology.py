"""PLOVER 2.0 as tables: quad, intensity, CAMEO root and modes of the sixteen event types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Code:
    """What a type, or a type with a mode, derives: quad 1..4, intensity -10..10, two-digit CAMEO root."""

    quad: int
    intensity: float
    cameo_root: str


def _rows(name: str) -> list[list[str]]:
    text = files("services.knowledge").joinpath("data", "plover", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _types() -> dict[str, Code]:
    return {row[0]: Code(int(row[1]), float(row[2]), row[3]) for row in _rows("types.tsv")}


@cache
def _modes() -> dict[tuple[str, str], Code]:
    return {(t, m): Code(_types()[t].quad, float(i), root) for t, m, i, root, *_ in _rows("modes.tsv")}


@cache
def _aliases() -> dict[tuple[str, str], str]:
    names = {}
    for event_type, mode, _, _, others in _rows("modes.tsv"):
        for name in (mode, *filter(None, others.split(";"))):
            names[event_type, name.lower()] = mode
    return names


TYPES: tuple[str, ...] = tuple(row[0] for row in _rows("types.tsv"))
RECIPROCAL: frozenset[str] = frozenset(row[0] for row in _rows("types.tsv") if row[4] == "yes")


def modes(event_type: str) -> tuple[str, ...]:
    """Modes of a type, in the order of the manual."""
    return tuple(m for t, m in _modes() if t == event_type)


def code(event_type: str, mode: str | None) -> Code:
    """Quad, intensity and CAMEO root; a mode the type does not have raises KeyError."""
    return _modes()[event_type, mode] if mode else _types()[event_type]


def canonical_mode(event_type: str, name: str | None) -> str | None:
    """The PLOVER 2.0 mode for a mode name of POLECAT or earlier PLOVER; raises KeyError for an unknown one."""
    return _aliases()[event_type, name.strip().lower()] if name else None


@cache
def _contexts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("|".join(re.escape(" " + w.lower()) for words in lists for w in words.split(";") if w)))
        for name, *lists in _rows("contexts.tsv")
    )


def contexts(text: str) -> list[str]:
    """PLOVER contexts whose words begin a word of `text`, in table order."""
    padded = " " + " ".join(text[:2_000].lower().split())
    return [name for name, pattern in _contexts() if pattern.search(padded)]
