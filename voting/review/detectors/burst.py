"""Bursts: many more votes in some minutes than the entrant's past and the others' present say.

Expected is the entrant's share of the day before, times what the others get at the moment,
or the entrant's own last hour where that is more: a viral hour lifts everyone or lasts, an
order that is filled does neither. Counts are negative binomial, with the over-dispersion of
the contest itself.
"""

from itertools import pairwise

import numpy as np

from voting.review.detectors.dispersion import controlled, count_dispersion, count_p
from voting.review.detectors.observed import MINUTE, Finding, Floats, Ints, Observed, per_minute
from voting.review.detectors.thresholds import Thresholds

_PAST = 24 * 60
_HOUR = 60
_PRESENT = 30
_PRIOR = 5.0
_APART = 10


def bursts(seen: Observed, limits: Thresholds) -> list[Finding]:
    minutes = per_minute(seen)
    flagged = np.ones(minutes.shape)
    for width, excess in limits.burst_excess.items():
        if len(minutes) <= width:
            continue
        starts = np.arange(0, len(minutes) - width + 1, max(1, width // 3))
        counts, expected, doubt = baseline(minutes, starts, width)
        alpha = count_dispersion(counts, expected) + doubt
        p = np.ones(counts.shape)
        worth = counts - expected >= excess
        p[worth] = count_p(counts[worth], expected[worth], alpha[worth])
        q = controlled(p)
        found = worth & (q <= limits.false_discovery) & (counts >= limits.burst_ratio * expected)
        for place, entrant in np.argwhere(found):
            span = slice(starts[place], starts[place] + width)
            flagged[span, entrant] = np.minimum(flagged[span, entrant], q[place, entrant])
    return [
        found
        for entrant in np.flatnonzero((flagged < 1).any(axis=0))
        for found in _of_entrant(seen, minutes, flagged[:, entrant], int(entrant), limits)
    ]


def baseline(
    minutes: Ints, starts: Ints, width: int, *, own_hour: bool = True
) -> tuple[Ints, Floats, Floats]:
    """For windows of `width` minutes: counts, expected counts, and the relative variance of
    the expectation itself, which rests on few votes at night and on the first day.

    Without `own_hour` the expectation does not rise with the entrant's own last hour."""
    sums = np.vstack([np.zeros(minutes.shape[1], dtype=np.int64), minutes.cumsum(axis=0)])
    ends = starts + width
    counts = sums[ends] - sums[starts]
    past = sums[starts] - sums[np.maximum(0, starts - _PAST)]
    everyone = past.sum(axis=1, keepdims=True)
    share = (past + _PRIOR) / (everyone + _PRIOR * minutes.shape[1])
    since = np.maximum(0, ends - max(_PRESENT, width))
    present = sums[ends] - sums[since]
    others = present.sum(axis=1, keepdims=True) - present
    scale = (width / (ends - since))[:, None]
    expected = np.maximum(share / (1 - share) * others * scale, 0.2)
    if own_hour:
        hour = np.maximum(0, starts - _HOUR)
        expected = np.maximum(expected, (sums[starts] - sums[hour]) * (width / _HOUR))
    return counts, expected, 1 / (others + 1) + 1 / (past + _PRIOR)


def _of_entrant(
    seen: Observed, minutes: Ints, flagged: Floats, entrant: int, limits: Thresholds
) -> list[Finding]:
    found = []
    own = minutes[:, entrant]
    for first, last in spans(np.flatnonzero(flagged < 1), _APART):
        before = own[max(0, first - _HOUR) : first]
        usual = float(before.mean()) if before.size else 0.0
        fall = minutes_of_fall(own, first, last, usual)
        if fall is None or fall > limits.burst_fall_minutes:
            continue
        inside = (seen.entrant == entrant) & (seen.second // MINUTE >= first)
        rows = np.flatnonzero(inside & (seen.second // MINUTE <= last))
        expected = usual * (last - first + 1)
        q = float(flagged[first : last + 1].min())
        found.append(Finding("burst", entrant, rows, float(len(rows)), expected, q))
    return found


def spans(numbers: Ints, apart: int) -> list[tuple[int, int]]:
    """Runs of ascending numbers, with gaps of at most `apart`, as (first, last)."""
    if not numbers.size:
        return []
    cuts = np.flatnonzero(np.diff(numbers) > apart) + 1
    edges = [0, *cuts.tolist(), len(numbers)]
    return [(int(numbers[a]), int(numbers[b - 1])) for a, b in pairwise(edges)]


def minutes_of_fall(own: Ints, first: int, last: int, usual: float) -> int | None:
    """How long the entrant's rate takes from half of the peak to a fifth of it.

    Attention fades, an order stops. None while that cannot be told yet.
    """
    smooth = np.convolve(own, np.ones(3) / 3, mode="same") - usual
    window = smooth[first : last + 1]
    peak = float(window.max())
    high = first + int(np.flatnonzero(window >= peak / 2)[-1])
    low = np.flatnonzero(smooth[high:] <= peak / 5)
    return int(low[0]) if low.size else None
