"""The table of stages: where each lives, loaded only when it is needed."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from typing import cast

from services.commands.errors import UserError
from services.contracts.stage import Stage

STAGES: dict[str, str] = {
    "normalizer": "services.normalizer.stage:NormalizerStage",
    "enricher": "services.enricher.stage:EnricherStage",
    "tagger": "services.tagger.stage:TaggerStage",
    "stories": "services.stories.stage:StoriesStage",
}
PIPELINE = ("normalizer", "enricher", "tagger")


def available() -> list[str]:
    """Names of the stages that this installation has, in the order of the stream."""
    return [name for name, where in STAGES.items() if _installed(where)]


def load(name: str, profile: str = "accurate") -> Stage:
    """The stage of that name, its models not yet loaded where it loads them lazily.

    `profile` reaches the stages that have one. Raises UserError for a name that is not in the table or not installed.
    """
    where = STAGES.get(name)
    if where is None:
        raise UserError(f"no stage is called {name!r}; there are {', '.join(STAGES)}")
    if not _installed(where):
        raise UserError(f"this installation has no {name} ({where} is missing)")
    module, _, attribute = where.partition(":")
    make = getattr(importlib.import_module(module), attribute)
    wanted = {"profile": profile} if "profile" in inspect.signature(make).parameters else {}
    return cast(Stage, make(**wanted))


def _installed(where: str) -> bool:
    module = where.partition(":")[0]
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
