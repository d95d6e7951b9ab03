"""Dashboard and alerts ask for metrics that workers have."""

from __future__ import annotations

import json
import re

import yaml

from services.knowledge.shared import ROOT
from services.runtime.metrics import Metrics

NAME = re.compile(r"\bvarta_[a-z_]+\b")
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "varta.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))


def names_of_workers() -> set[str]:
    names = set()
    for family in Metrics().registry.collect():
        names.add(family.name)
        names |= {family.name + suffix for suffix in ("_total", "_bucket", "_sum", "_count", "_info")}
    return names


def test_every_panel_asks_for_metrics_that_exist() -> None:
    asked = {name for panel in DASHBOARD["panels"] for t in panel["targets"] for name in NAME.findall(t["expr"])}
    assert len(asked) > 10
    assert asked <= names_of_workers()


def test_every_alert_asks_for_metrics_that_exist_and_says_what_to_do() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rule in ALERTS["groups"][0]["rules"]:
        assert set(NAME.findall(rule["expr"])) <= names_of_workers()
        assert rule["annotations"]["summary"]
        assert rule["alert"] in operations
