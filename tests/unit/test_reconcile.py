"""The reconciliation client against a server that misbehaves in every way: names stay unlinked,
articles never suffer.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from services.contracts.enriched import EnrichedArticle, Mention
from services.contracts.normalized import NormalizedArticle
from services.contracts.stage import Message
from services.enricher.reconcile import Policy, Reconciler, reconcile
from services.enricher.stage import EnricherStage


class Service(ThreadingHTTPServer):
    """A reconciliation service that answers as `behaviour` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour: list[str] = []  # one for each request; the last one stays
        self.requests: list[dict[str, dict[str, object]]] = []
        self.busy = self.most_busy = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is no error here."""


class Handler(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        queries = json.loads(form["queries"][0])
        server = self.server
        with server.lock:
            server.requests.append(queries)
            server.busy += 1
            server.most_busy = max(server.most_busy, server.busy)
            how = server.behaviour.pop(0) if len(server.behaviour) > 1 else server.behaviour[0]
        try:
            self.answer(how, queries)
        finally:
            with server.lock:
                server.busy -= 1

    def answer(self, how: str, queries: dict[str, dict[str, object]]) -> None:
        if how == "hang":
            time.sleep(2)
            return
        if how == "drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
            return
        if how == "close":
            self.connection.close()
            return
        if how.isdigit():
            self.send_response(int(how))
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        good = {
            key: {"result": [{"id": "Q42", "name": f"The {q['query']}", "score": 97, "match": True}]}
            for key, q in queries.items()
        }
        body = {
            "good": json.dumps(good),
            "slow": json.dumps(good),
            "none": json.dumps({key: {"result": []} for key in queries}),
            "tie": json.dumps(
                {
                    key: {"result": [{"id": "Q1", "name": "A", "score": 90}, {"id": "Q2", "name": "B", "score": 88}]}
                    for key in queries
                }
            ),
            "garbage": "<html>not json",
            "wrong": json.dumps({"q0": {"results": 3}}),
            "list": "[]",
            "huge": "x" * 300_000,
        }[how].encode()
        if how == "slow":
            time.sleep(0.1)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


POLICY = Policy(timeout=0.3, budget=1.0, backoff=0.01, max_bytes=200_000, open_for=60.0)
NAME = ("Gurmel Singh Dhindsa", "PER")


def client(service: Service, how: str | list[str], policy: Policy = POLICY, **kwargs: object) -> Reconciler:
    service.behaviour = [how] if isinstance(how, str) else how
    return Reconciler(service.url, policy, **kwargs)  # type: ignore[arg-type]


def unknown(name: str = NAME[0]) -> Mention:
    return Mention(start=0, end=4, text="गुरम", kind="PER", name=name, entity="x:grml", confidence=0.5, via="phonetic")


def test_a_match_becomes_the_link(service: Service) -> None:
    known = Mention(start=5, end=9, text="रूस", kind="LOC", name="Russia", entity="Q159", qid="Q159", via="country")
    first, second = reconcile([unknown(), known], client(service, "good"))
    assert (first.entity, first.qid, first.via, first.name) == ("Q42", "Q42", "reconciliation", f"The {NAME[0]}")
    assert second == known
    assert service.requests == [{"q0": {"query": NAME[0], "type": "Q5", "limit": 5}}]


def test_without_a_client_nothing_is_asked() -> None:
    mentions = [unknown()]
    assert reconcile(mentions, None) == mentions


def test_off_unless_an_address_is_given() -> None:
    assert EnricherStage("fast").reconciler is None
    with pytest.raises(ValueError, match="http or https"):
        EnricherStage("fast", reconcile_url="ftp://names")


def test_the_stage_links_unknown_names_and_counts_them(service: Service) -> None:
    service.behaviour = ["good"]
    stage = EnricherStage("fast", reconcile_url=service.url)
    article = NormalizedArticle(
        id="a", text="किसान नेता गुरमेल सिंह ढींडसा ने धरना दिया।", language="hi", script="Deva", content_hash="a"
    )
    (output,) = stage.process(Message(article.model_dump_json().encode()))
    assert isinstance(output.value, EnrichedArticle)
    assert [m.via for m in output.value.mentions if m.kind == "PER"] == ["reconciliation"]
    (family,) = stage.collectors[0].collect()
    assert [(s.labels["outcome"], s.value) for s in family.samples] == [("linked", 1.0)]


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("hang", "timeout"),
        ("drip", "timeout"),
        ("close", "unreachable"),
        ("500", "server-error"),
        ("429", "throttled"),
        ("404", "refused"),
        ("302", "refused"),
        ("garbage", "bad-answer"),
        ("wrong", "bad-answer"),
        ("list", "bad-answer"),
        ("huge", "too-large"),
    ],
)
def test_whatever_the_server_does_the_mention_stays_and_the_outcome_is_counted(
    service: Service, how: str, outcome: str
) -> None:
    asked = client(service, how)
    began = time.monotonic()
    assert reconcile([unknown()], asked) == [unknown()]
    assert asked.outcomes == {outcome: 1}
    assert time.monotonic() - began < POLICY.budget + POLICY.timeout + 1.0


def test_an_unreachable_server_costs_nothing_but_the_link() -> None:
    asked = Reconciler("http://127.0.0.1:1/", POLICY)
    assert reconcile([unknown()], asked) == [unknown()]
    assert asked.outcomes == {"unreachable": 1}


def test_a_passing_failure_is_tried_again_with_growing_pauses(service: Service) -> None:
    pauses: list[float] = []
    asked = client(service, ["503", "503", "good"], sleep=pauses.append)
    answer = asked.resolve([NAME])[NAME]
    assert answer is not None
    assert answer.entity == "Q42"
    assert pauses == [0.01, 0.02]


def test_a_refusal_is_not_tried_again(service: Service) -> None:
    client(service, "404").resolve([NAME])
    assert len(service.requests) == 1


def test_the_circuit_opens_after_failures_and_closes_after_the_pause(service: Service) -> None:
    now = [0.0]
    asked = client(service, "404", clock=lambda: now[0])
    for number in range(5):
        asked.resolve([(f"name {number}", "PER")])
    assert len(service.requests) == POLICY.failures_to_open
    assert asked.open
    assert asked.outcomes["circuit-open"] == 2
    service.behaviour = ["good"]
    now[0] = POLICY.open_for + 1
    assert asked.resolve([NAME])[NAME] is not None
    assert not asked.open


def test_answers_are_kept_and_expire(service: Service) -> None:
    now = [0.0]
    asked = client(service, "good", clock=lambda: now[0])
    asked.resolve([NAME])
    asked.resolve([NAME])
    assert len(service.requests) == 1
    now[0] = POLICY.keep_hits + 1
    asked.resolve([NAME])
    assert len(service.requests) == 2


def test_an_unknown_name_is_remembered_for_less_long(service: Service) -> None:
    now = [0.0]
    asked = client(service, "none", clock=lambda: now[0])
    assert asked.resolve([NAME]) == {NAME: None}
    now[0] = POLICY.keep_misses + 1
    service.behaviour = ["good"]
    assert asked.resolve([NAME])[NAME] is not None


def test_failures_are_never_remembered_as_answers(service: Service) -> None:
    asked = client(service, ["404", "good"])
    assert asked.resolve([NAME]) == {}
    assert asked.resolve([NAME])[NAME] is not None


def test_a_close_race_is_no_match(service: Service) -> None:
    assert client(service, "tie").resolve([NAME]) == {NAME: None}


def test_the_cache_is_bounded(service: Service) -> None:
    asked = client(service, "good", Policy(timeout=1.0, cache_size=3))
    asked.resolve([(f"name {i}", "ORG") for i in range(10)])
    assert len(asked._cache) == 3


def test_no_more_requests_at_once_than_allowed(service: Service) -> None:
    asked = client(service, "slow", Policy(timeout=2.0, budget=5.0, concurrency=2, batch=1))
    threads = [threading.Thread(target=asked.resolve, args=([(f"name {i}", "PER")],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.most_busy <= 2
    assert asked.outcomes["linked"] == 8
