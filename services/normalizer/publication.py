"""When an article was published: the best evidence that can be true, with all of it listed; never a silent fallback."""

from __future__ import annotations

from datetime import date

from services.contracts.normalized import DateFound, Removed
from services.normalizer import dates
from services.normalizer.draft import Draft

# A dateline is trusted last: it tells the day of the report, without a year more often than not.
_ORDER = ("field", "metadata", "page", "url", "dateline")


def settle(draft: Draft, arrived: date | None) -> str | None:
    """The date or date-time of publication, and None when no evidence tells a full day.

    Sets `draft.crawled` to ISO 8601 and `draft.dates` to what holds; dates that cannot be read or cannot be true (later
    than the crawl, or than `arrived`; before the web) are listed as removed with the reason.
    """
    crawled = dates.read_iso(draft.crawled) if draft.crawled else None
    found: list[DateFound] = []
    if draft.crawled and crawled is None:
        _refuse(draft, draft.crawled, "no full date can be read")
    elif crawled:
        found.append(DateFound(role="crawled", value=crawled[:10], source="field", evidence=draft.crawled or ""))
    draft.crawled = crawled
    latest = date.fromisoformat(crawled[:10]) if crawled else arrived
    exact: dict[str, str] = {}  # source to its first date, with the time of day where it is told
    for candidate in [*_sent(draft), *draft.dates]:
        value = candidate.value
        if candidate.role == "published":
            if crawled and latest:
                value = dates.with_year(value, latest)
            why = None if value.startswith("X") else dates.refuse(value, latest)
            if why:
                _refuse(draft, candidate.evidence or value, why)
                continue
            if not value.startswith("X"):
                exact.setdefault(candidate.source, value)
        found.append(candidate.model_copy(update={"value": value[:10]}))
    chosen = next((exact[source] for source in _ORDER if source in exact), None)
    if chosen:
        known = date.fromisoformat(chosen[:10])
        for item in found:
            item.value = dates.with_year(item.value, known)
    draft.dates = found
    return chosen


def _sent(draft: Draft) -> list[DateFound]:
    """The date that the crawler sent, if it can be read."""
    if not draft.published:
        return []
    value = dates.read_iso(draft.published)
    if value is None:
        _refuse(draft, draft.published, "no full date can be read")
        return []
    return [DateFound(role="published", value=value, source="field", evidence=draft.published)]


def _refuse(draft: Draft, text: str, why: str) -> None:
    draft.removed.append(Removed(reason=f"date-refused: {why}", text=text))
