"""The table of stages: where each lives, loaded only when it is needed."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from services.commands.errors import UserError
from services.contracts.stage import Stage

if TYPE_CHECKING:
    from services.runtime.settings import Settings

STAGES: dict[str, str] = {
    "normalizer": "services.normalizer.stage:NormalizerStage",
    "enricher": "services.enricher.stage:EnricherStage",
    "tagger": "services.tagger.stage:TaggerStage",
    "stories": "services.stories.stage:StoriesStage",
}
# an app brings its own runner: a function of settings and port file that returns an exit code
APPS: dict[str, str] = {"trends": "services.trends.app:run"}
WORKERS: tuple[str, ...] = (*STAGES, *APPS)
PIPELINE = ("normalizer", "enricher", "tagger")


def available() -> list[str]:
    """What this installation can run as a worker, in the order of the stream."""
    return [name for name, where in {**STAGES, **APPS}.items() if _installed(where)]


def app(name: str) -> Callable[[Settings, Path | None], int]:
    """The runner of an app."""
    module, _, attribute = APPS[name].partition(":")
    return cast("Callable[[Settings, Path | None], int]", getattr(importlib.import_module(module), attribute))


def load(name: str, profile: str = "accurate", **options: object) -> Stage:
    """The stage of that name; `profile` and the options that are not None reach the stages that have them.

    Raises UserError for a name that is not in the table or not installed.
    """
    where = STAGES.get(name)
    if where is None:
        raise UserError(f"no stage is called {name!r}; there are {', '.join(WORKERS)}")
    if not _installed(where):
        raise UserError(f"this installation has no {name} ({where} is missing)")
    module, _, attribute = where.partition(":")
    make = getattr(importlib.import_module(module), attribute)
    known = inspect.signature(make).parameters
    given = {k: v for k, v in {"profile": profile, **options}.items() if v is not None and k in known}
    return cast(Stage, make(**given))


def configured(name: str, settings: Settings) -> Stage:
    """The stage as the environment's settings want it; raises SettingsError for files it cannot use."""
    from services.runtime.settings import SettingsError

    try:
        options = {
            "routes": settings.routes,
            "source_lines": settings.source_lines,
            "reconcile_url": settings.reconcile_url,
        }
        return load(name, settings.profile, **options)
    except ValueError as error:
        raise SettingsError(f"the {name} cannot start: {error}") from error


def _installed(where: str) -> bool:
    module = where.partition(":")[0]
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
