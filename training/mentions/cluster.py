"""Cluster the static word vectors, so that the mention tagger knows words it never saw labelled.

    python -m training.mentions.cluster

Writes models/mentions/clusters.npz: the cluster of each word of models/vectors/vectors.npz, in a coarse
and a fine cut, and a
checksum of the vocabulary it belongs to.
"""

from __future__ import annotations

import numpy as np

from services.enricher.crf import vocabulary_sum
from services.enricher.fingerprint import vectors
from services.knowledge.shared import models

FINE, COARSE, ROUNDS = 512, 48, 8


def kmeans(points: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Cluster index of each unit vector, by spherical k-means."""
    random = np.random.default_rng(seed)
    centres = points[random.choice(len(points), count, replace=False)]
    near = np.zeros(len(points), dtype=np.int64)
    for _ in range(ROUNDS):
        for at in range(0, len(points), 8192):
            near[at : at + 8192] = (points[at : at + 8192] @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, near, points)
        sums[np.bincount(near, minlength=count) == 0] = points[random.integers(len(points))]
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return near


def main() -> None:
    table = vectors()
    points = table.vectors.astype(np.float32)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    np.savez_compressed(
        models("mentions", "clusters.npz"),
        fine=kmeans(points, FINE, 1).astype(np.uint16),
        coarse=kmeans(points, COARSE, 2).astype(np.uint8),
        words=np.array([vocabulary_sum(table.rows)], dtype=np.uint32),
    )


if __name__ == "__main__":
    main()
