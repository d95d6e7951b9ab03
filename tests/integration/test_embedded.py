"""The embedded Kafka finds its way around others."""

from __future__ import annotations

import socket

from services.runtime.embedded import EmbeddedKafka, node_answers


def test_a_port_that_was_taken_meanwhile_is_left_to_the_other() -> None:
    kafka = EmbeddedKafka()
    (node,) = kafka.nodes
    with socket.socket() as other:
        other.bind(("127.0.0.1", node.controller_port))
        other.listen()
        taken = node.controller_port
        with kafka:
            assert node.controller_port != taken
            assert node_answers(node)
    assert not node_answers(node)
    assert not kafka.folder.exists()
