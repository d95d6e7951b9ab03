"""What a worker counts, under Prometheus' naming; labels are bounded: stages, topics and codes are few and fixed."""

from __future__ import annotations

import contextlib
import platform
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from services.runtime.deadletters import VERSION

LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# codes are the stages' own short words; a stage that invented them without end would not flood the time series
MOST_CODES = 64


class WeightedHistogram(Collector):
    """A histogram by stage that takes one value for many messages at once, as a batch has one measured time."""

    def __init__(self, name: str, help_: str, bounds: Sequence[float], registry: CollectorRegistry) -> None:
        self._name, self._help, self._bounds = name, help_, tuple(bounds)
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}
        self._lock = threading.Lock()
        registry.register(self)

    def observe(self, stage: str, value: float, times: int = 1) -> None:
        """Count `value` `times` times."""
        with self._lock:
            counts = self._counts.setdefault(stage, [0] * (len(self._bounds) + 1))
            counts[bisect_left(self._bounds, value)] += times
            self._sums[stage] = self._sums.get(stage, 0.0) + value * times

    def describe(self) -> Iterator[HistogramMetricFamily]:
        """The family without values."""
        yield HistogramMetricFamily(self._name, self._help, labels=["stage"])

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """The family as it stands."""
        family = HistogramMetricFamily(self._name, self._help, labels=["stage"])
        with self._lock:
            for stage, counts in self._counts.items():
                total, buckets = 0, []
                for bound, count in zip((*self._bounds, float("inf")), counts, strict=True):
                    total += count
                    buckets.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
                family.add_metric([stage], buckets=buckets, sum_value=self._sums[stage])
        yield family


class Metrics:
    """All metrics of one worker, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        stage_topic = ("stage", "topic")
        partition = ("stage", "topic", "partition")
        self.received = Counter(
            "varta_messages_received", "Messages read and committed", stage_topic, registry=registry
        )
        self.published = Counter(
            "varta_messages_published", "Messages written and committed", stage_topic, registry=registry
        )
        self.rejected = Counter(
            "varta_messages_rejected",
            "Messages that became dead letters",
            ("stage", "topic", "code"),
            registry=registry,
        )
        self.processing = WeightedHistogram(
            "varta_processing_seconds", "Time of a stage's work on one message", LATENCY, registry
        )
        self.end_to_end = WeightedHistogram(
            "varta_end_to_end_seconds",
            "From the article's arrival in the stream to the commit of this stage (at most 64 messages a batch)",
            LATENCY,
            registry,
        )
        self.batch_size = Histogram(
            "varta_batch_messages", "Messages in one transaction", ("stage",), buckets=SIZES, registry=registry
        )
        self.transaction = Histogram(
            "varta_transaction_seconds", "From begin to commit", ("stage",), buckets=LATENCY, registry=registry
        )
        self.aborts = Counter(
            "varta_transaction_aborts",
            "Transactions given up, by what went wrong",
            ("stage", "error"),
            registry=registry,
        )
        self.lag = Gauge("varta_lag_messages", "Messages that wait", partition, registry=registry)
        self.lag_seconds = Gauge(
            "varta_lag_seconds", "Age of the newest processed message while others wait", partition, registry=registry
        )
        self.expired = Counter(
            "varta_messages_expired",
            "Messages that retention deleted before they were read",
            stage_topic,
            registry=registry,
        )
        self.in_progress = Gauge(
            "varta_messages_in_progress", "Messages being processed", ("stage",), registry=registry
        )
        self.last_processed = Gauge(
            "varta_last_processed_timestamp_seconds", "When a batch was last committed", ("stage",), registry=registry
        )
        self.assigned = Gauge("varta_partitions_assigned", "Partitions this worker owns", ("stage",), registry=registry)
        self.restored = Gauge(
            "varta_state_records", "Changelog records read when the state was restored", ("stage",), registry=registry
        )
        self.heartbeat_age = Gauge(
            "varta_heartbeat_age_seconds",
            "Age of the newest heartbeat that has come through to this stage",
            ("stage",),
            registry=registry,
        )
        self.heartbeat_transit = Gauge(
            "varta_heartbeat_transit_seconds",
            "How long the newest heartbeat took to this stage",
            ("stage",),
            registry=registry,
        )
        info = Info("varta_build", "What runs", registry=registry)
        info.info({"version": VERSION, "python": platform.python_version()})
        self._codes: set[str] = set()
        self._heartbeats: dict[str, float] = {}

    def code(self, code: str) -> str:
        """The label value for a reject's code."""
        if code in self._codes or len(self._codes) < MOST_CODES:
            self._codes.add(code)
            return code
        return "other"

    def forget_partition(self, labels: tuple[str, str, str]) -> None:
        """Another worker tells its lag from now on."""
        for gauge in (self.lag, self.lag_seconds):
            with contextlib.suppress(KeyError):  # it never told any
                gauge.remove(*labels)

    def heartbeat(self, stage: str, sent_ms: int) -> None:
        """A heartbeat came through to `stage`."""
        if stage not in self._heartbeats:
            self.heartbeat_age.labels(stage).set_function(lambda: max(0.0, time.time() - self._heartbeats[stage]))
        self._heartbeats[stage] = sent_ms / 1000
        self.heartbeat_transit.labels(stage).set(max(0.0, time.time() - sent_ms / 1000))
