"""Events in the shapes of other projects: PLOVER JSON records, CAMEO/GDELT-style and POLECAT-style columns.

CAMEO has no place for what is planned or denied, so its rows hold what has happened, and agreements to cooperate.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from services.contracts.tagged import Party, TaggedEvent

COOPERATIVE = (1, 2)
CODER = "Varta"

CAMEO_COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "Actor1Name", "Actor1CountryCode", "Actor1Type1Code", "Actor2Name", "Actor2CountryCode",
    "Actor2Type1Code", "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "ActionGeo_FullName", "ActionGeo_CountryCode", "DATEADDED", "SOURCEURL",
)  # fmt: skip
POLECAT_COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Status", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Primary Actor Sector", "Wikidata Actor ID", "Recipient Name", "Recipient Country",
    "Primary Recipient Sector", "Wikidata Recipient ID", "Placename", "Country", "Headline", "Publication Name",
    "Publication Date", "URL", "Language", "Confidence", "Event Text",
)  # fmt: skip


def projected_type(event: TaggedEvent) -> tuple[str, str | None]:
    """Type and mode under PLOVER's rule that cooperation to come is an agreement."""
    if event.status == "future" and event.quad in COOPERATIVE:
        return "AGREE", None
    return event.event_type, event.event_mode


def plover(event: TaggedEvent) -> dict[str, Any]:
    """A PLOVER JSON record; status, confidence and offsets are Varta's additions under `textInfo`."""
    kind, mode = projected_type(event)
    record: dict[str, Any] = {
        "id": event.id,
        "date": event.date or event.published,
        "source": [_plover_party(party) for party in event.actors],
        "target": [_plover_party(party) for party in event.recipients],
        "event": kind,
        "mode": mode,
        "eventText": event.trigger.text if event.trigger else None,
        "context": event.contexts,
        "location": {"name": event.place, "country": event.place_country} if event.place else None,
        "text": event.evidence.text,
        "textInfo": {
            "status": event.status,
            "start": event.evidence.start,
            "end": event.evidence.end,
            "confidence": event.confidence,
        },
        "language": event.language,
        "publication": event.source,
        "url": event.url,
        "coder": CODER,
        "version": "2.0",
    }
    return {name: value for name, value in record.items() if value not in (None, [])}


def _plover_party(party: Party) -> dict[str, Any]:
    found = {"actorText": party.text or party.name, "actor": party.name, "code": party.country, "sector": party.sector}
    return {name: value for name, value in found.items() if value}


def cameo(event: TaggedEvent) -> list[tuple[str, ...]]:
    """Rows of CAMEO_COLUMNS, one a pair of parties; none for what has not happened and is no agreement."""
    root = event.cameo_root
    quad, scale = event.quad, event.intensity
    if event.status == "future" and event.quad in COOPERATIVE:
        root, quad, scale = "03", 1, 2.5  # express intent to cooperate
    elif event.status not in ("actual", "historical"):
        return []
    day = _sql_date(event.date) or _sql_date(event.published)
    rows: list[tuple[str, ...]] = []
    for actor, recipient in _pairs(event):
        rows.append(
            (
                event.id, day, *_cameo_party(actor), *_cameo_party(recipient), "1", root, root, root, str(quad),
                f"{scale:g}", event.place or "", event.place_country or "", _sql_date(event.published), event.url or "",
            )
        )  # fmt: skip
    return rows


def _cameo_party(party: Party | None) -> tuple[str, str, str]:
    return (party.name.upper(), party.country or "", party.sector or "") if party else ("", "", "")


def _pairs(event: TaggedEvent) -> list[tuple[Party | None, Party | None]]:
    """Who acts on whom; parties of a reciprocal event act on one another."""
    if event.recipients or len(event.actors) < 2:
        actors: list[Party | None] = [*event.actors] or [None]
        recipients: list[Party | None] = [*event.recipients] or [None]
        return list(product(actors, recipients))
    return [(a, b) for a, b in product(event.actors, event.actors) if a is not b]


def _sql_date(date: str | None) -> str:
    """YYYYMMDD of a full date, else nothing: CAMEO knows no open dates."""
    digits = (date or "")[:10].replace("-", "")
    return digits if len(digits) == 8 and digits.isdigit() else ""


def polecat(event: TaggedEvent) -> tuple[str, ...]:
    """One row of POLECAT_COLUMNS; several parties are joined with `; `."""
    kind, mode = projected_type(event)
    return (
        event.id, event.date or "", kind, mode or "", event.status, f"{event.intensity:g}", str(event.quad),
        ";".join(event.contexts), *_polecat_parties(event.actors), *_polecat_parties(event.recipients),
        event.place or "", event.place_country or "", event.title or "", event.source or "", event.published or "",
        event.url or "", event.language, f"{event.confidence:.3f}", event.evidence.text,
    )  # fmt: skip


def _polecat_parties(parties: list[Party]) -> tuple[str, str, str, str]:
    return (
        "; ".join(p.name for p in parties),
        "; ".join(p.country or "" for p in parties),
        "; ".join(p.sector or "" for p in parties),
        "; ".join(p.qid or "" for p in parties),
    )


def tsv(row: tuple[str, ...]) -> str:
    """A line of tab-separated values; tabs and line ends inside become spaces."""
    return "\t".join(" ".join(value.split()) for value in row)
