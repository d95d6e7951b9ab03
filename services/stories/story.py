"""A story as state: which articles are in it follows from the articles' records."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import orjson


@dataclass(slots=True)
class Thread:
    """A live story.

    `bond` is how near the story is that it follows. `absorbed` are ids of stories that were merged into it, whose
    tombstones point here; `touched` is where the stream's clock stood when an article last came to it; `past` are its
    articles that have left, as they are listed (StoryArticle).
    """

    id: str
    follows: str | None = None
    bond: float = 0.0
    split_from: str | None = None
    absorbed: list[str] = field(default_factory=list)
    touched: int = 0
    past: list[dict[str, str | None]] = field(default_factory=list)

    def dump(self) -> bytes:
        """The record as it stands on the changelog."""
        return orjson.dumps({name: getattr(self, name) for name in Thread.__slots__})

    @classmethod
    def load(cls, value: bytes) -> Thread:
        """The story of a changelog record."""
        return cls(**orjson.loads(value))


def story_id(*parts: str) -> str:
    """Id of the story that begins with an article; further parts tell split stories apart."""
    return "s-" + blake2b("/".join(parts).encode(), digest_size=9).hexdigest()
