"""Site furniture in words nobody listed: a line made of calls to the reader, channels and names of sections."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from services.language.characters import line_reading
from services.normalizer.tables import table

_TOKEN = re.compile(r"[^\W_][\w\u0900-\u0963'-]*")
_MOST_WORDS = 45  # a longer line is a paragraph
_CALL = 2.0  # weights by hand, checked on the layouts that rules were written for
_CHANNEL = 1.2
_OURS = 0.8
_POINTER = 0.8
_WARE = 0.6
_OTHER = -0.3
_REPORT = -1.2
_ENOUGH = 2.6
_SECTIONS = 0.75  # share of the words of a line of sections


class Cues(NamedTuple):
    """The tables of `data/cues.yaml`, in their reading."""

    calls: frozenset[str]
    acts: frozenset[str]
    headline_labels: frozenset[str]
    channels: frozenset[str]
    ours: frozenset[str]
    pointers: frozenset[str]
    wares: frozenset[str]
    sections: frozenset[str]
    neutral: frozenset[str]
    reports: frozenset[str]
    any: frozenset[str]
    asks: frozenset[str]
    site: frozenset[str]


@cache
def cues() -> Cues:
    """The tables, and the words one of which every line of furniture holds, if it is a sentence and if not."""
    sets = {name: frozenset(line_reading(str(word)) for word in words) for name, words in table("cues").items()}
    asks = sets["calls"] | sets["acts"] | sets["channels"]
    return Cues(
        **sets,
        any=asks | sets["wares"] | sets["sections"],
        asks=asks,
        site=frozenset().union(*(sets[name] for name in _SITES)),
    )


_LABEL = re.compile(r"[^:|]{2,60}?(?= ?:|\.\.| [|-] )")
_SITES = ("calls", "acts", "channels", "ours", "pointers", "wares")


def label(read: str) -> bool:
    """Whether a line begins with a label that is all words of furniture, and goes on with something else."""
    match = _LABEL.match(read)
    if match is None:
        return False
    known = cues()
    words = _TOKEN.findall(match.group())
    telling = sum(w in known.calls or w in known.acts or w in known.wares for w in words)
    if words and words[0] in known.headline_labels:
        return False
    return 0 < len(words) <= 8 and telling > 0 and all(w in known.site or w in known.neutral for w in words)


def reason(read: str, *, states: bool) -> str | None:
    """Why a line with the reading `read` is furniture; `states` says that it ends like a sentence."""
    if len(read) > 320:
        return None
    known = cues()
    rough = read.replace(".", " ").replace(",", " ").replace(":", " ").split()
    if (known.asks if states else known.any).isdisjoint(rough) or len(rough) > _MOST_WORDS + 10:
        return None
    words = _TOKEN.findall(read)
    if not words or len(words) > _MOST_WORDS:
        return None
    if not states and label(read):
        return "also-read"
    call = act = channel = ours = pointer = ware = section = other = report = 0
    for word in words:
        if word in known.reports:
            report += 1
        elif word in known.channels:
            channel += 1
        elif word in known.calls:
            call += 1
        elif word in known.acts:
            act += 1
        elif word in known.wares:
            ware += 1
        elif word in known.pointers:
            pointer += 1
        elif word in known.ours:
            ours += 1
        elif word in known.sections:
            section += 1
        elif word not in known.neutral and not word.isdigit():
            other += 1
    if call or not states:
        call += act
    if not states and call + channel + ware + section >= _SECTIONS * len(words) and not report:
        return "navigation" if section + ware >= call + channel else "call"
    if (
        not (call and (channel or pointer or (ours and ware) or ware > 1 or (ours and call > 1 and not states)))
        and channel < 3
    ):
        return None
    score = (
        _CALL * min(call, 2)
        + _CHANNEL * min(channel, 4)
        + _OURS * min(ours, 2)
        + _POINTER * min(pointer, 2)
        + _WARE * min(ware, 4)
        + _OTHER * (other + section)
        + _REPORT * report
    )
    return "call" if score >= _ENOUGH else None
