"""Inputs made to be slow: a megabyte or so of what regular expressions and parsers like least."""

from __future__ import annotations

import time
from contextlib import suppress

from services.contracts.stage import Reject
from services.normalizer.stage import normalize

MEGABYTE = 1_000_000
INPUTS: dict[str, str] = {
    "one letter": "क" * 300_000,
    "spaces": " " * MEGABYTE,
    "lines": "\n" * MEGABYTE,
    "signs": "-" * MEGABYTE,
    "brackets": "(" * MEGABYTE,
    "short lines": "यह भी पढ़ें\n" * 20_000,
    "sentences": "मंत्री ने कहा कि वार्ता जारी रहेगी और बैठक फिर होगी।\n" * 7_000,
    "bars": "#WATCH | " * 100_000,
    "handles": "— क (@a) " * 60_000,
    "links": "https://twitter.com/" * 50_000,
    "commas": "नई दिल्ली, " * 30_000,
    "colons": "अ: " * 200_000,
    "digits": "12-" * 300_000,
    "attributes": 'a="" ' * 200_000,
    "angle brackets": "<" * MEGABYTE,
    "tags": "<p>" * 300_000,
    "open comments": "<html>" + "<!--" * 20_000,
    "open scripts": "<html>" + "<script>" * 20_000,
    "entities": "&amp;" * 200_000,
    "mojibake": "à¤" * 200_000,
    "joiners": "\u200d" * 300_000,
    "marks": "क" + "\u093c" * 300_000,
    "virama": "क\u094d\u200d" * 100_000,
    "quotes": "“" * 300_000,
}


def seconds(text: str) -> float:
    """Processor time of one input, whether it is an article or refused."""
    begun = time.process_time()
    with suppress(Reject):
        normalize(text.encode())
    return time.process_time() - begun


def figures() -> dict[str, float]:
    """Seconds of each input, the slowest first."""
    times = {name: seconds(text) for name, text in INPUTS.items()}
    return dict(sorted(times.items(), key=lambda item: -item[1]))
