"""Who gets which partitions: by range for stateless stages, all to one for a stage whose state is one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

_STARTED = f"{time.time_ns():020d}-{os.getpid():010d}".encode()


class AllToOne(AbstractPartitionAssignor):  # type: ignore[misc]
    """Gives every partition to the worker that has been up longest; the others stand by.

    The owner stays the same when standbys come and go, so its state is not restored for nothing.
    """

    name = "varta-all-to-one"
    version = 0

    @classmethod
    def assign(
        cls, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """All partitions of all topics to the member with the oldest start."""
        owner = min(members, key=lambda member: (members[member].user_data, member))
        topics = sorted({topic for metadata in members.values() for topic in metadata.subscription})
        everything = [(topic, sorted(cluster.partitions_for_topic(topic) or ())) for topic in topics]
        return {
            member: ConsumerProtocolMemberAssignment(cls.version, everything if member == owner else [], b"")
            for member in members
        }

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        """The start of this process goes with the subscription."""
        return ConsumerProtocolMemberMetadata(cls.version, list(topics), _STARTED)

    @classmethod
    def on_assignment(cls, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Nothing to remember."""
