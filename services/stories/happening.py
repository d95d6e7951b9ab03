"""A resolved event as state: the reports that support it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(slots=True)
class Report:
    """One article's statement of the event; `event` holds the TaggedEvent fields that are kept."""

    article: str
    story: str
    time: int
    dated: bool
    language: str
    owner: str
    source: str | None
    published: str | None
    copy_of: str | None
    event: dict[str, Any]


@dataclass(slots=True)
class Happening:
    """A real event; `touched` is where the stream's clock stood when it last changed."""

    id: str
    story: str
    touched: int
    reports: list[Report] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    absorbed: list[str] = field(default_factory=list)

    def dump(self) -> bytes:
        """The record as it stands on the changelog."""
        return orjson.dumps(
            {
                "id": self.id,
                "story": self.story,
                "touched": self.touched,
                "topics": self.topics,
                "absorbed": self.absorbed,
                "reports": [{name: getattr(r, name) for name in Report.__slots__} for r in self.reports],
            }
        )

    @classmethod
    def load(cls, value: bytes) -> Happening:
        """The event of a changelog record."""
        record = orjson.loads(value)
        record["reports"] = [Report(**report) for report in record["reports"]]
        return cls(**record)

    def reported_by(self, article: str) -> bool:
        """Whether the article is among its reports."""
        return any(report.article == article for report in self.reports)
