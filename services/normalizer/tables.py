"""Reads the tables of this package: YAML of plain strings (a word `on` or `no` is a word)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times faster where it was built


@cache
def table(name: str) -> Any:
    """`data/<name>.yaml`."""
    return yaml.load(files("services.normalizer").joinpath("data", f"{name}.yaml").read_text("utf-8"), Loader=_LOADER)
