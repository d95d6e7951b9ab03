"""Distinct counts in every window, kept under upserts: an event's latest message replaces what it gave before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.contracts.resolved import ResolvedEvent, Trend
from services.trends.bursts import is_burst, significance
from services.trends.record import Cell, Contribution, Record, Subject, record
from services.trends.windows import LENGTH, TRAILING, Window, stamp


@dataclass(slots=True)
class _Tally:
    events: dict[str, float] = field(default_factory=dict)
    articles: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)


class Counts:
    """All cells. The figures are a function of the records alone: order and repetition of upserts change nothing."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._cells: dict[Cell, _Tally] = {}
        self._starts: dict[tuple[Window, Subject], list[datetime]] = defaultdict(list)

    def put(self, event_id: str, new: Record) -> set[Cell]:
        """Replace the record of an event; returns every cell whose figures may have changed.

        Those are the cells of the old and of the new record and the later cells of the same subjects whose baseline
        reaches back to them.
        """
        old = self.records.pop(event_id, None)
        touched: set[Cell] = set()
        for cell, contribution in old.cells() if old else ():
            self._take(event_id, cell, contribution)
            touched.add(cell)
        if new.reports:
            self.records[event_id] = new
        for cell, contribution in new.cells():
            self._give(event_id, new.intensity, cell, contribution)
            touched.add(cell)
        return touched | {later for cell in touched for later in self._after(cell)}

    def trend(self, cell: Cell) -> Trend:
        """The figures of a cell as they stand; an empty cell has zeros."""
        tally = self._cells.get(cell, _Tally())
        window, start, subject = cell
        before, windows = self._baseline(cell), TRAILING[window]
        surprise = significance(len(tally.events), before, windows)
        return Trend(
            window=window,
            start=stamp(start),
            dimension=subject.dimension,
            value=subject.value,
            events=len(tally.events),
            articles=len(tally.articles),
            sources=len(tally.sources),
            mean_intensity=round(sum(sorted(tally.events.values())) / len(tally.events), 4) if tally.events else 0.0,
            baseline=round(before / windows, 4),
            significance=round(surprise, 3),
            burst=is_burst(len(tally.events), surprise),
        )

    def cells(self) -> Iterable[Cell]:
        """Every cell that holds an event."""
        return self._cells.keys()

    def forget(self, before: datetime) -> list[str]:
        """Drop events whose every report is older than `before`; returns their ids. Figures already told stay told."""
        gone = [
            event_id
            for event_id, kept in self.records.items()
            if all(start + LENGTH[window] <= before for window, start in kept.reports)
        ]
        for event_id in gone:
            old = self.records.pop(event_id)
            for cell, contribution in old.cells():
                self._take(event_id, cell, contribution)
        return gone

    def _give(self, event_id: str, intensity: float, cell: Cell, contribution: Contribution) -> None:
        tally = self._cells.get(cell)
        if tally is None:
            tally = self._cells[cell] = _Tally()
            insort(self._starts[cell.window, cell.subject], cell.start)
        tally.events[event_id] = intensity
        tally.articles.update(contribution.articles)
        tally.sources.update(contribution.sources)

    def _take(self, event_id: str, cell: Cell, contribution: Contribution) -> None:
        tally = self._cells[cell]
        del tally.events[event_id]
        if not tally.events:
            del self._cells[cell]
            starts = self._starts[cell.window, cell.subject]
            del starts[bisect_left(starts, cell.start)]
            if not starts:
                del self._starts[cell.window, cell.subject]
            return
        tally.articles -= Counter(contribution.articles)
        tally.sources -= Counter(contribution.sources)

    def _after(self, cell: Cell) -> list[Cell]:
        """Later cells of the same subject that have this one in their baseline."""
        starts = self._starts.get((cell.window, cell.subject), [])
        last = cell.start + TRAILING[cell.window] * LENGTH[cell.window]
        return [
            Cell(cell.window, start, cell.subject)
            for start in starts[bisect_right(starts, cell.start) : bisect_right(starts, last)]
        ]

    def _baseline(self, cell: Cell) -> int:
        """Events in the trailing windows; empty windows count as such, also those before the stream began."""
        window, start, subject = cell
        starts = self._starts.get((window, subject), [])
        first = bisect_left(starts, start - TRAILING[window] * LENGTH[window])
        return sum(
            len(self._cells[Cell(window, s, subject)].events) for s in starts[first : bisect_left(starts, start)]
        )


def recount(events: Iterable[ResolvedEvent]) -> dict[Cell, Trend]:
    """All figures from scratch, by the last message of each event: what the stream must agree with."""
    last = {event.id: event for event in events}
    counts = Counts()
    for event_id in sorted(last):
        counts.put(event_id, record(last[event_id]))
    return {cell: counts.trend(cell) for cell in list(counts.cells())}
