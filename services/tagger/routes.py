"""Routes: further topics for events by type, quad, status, country, party, language and confidence."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.contracts.base import Language
from services.contracts.tagged import EventType, Status, TaggedEvent


def _listed(value: object) -> object:
    return value if isinstance(value, list) or value is None else [value]


class Route(BaseModel):
    """One topic and the conditions under which an event goes there; a condition that is not given always holds."""

    model_config = ConfigDict(extra="forbid")

    topic: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]
    type: Annotated[list[EventType] | None, BeforeValidator(_listed)] = None
    quad: Annotated[list[Annotated[int, Field(ge=1, le=4)]] | None, BeforeValidator(_listed)] = None
    status: Annotated[list[Status] | None, BeforeValidator(_listed)] = None
    country: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{3}$")]] | None, BeforeValidator(_listed)] = None
    party: Annotated[list[str] | None, BeforeValidator(_listed)] = None
    language: Annotated[list[Language] | None, BeforeValidator(_listed)] = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0

    def takes(self, event: TaggedEvent) -> bool:
        """Whether the event goes to this topic."""
        parties = [*event.actors, *event.recipients]
        return (
            (self.type is None or event.event_type in self.type)
            and (self.quad is None or event.quad in self.quad)
            and (self.status is None or event.status in self.status)
            and (self.country is None or any(p.country in self.country for p in parties))
            and (self.party is None or any(p.name in self.party for p in parties))
            and (self.language is None or event.language in self.language)
            and event.confidence >= self.confidence
        )


class Routes(BaseModel):
    """All routes of a worker."""

    model_config = ConfigDict(extra="forbid")

    routes: list[Route]

    def topics_of(self, event: TaggedEvent) -> list[str]:
        """Further topics of an event, each once, in the order of the file."""
        return list(dict.fromkeys(r.topic for r in self.routes if r.takes(event)))


def load(path: Path | None = None) -> Routes:
    """Routes of a YAML file, the default ones without a path; ValueError says in a person's words what is
    wrong with the file."""
    where = str(path) if path else "the default routes"
    source = (
        path.read_text(encoding="utf-8")
        if path
        else files("services.tagger").joinpath("data", "routes.yaml").read_text(encoding="utf-8")
    )
    try:
        return Routes.model_validate(yaml.safe_load(source))
    except yaml.YAMLError as error:
        raise ValueError(f"{where}: not YAML: {error}") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']} (found: {e['input']!r})" for e in error.errors()]
        raise ValueError(f"{where} cannot be used:\n" + "\n".join(lines)) from None
