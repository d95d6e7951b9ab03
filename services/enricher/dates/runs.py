"""Two dates that bound one interval: "May 5 to May 9", "जनवरी-मार्च", "1 मार्च से 5 मार्च तक", "between May and August"."""

from __future__ import annotations

import re

from services.enricher.dates.reader import Found, Reader

_PLAIN = re.compile(r"[\dX]{4}(?:-\d{2}){0,2}$")
_DASHES = frozenset("-–—")


def join(r: Reader) -> None:
    """Makes one expression of each two neighbours of the sentence that the words between them join."""
    begin = len(r.found)
    while begin and r.found[begin - 1].first >= r.first:
        begin -= 1
    joined: list[Found] = r.found[:begin]
    for found in r.found[begin:]:
        before = joined[-1] if len(joined) > begin else None
        edtf = _interval(r, before, found) if before is not None and before.last + 1 == found.first else None
        if before is not None and edtf is not None:
            before.last, before.edtf = found.last, edtf
        else:
            joined.append(found)
    r.found[:] = joined


def _interval(r: Reader, before: Found, after: Found) -> str | None:
    key = r.tokens.key
    word, low = key(before.last), before.edtf.removesuffix("/..")
    high = after.edtf.removeprefix("../")
    if not (_PLAIN.match(low) and _PLAIN.match(high)) or len(low) != len(high):
        return None
    start, limit = key(before.first - 1), key(after.last) == "तक"
    if not (
        word in _DASHES
        or (word == "से" and limit)
        or (word in ("to", "until", "till", "through") and start in ("from", ""))
        or (word in ("and", "और") and (start == "between" or (key(after.last), key(after.last + 1)) == ("के", "बीच")))
    ):
        return None
    if after.provenance == "explicit" and before.provenance != "explicit" and high[:4].isdigit():
        low = high[:4] + low[4:]  # the year told for both
    elif high < low and len(high) == 7 and low[:4].isdigit() and high[:4].isdigit():  # the year told for the first
        year = int(low[:4]) + (high[5:] < low[5:])
        high = f"{year:04d}{high[4:]}"
    return f"{low}/{high}" if low < high or not low[:4].isdigit() else None
