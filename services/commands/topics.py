"""Compare the cluster's topics with the declared ones (plan), make them so (apply), or print resources (manifest).

Applying twice changes nothing the second time. Partitions can only grow: Kafka never removes them.
"""

from __future__ import annotations

import argparse
import asyncio

from services.contracts.topics import TOPICS
from services.runtime import topics
from services.runtime.settings import load_settings

EXAMPLES = """\
examples:
  varta topics plan                what differs; exit code 1 when something does
  varta topics apply
  varta topics manifest            Strimzi KafkaTopic resources, as in deploy/kubernetes/components/strimzi/topics.yaml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta topics`."""
    parser.add_argument("action", choices=("plan", "apply", "manifest"))


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; `plan` gives 1 when there are any, `apply` when some could not be mended."""
    if arguments.action == "manifest":
        print(manifest(), end="")
        return 0
    settings = load_settings()
    if arguments.action == "plan":
        differences = asyncio.run(topics.plan(settings))
        for difference in differences:
            print(difference)
        print(
            f"{len(TOPICS)} topics declared, {len(differences)} differences"
            + (": `varta topics apply`" * bool(differences))
        )
        return 1 if differences else 0
    differences = asyncio.run(topics.apply(settings))
    for difference in differences:
        print(f"{'mended ' if difference.fixable else 'kept   '}{difference}")
    print(f"{len(TOPICS)} topics declared, {sum(d.fixable for d in differences)} differences mended")
    return 0 if all(d.fixable for d in differences) else 1


def manifest(cluster: str = "varta", replicas: int = 3) -> str:
    """Every declared topic as a Strimzi KafkaTopic, one YAML document each."""
    import yaml

    documents = [
        {
            "apiVersion": "kafka.strimzi.io/v1beta2",
            "kind": "KafkaTopic",
            "metadata": {"name": topic.name, "labels": {"strimzi.io/cluster": cluster}},
            "spec": {
                "partitions": topic.partitions,
                "replicas": replicas,
                "config": {
                    key: int(value) if value.isdigit() else value
                    for key, value in topics.declared_config(topic).items()
                },
            },
        }
        for topic in TOPICS
    ]
    return "# Written by `varta topics manifest`.\n" + yaml.safe_dump_all(documents, sort_keys=False)
