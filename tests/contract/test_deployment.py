"""Deployments set variables that workers read, declare the topics they need, and are valid in their own terms."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from services.commands import stages
from services.commands.topics import manifest
from services.knowledge.shared import ROOT
from services.runtime.settings import Settings, variables

DATA = Path(__file__).parent / "data"
KUBERNETES = ROOT / "deploy" / "kubernetes"
READ = {variable.name for variable in variables(include_development=True)}
OURS = re.compile(r"^(VARTA|KAFKA)_")
BASICS = {
    "KAFKA_BOOTSTRAP_SERVERS",
    "VARTA_PROFILE",
    "VARTA_METRICS_HOST",
    "VARTA_METRICS_PORT",
    "VARTA_HEARTBEAT_SECONDS",
}


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def workers_of_compose() -> dict[str, dict[str, Any]]:
    return {name: s for name, s in compose()["services"].items() if s.get("command", [""])[0] == "worker"}


def test_compose_is_valid() -> None:
    schema = json.loads((DATA / "compose.json").read_text(encoding="utf-8"))
    assert [e.message for e in Draft7Validator(schema).iter_errors(compose())] == []


def test_compose_runs_every_stage_with_variables_that_are_read() -> None:
    workers = workers_of_compose()
    assert {stage for service in workers.values() for stage in service["command"][1:]} == set(stages.WORKERS)
    for service in workers.values():
        assert service["environment"].keys() <= READ
        assert service["environment"].keys() >= BASICS


def test_the_image_sets_variables_that_are_read() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\b((?:VARTA|KAFKA)_\w+)=", dockerfile)) <= READ


def test_the_base_sets_variables_that_are_read_to_values_that_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (KUBERNETES / "base" / "settings.env").read_text(encoding="utf-8").split()
    given = dict(line.split("=", 1) for line in lines)
    assert BASICS <= given.keys() <= READ
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert Settings().metrics_port == 9100


def test_every_stage_has_a_deployment() -> None:
    kustomization = yaml.safe_load((KUBERNETES / "base" / "kustomization.yaml").read_text(encoding="utf-8"))
    assert {f"{stage}.yaml" for stage in stages.WORKERS} <= set(kustomization["resources"])


def test_the_topic_resources_are_the_declared_topics() -> None:
    written = (KUBERNETES / "components" / "strimzi" / "topics.yaml").read_text(encoding="utf-8")
    assert written == manifest(), "run `varta topics manifest`"


@pytest.mark.parametrize("overlay", ["small", "production"])
def test_what_kustomize_renders_is_valid_and_names_only_variables_that_are_read(overlay: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed; it renders the overlays")
    done = subprocess.run(
        ["kubectl", "kustomize", str(KUBERNETES / "overlays" / overlay)], capture_output=True, text=True, check=True
    )
    resources = list(yaml.safe_load_all(done.stdout))
    schema = json.loads((DATA / "kubernetes-1.34.json").read_text(encoding="utf-8"))
    known = schema.pop("kinds")
    seen = set()
    for resource in resources:
        kind = resource["kind"]
        seen.add(kind)
        if kind in known:
            validator = Draft202012Validator({**schema, **known[kind]})
            assert [f"{kind} {'/'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(resource)] == []
        if kind == "Deployment":
            container = resource["spec"]["template"]["spec"]["containers"][0]
            assert container["args"][0] == "worker"
            assert {variable["name"] for variable in container.get("env", [])} <= READ
            assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        if kind == "ConfigMap":
            assert {name for name in resource["data"] if OURS.match(name)} <= READ
    assert {"Deployment", "ConfigMap", "Service"} <= seen
    if overlay == "production":
        assert {"KafkaTopic", "Kafka", "ScaledObject", "PodMonitor"} <= seen


def test_scaling_follows_the_groups_and_topics_that_the_stages_use() -> None:
    scaled = yaml.safe_load_all((KUBERNETES / "components" / "keda" / "scaling.yaml").read_text(encoding="utf-8"))
    for resource in scaled:
        trigger = resource["spec"]["triggers"][0]["metadata"]
        stage = resource["spec"]["scaleTargetRef"]["name"].removeprefix("varta-")
        assert trigger["consumerGroup"] == Settings().group(stage)
        assert trigger["topic"] in stages.load(stage).inputs
