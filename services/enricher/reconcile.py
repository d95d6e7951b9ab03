"""Unknown names asked of a reconciliation service (the W3C community standard that OpenRefine and Wikidata speak).

Off unless an endpoint is given. A service that is slow, down or talks nonsense costs bounded time and
never an article: the
names stay unlinked, and the outcome counts say so.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from services.contracts.enriched import Candidate, Mention

TYPES = {"PER": "Q5", "LOC": "Q2221906", "ORG": "Q43229"}  # human, geographic location, organization
UNKNOWN = frozenset({"phonetic"})  # what `Mention.via` says of names that no table knows


@dataclass(frozen=True, slots=True)
class Policy:
    """Bounds on what the service may cost; times in seconds."""

    timeout: float = 2.0
    budget: float = 5.0  # for all attempts of one call
    attempts: int = 3
    backoff: float = 0.2  # before the second attempt; doubles
    concurrency: int = 2
    batch: int = 10
    min_score: float = 80.0
    failures_to_open: int = 3
    open_for: float = 30.0
    cache_size: int = 50_000
    keep_hits: float = 7 * 86_400.0
    keep_misses: float = 86_400.0
    max_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """The entity a service takes a name for, and the ones it considered."""

    entity: str
    name: str
    score: float
    candidates: tuple[Candidate, ...] = ()


class Unavailable(Exception):
    """The service did not give a usable answer; the reason is one word for a metric."""

    def __init__(self, reason: str, retry: bool) -> None:
        super().__init__(reason)
        self.reason, self.retry = reason, retry


class Reconciler(Collector):
    """Client of one endpoint, safe to share between threads; `outcomes` counts names by what became of them.

    It is a Prometheus collector of `varta_reconciled_names_total` by outcome.
    """

    def __init__(
        self,
        endpoint: str,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        client: httpx.Client | None = None,
    ) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ValueError(f"a reconciliation service has an http or https address, got {endpoint!r}")
        self.endpoint, self.policy = endpoint, policy or Policy()
        self.outcomes: Counter[str] = Counter()
        self._clock, self._sleep = clock, sleep
        self._client = client or httpx.Client(timeout=self.policy.timeout, follow_redirects=False)
        self._slots = threading.BoundedSemaphore(self.policy.concurrency)
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], tuple[float, Answer | None]] = OrderedDict()
        self._failures = 0
        self._closed_until = 0.0

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The counts as a metric."""
        family = CounterMetricFamily(
            "varta_reconciled_names", "Names asked of the service, by outcome", labels=["outcome"]
        )
        with self._lock:
            for outcome, count in sorted(self.outcomes.items()):
                family.add_metric([outcome], count)
        yield family

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    @property
    def open(self) -> bool:
        """Whether the circuit is open: the service failed lately and is left alone."""
        return self._clock() < self._closed_until

    def resolve(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Answer | None]:
        """Answers for (name, kind); a name is missing from the result where the service could not be asked."""
        found: dict[tuple[str, str], Answer | None] = {}
        wanted: list[tuple[str, str]] = []
        for item in dict.fromkeys(names):
            held = self._remembered(item)
            if held is None:
                wanted.append(item)
            else:
                found[item] = held[1]
                self._count("cached")
        for at in range(0, len(wanted), self.policy.batch):
            batch = wanted[at : at + self.policy.batch]
            try:
                answers = self._ask(batch)
            except Unavailable as failure:
                self._count(failure.reason, len(batch))
                continue
            for item, answer in zip(batch, answers, strict=True):
                found[item] = answer
                self._remember(item, answer)
                self._count("linked" if answer else "unknown")
        return found

    def _ask(self, batch: Sequence[tuple[str, str]]) -> list[Answer | None]:
        if self.open:
            raise Unavailable("circuit-open", retry=False)
        deadline = self._clock() + self.policy.budget
        if not self._slots.acquire(timeout=self.policy.budget):
            raise Unavailable("busy", retry=False)
        try:
            return self._attempts(batch, deadline)
        finally:
            self._slots.release()

    def _attempts(self, batch: Sequence[tuple[str, str]], deadline: float) -> list[Answer | None]:
        pause = self.policy.backoff
        for attempt in range(1, self.policy.attempts + 1):
            try:
                answers = self._request(batch, max(0.05, min(self.policy.timeout, deadline - self._clock())))
            except Unavailable as failure:
                last = not failure.retry or attempt == self.policy.attempts or self._clock() + pause >= deadline
                if last:
                    self._failed()
                    raise
                self._sleep(pause)
                pause *= 2
            else:
                with self._lock:
                    self._failures = 0
                return answers
        raise AssertionError("the last attempt returns or raises")

    def _request(self, batch: Sequence[tuple[str, str]], timeout: float) -> list[Answer | None]:
        queries = {f"q{i}": {"query": name, "type": TYPES[kind], "limit": 5} for i, (name, kind) in enumerate(batch)}
        deadline = self._clock() + timeout
        try:
            with self._client.stream(
                "POST", self.endpoint, data={"queries": json.dumps(queries, ensure_ascii=False)}, timeout=timeout
            ) as response:
                if response.status_code in (408, 425, 429) or response.status_code >= 500:
                    raise Unavailable("server-error" if response.status_code >= 500 else "throttled", retry=True)
                if response.status_code != 200:
                    raise Unavailable("refused", retry=False)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > self.policy.max_bytes:
                        raise Unavailable("too-large", retry=False)
                    if self._clock() > deadline:  # a server that drips bytes never trips the read timeout
                        raise Unavailable("timeout", retry=True)
        except httpx.TimeoutException as error:
            raise Unavailable("timeout", retry=True) from error
        except httpx.HTTPError as error:
            raise Unavailable("unreachable", retry=True) from error
        try:
            answers = json.loads(bytes(body))
            return [self._answer(answers[f"q{i}"]["result"]) for i in range(len(batch))]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unavailable("bad-answer", retry=False) from error

    def _answer(self, results: list[dict[str, Any]]) -> Answer | None:
        """The candidate that the service itself calls a match, or the clear winner; None when there is no such."""
        ranked = sorted(results, key=lambda r: -float(r.get("score") or 0.0))
        candidates = tuple(
            Candidate(
                entity=str(r["id"]), name=str(r["name"]), score=max(0.0, min(1.0, float(r.get("score") or 0.0) / 100))
            )
            for r in ranked[:5]
        )
        for place, result in enumerate(ranked):
            score = float(result.get("score") or 0.0)
            runner_up = float(ranked[place + 1].get("score") or 0.0) if place + 1 < len(ranked) else 0.0
            clear = place == 0 and score >= self.policy.min_score and score - runner_up >= 10
            if result.get("match") is True or clear:
                return Answer(str(result["id"]), str(result["name"]), score, candidates)
        return None

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self.policy.failures_to_open:
                self._closed_until = self._clock() + self.policy.open_for
                self._failures = self.policy.failures_to_open - 1  # one failure after the pause opens it again

    def _count(self, outcome: str, names: int = 1) -> None:
        with self._lock:
            self.outcomes[outcome] += names

    def _remembered(self, item: tuple[str, str]) -> tuple[float, Answer | None] | None:
        with self._lock:
            held = self._cache.get(item)
            if held is None:
                return None
            if held[0] < self._clock():
                del self._cache[item]
                return None
            self._cache.move_to_end(item)
            return held

    def _remember(self, item: tuple[str, str], answer: Answer | None) -> None:
        keep = self.policy.keep_hits if answer else self.policy.keep_misses
        with self._lock:
            self._cache[item] = (self._clock() + keep, answer)
            self._cache.move_to_end(item)
            while len(self._cache) > self.policy.cache_size:
                self._cache.popitem(last=False)


def reconcile(mentions: Sequence[Mention], client: Reconciler | None) -> list[Mention]:
    """The mentions with the unknown ones linked where the service knows them; offsets, order and number stay."""
    if client is None:
        return list(mentions)
    unknown = {(m.name, m.kind) for m in mentions if m.via in UNKNOWN}
    if not unknown:
        return list(mentions)
    answers = client.resolve(sorted(unknown))
    return [_linked(m, answers.get((m.name, m.kind))) if m.via in UNKNOWN else m for m in mentions]


def _linked(mention: Mention, answer: Answer | None) -> Mention:
    if answer is None:
        return mention
    is_wikidata = answer.entity.startswith("Q") and answer.entity[1:].isdigit()
    return mention.model_copy(
        update={
            "entity": answer.entity,
            "name": answer.name,
            "qid": answer.entity if is_wikidata else None,
            "via": "reconciliation",
            "confidence": round(min(1.0, answer.score / 100) * mention.confidence, 3),
            "candidates": list(answer.candidates),
        }
    )
