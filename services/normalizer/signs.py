"""What the signs at the ends of a line tell: a statement, or the entry of a list."""

from __future__ import annotations

import re

STOPS = "।॥.!?…|。！？؟۔"
CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"(?:[-–—•●▪■◆►▶*➤✓→]|\(?[0-9०-९]{1,2}[.)])\s*(?=\S)")


def ends_sentence(text: str) -> bool:
    """Whether the line ends with a sentence's sign, quotes and brackets aside."""
    bare = text.rstrip(CLOSERS + " ")
    return bool(bare) and bare[-1] in STOPS


def is_bullet(text: str) -> bool:
    """Whether the line begins with the sign of a list's entry."""
    return _BULLET.match(text) is not None
