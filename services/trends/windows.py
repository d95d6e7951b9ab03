"""Windows of event time: a quarter of an hour, an hour and a day, all in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

Window: TypeAlias = Literal["15m", "1h", "1d"]

LENGTH: dict[Window, timedelta] = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
}
# trailing windows a burst is measured against: a day of quarters, a week of hours, four weeks of days
TRAILING: dict[Window, int] = {"15m": 96, "1h": 168, "1d": 28}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def starts(published: str | None) -> dict[Window, datetime]:
    """The start of each window that holds a time of publication (ISO 8601; without zone it is UTC).

    A bare date falls into a day but into no hour; what is no date falls into no window.
    """
    if not published:
        return {}
    try:
        time = datetime.fromisoformat(published)
    except ValueError:
        return {}
    try:
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:  # the year 1 in a zone east of Greenwich
        return {}
    day = time.replace(hour=0, minute=0, second=0, microsecond=0)
    if _DAY.fullmatch(published.strip()):
        return {"1d": day}
    hour = time.replace(minute=0, second=0, microsecond=0)
    return {"15m": hour + timedelta(minutes=time.minute // 15 * 15), "1h": hour, "1d": day}


def stamp(start: datetime) -> str:
    """A window's start as messages carry it: 2024-02-13T10:15:00Z."""
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")
