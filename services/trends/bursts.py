"""Whether a window holds more events than its trailing baseline lets expect."""

from __future__ import annotations

import math

BURST = 3.0  # -log10 p: once in a thousand windows by chance
FEWEST = 3  # events below which nothing is called a burst


def significance(events: int, before: int, windows: int) -> float:
    """-log10 of the chance of `events` or more, when `windows` trailing windows held `before` events in all.

    The rate is not known but estimated, so the count follows a negative binomial: Gamma(before + 1/2, windows) as the
    rate's distribution (Jeffreys' prior) mixed into a Poisson count. `windows` is at least 1.
    """
    if events <= 0:
        return 0.0
    shape, p = before + 0.5, windows / (windows + 1.0)
    # P(X = k) = C(k + r - 1, k) p^r (1 - p)^k, summed from `events` upwards until terms no longer matter
    log_term = (
        math.lgamma(events + shape)
        - math.lgamma(shape)
        - math.lgamma(events + 1)
        + shape * math.log(p)
        + events * math.log1p(-p)
    )
    total, term, k = 0.0, 1.0, events
    while term > 1e-12 * max(total, 1.0) and k < events + 10_000:
        total += term
        k += 1
        term *= (k - 1 + shape) / k * (1 - p)
    return max(0.0, -(log_term + math.log(total)) / math.log(10))


def is_burst(events: int, surprise: float) -> bool:
    """A burst is unlikely by chance and more than a handful."""
    return events >= FEWEST and surprise >= BURST
