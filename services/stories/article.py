"""What is kept of an article while it is live: a small record, and its place on the changelog."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

U32 = NDArray[np.uint32]
F32 = NDArray[np.floating]

# One article is one row of keys: hashed words, names, numbers and dates, acts, words of the title, and the English of
# its words whatever its language. Each kind has columns of its own, so a shared key counts for the kind it is.
KINDS: dict[str, int] = {"words": 48, "names": 24, "facts": 12, "acts": 8, "title": 12, "gloss": 40}
WIDTH = sum(KINDS.values())
SHINGLES = 128
NO_KEYS: U32 = np.zeros(WIDTH, np.uint32)


@dataclass(slots=True)
class Article:
    """A live article.

    `time` is when it was published and `came` where the stream's clock stood when it arrived, both in Unix seconds;
    `dated` is False where the time is only that of arrival. `keys` and `weights` are one row of `WIDTH` (0 where a kind
    has fewer keys), weights of at most unit length in each kind. `shingles` are at most `SHINGLES` hashed word
    triples, those whose hash is a multiple of `2 ** level`; `length` is in words. `events` are the events it states,
    as dicts of TaggedEvent fields.
    """

    id: str
    seq: int
    time: int
    came: int
    dated: bool
    language: str
    story: str = ""
    copy_of: str | None = None
    core: bool = False
    title: str | None = None
    published: str | None = None
    source: str | None = None
    url: str | None = None
    owner: str = ""
    digest: str = ""
    names: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    told: str | None = None
    keys: U32 = field(default_factory=lambda: NO_KEYS)
    weights: F32 = field(default_factory=lambda: np.zeros(WIDTH, np.float32))
    vector: bytes = b""
    signature: bytes = b""
    shingles: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    level: int = 0
    length: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def dump(self) -> bytes:
        """The record as it stands on the changelog."""
        record = {name: getattr(self, name) for name in _PLAIN}
        record["keys"] = _b64(self.keys.tobytes())
        record["weights"] = _b64(self.weights.astype(np.float16).tobytes())
        record["shingles"] = _b64(self.shingles.tobytes())
        record["vector"], record["signature"] = _b64(self.vector), _b64(self.signature)
        return orjson.dumps(record)

    @classmethod
    def load(cls, value: bytes) -> Article:
        """The article of a changelog record."""
        record = orjson.loads(value)
        record["keys"] = np.frombuffer(b64decode(record["keys"]), np.uint32)
        record["weights"] = np.frombuffer(b64decode(record["weights"]), np.float16).astype(np.float32)
        record["shingles"] = np.frombuffer(b64decode(record["shingles"]), np.uint32)
        record["vector"], record["signature"] = b64decode(record["vector"]), b64decode(record["signature"])
        return cls(**record)


_PLAIN = [name for name in Article.__slots__ if name not in ("keys", "weights", "shingles", "vector", "signature")]


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")
