"""Reads the word lists of this package: one entry a line, `#` starts a comment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lines(name: str) -> tuple[str, ...]:
    """Entries of `data/<name>`, in file order, stripped, without comments and blank lines."""
    text = files("services.language").joinpath("data", name).read_text(encoding="utf-8")
    stripped = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in stripped if line)
