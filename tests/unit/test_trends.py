"""Counting of distinct events per window."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.resolved import ResolvedEvent, Support
from services.contracts.tagged import Party
from services.trends.bursts import is_burst, significance
from services.trends.counting import Counts, recount
from services.trends.record import Cell, Subject, pack, record, unpack
from services.trends.windows import starts


def event(number: int, times: list[str | None], **fields: object) -> ResolvedEvent:
    given_: dict[str, object] = {
        "id": f"e{number}",
        "story": "s1",
        "event_type": "CONSULT",
        "status": "actual",
        "quad": 1,
        "intensity": 1.0,
        "confidence": 0.9,
        "reports": len(times),
        "independent_sources": len(times),
        "actors": [Party(name="India", country="IND"), Party(name="Nepal", country="NPL")],
        "support": [
            Support(
                article_id=f"a{number}-{i}", event_id=f"t{number}-{i}", source=f"Outlet {i}", published=time,
                language="hi", evidence="…", status="actual",
            )
            for i, time in enumerate(times)
        ],
    }  # fmt: skip
    return ResolvedEvent.model_validate(given_ | fields)


def cell(window: str, start: str, dimension: str, value: str) -> Cell:
    return Cell(window, datetime.fromisoformat(start), Subject(dimension, value))  # type: ignore[arg-type]


def test_an_event_counts_once_in_a_window_however_many_report_it() -> None:
    figures = recount([event(1, ["2024-02-13T10:16:00+05:30", "2024-02-13T04:50:00Z", "2024-02-13T06:00:00Z"])])
    quarter = figures[cell("15m", "2024-02-13T04:45:00+00:00", "pair", "IND-NPL")]
    assert (quarter.events, quarter.articles, quarter.sources) == (1, 2, 2)
    day = figures[cell("1d", "2024-02-13T00:00:00+00:00", "type", "CONSULT")]
    assert (day.events, day.articles, day.sources, day.mean_intensity) == (1, 3, 3, 1.0)


def test_a_bare_date_falls_into_a_day_only_and_no_date_into_no_window() -> None:
    assert set(starts("2024-02-13")) == {"1d"}
    assert starts(None) == starts("yesterday") == {}


def test_copies_count_for_the_source_of_their_original() -> None:
    told = event(1, ["2024-02-13T10:00:00Z", "2024-02-13T10:05:00Z"])
    told.support[1].copy_of = told.support[0].article_id
    day = recount([told])[cell("1d", "2024-02-13T00:00:00+00:00", "all", "all")]
    assert (day.articles, day.sources) == (2, 1)


def test_plans_denials_and_retractions_are_no_occurrences() -> None:
    times: list[str | None] = ["2024-02-13T10:00:00Z"]
    for fields in ({"status": "future"}, {"status": "negated"}, {"retracted": True}, {"merged_into": "e9"}):
        assert recount([event(1, times, **fields)]) == {}


def test_a_correction_takes_back_what_was_counted_and_names_the_emptied_window() -> None:
    counts = Counts()
    counts.put("e1", record(event(1, ["2024-02-13T10:00:00Z"])))
    touched = counts.put("e1", record(event(1, ["2024-02-14T10:00:00Z"])))
    before = cell("1d", "2024-02-13T00:00:00+00:00", "all", "all")
    assert before in touched
    assert counts.trend(before).events == 0
    assert counts.trend(cell("1d", "2024-02-14T00:00:00+00:00", "all", "all")).events == 1


def test_late_data_corrects_the_baseline_of_later_windows() -> None:
    counts = Counts()
    counts.put("e1", record(event(1, ["2024-02-14T10:00:00Z"])))
    touched = counts.put("e2", record(event(2, ["2024-02-13T10:00:00Z"])))
    later = cell("1d", "2024-02-14T00:00:00+00:00", "all", "all")
    assert later in touched
    assert counts.trend(later).baseline == round(1 / 28, 4)


def test_a_burst_stands_out_from_a_steady_baseline() -> None:
    steady = significance(5, before=28 * 5, windows=28)
    jump = significance(25, before=28 * 5, windows=28)
    assert not is_burst(5, steady)
    assert is_burst(25, jump)
    assert not is_burst(2, 9.0)
    assert significance(0, 10, 28) == 0.0
    assert all(significance(k, 28, 28) < significance(k + 1, 28, 28) for k in range(200))


def test_the_significance_is_the_tail_of_a_negative_binomial() -> None:
    draw = random.Random(7)
    before, windows, k = 30, 28, 4
    hits, trials = 0, 20_000
    for _ in range(trials):
        rate = draw.gammavariate(before + 0.5, 1 / windows)
        count, time = 0, draw.expovariate(1)
        while time < rate:
            count, time = count + 1, time + draw.expovariate(1)
        hits += count >= k
    assert abs(10 ** -significance(k, before, windows) - hits / trials) < 0.01


MOMENTS = st.integers(0, 60 * 24 * 40).map(
    lambda minutes: (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).isoformat()
)
UPSERTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.lists(MOMENTS | st.none(), min_size=1, max_size=3),
        st.sampled_from(["actual", "future"]),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(UPSERTS, st.integers(0, 24))
def test_figures_told_on_the_way_equal_a_recount_even_when_inputs_are_repeated(
    upserts: list[tuple[int, list[str | None], str]], crash: int
) -> None:
    events = [event(n, times, status=status) for n, times, status in upserts]
    counts, told = Counts(), {}
    for e in [*events[:crash], *events[max(0, crash - 3) :]]:  # the last three come again after a crash
        for touched in counts.put(e.id, unpack(pack(record(e)))):
            told[touched] = counts.trend(touched)
    expected = recount(events)
    assert {c: t for c, t in told.items() if t.events} == expected
    assert all(t.articles == t.sources == 0 for t in told.values() if not t.events)
