"""Is the worker getting on? Progress, not mere life: a process whose stage hangs is alive and of no use."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class LaneHealth:
    """What one lane last did; the times are monotonic seconds."""

    stage: str
    inputs: list[str]
    ready: bool = False
    busy: bool = False
    waiting: int = 0
    moved: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        """The lane has asked for more; with nothing waiting that is all the progress there can be."""
        if not self.waiting:
            self.moved = time.monotonic()

    def progress(self) -> None:
        """A batch was committed."""
        self.moved = time.monotonic()


class Health:
    """The state of a worker, read by another thread for /healthz and /readyz."""

    def __init__(self, stall_seconds: float) -> None:
        self.stall_seconds = stall_seconds
        self.lanes: dict[str, list[LaneHealth]] = {}
        self.loop_ticked = time.monotonic()

    def joined(self, stage: str, lanes: list[LaneHealth]) -> None:
        """The group has told `stage` its partitions (none is an answer too: another worker has them)."""
        self.lanes[stage] = lanes

    def left(self, stage: str) -> None:
        """The partitions of `stage` are being taken away; the next assignment is not known yet."""
        self.lanes.pop(stage, None)

    def healthy(self) -> tuple[bool, dict[str, object]]:
        """False when the event loop or a lane with messages before it has stood still for `stall_seconds`."""
        now = time.monotonic()
        problems = []
        if now - self.loop_ticked > self.stall_seconds:
            problems.append(f"the event loop has stood still for {now - self.loop_ticked:.0f} s")
        for lane in self._all():
            still = now - lane.moved
            if still > self.stall_seconds and (lane.busy or lane.waiting or not lane.ready):
                problems.append(f"{lane.stage} has stood still on {', '.join(lane.inputs)} for {still:.0f} s")
        return not problems, {"status": "stalled" if problems else "ok", "problems": problems}

    def ready(self, stages: list[str]) -> tuple[bool, dict[str, object]]:
        """True when every stage knows its partitions and has taken them up."""
        waiting = [name for name in stages if name not in self.lanes]
        waiting += [f"{lane.stage} {', '.join(lane.inputs)}" for lane in self._all() if not lane.ready]
        owned = {stage: [i for lane in lanes for i in lane.inputs] for stage, lanes in dict(self.lanes).items()}
        return not waiting, {"status": "waiting" if waiting else "ready", "waiting": waiting, "assigned": owned}

    def _all(self) -> list[LaneHealth]:
        return [lane for lanes in list(self.lanes.values()) for lane in lanes]
