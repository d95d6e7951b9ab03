"""Plan says what differs from the declaration; apply makes it so; doing it again changes nothing."""

from __future__ import annotations

from dataclasses import replace

from services.contracts.topics import DAY_MS, Topic
from services.runtime.settings import Settings
from services.runtime.topics import apply, plan


async def test_apply_creates_what_is_missing_once(settings: Settings) -> None:
    declared = [
        Topic(f"{settings.group_prefix}.a", "", partitions=2, retention_ms=3 * DAY_MS),
        Topic(f"{settings.group_prefix}.b", "", partitions=1, compact=True),
    ]
    assert [(d.topic, d.what) for d in await plan(settings, declared)] == [(t.name, "missing") for t in declared]
    assert len(await apply(settings, declared)) == 2
    assert await plan(settings, declared) == []
    assert await apply(settings, declared) == []


async def test_differences_are_named_and_mended(settings: Settings) -> None:
    have = Topic(f"{settings.group_prefix}.a", "", partitions=2, retention_ms=DAY_MS, config={"segment.ms": "3600000"})
    await apply(settings, [have])
    want = replace(have, partitions=4, retention_ms=2 * DAY_MS, max_message_bytes=1_000_000, config={})
    found = {d.what: (d.actual, d.declared) for d in await plan(settings, [want])}
    assert found == {
        "partitions": ("2", "4"),
        "retention": (str(DAY_MS), str(2 * DAY_MS)),
        "largest message": (str(8 * 1024 * 1024), "1000000"),
    }
    await apply(settings, [want])
    assert await plan(settings, [want]) == []
    # what somebody set by hand and Varta does not declare stays
    assert await plan(settings, [replace(want, config={"segment.ms": "3600000"})]) == []


async def test_compaction_is_compared(settings: Settings) -> None:
    have = Topic(f"{settings.group_prefix}.a", "", partitions=1)
    await apply(settings, [have])
    (difference,) = await plan(settings, [replace(have, compact=True)])
    assert str(difference) == f"{have.name}: compaction is delete, declared compact"


async def test_partitions_are_never_removed(settings: Settings) -> None:
    have = Topic(f"{settings.group_prefix}.a", "", partitions=3)
    await apply(settings, [have])
    fewer = replace(have, partitions=1)
    (difference,) = await apply(settings, [fewer])
    assert not difference.fixable
    assert "never removes partitions" in str(difference)
    assert await plan(settings, [have]) == []
