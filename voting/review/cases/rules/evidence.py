"""What is kept with a case, as plain numbers: they outlive the signals they were drawn from."""

from typing import TypedDict

import numpy as np
from scipy.stats import nbinom

from voting.review.detectors.burst import baseline
from voting.review.detectors.cases import CaseDraft
from voting.review.detectors.dispersion import count_dispersion
from voting.review.detectors.observed import (
    MINUTE,
    UNKNOWN,
    Finding,
    Flags,
    Floats,
    Ints,
    Observed,
    distinct,
    per_minute,
)
from voting.review.detectors.thresholds import DEFAULT

_MOST_POINTS = 120
_WIDTHS = (1, 2, 5, 10, 20, 30, 60, 120)
_RARE = 0.001
_EDGE = 0.02  # a stray ballot must not stretch the chart
_PREFIXES = 4


class FindingNumbers(TypedDict):
    detector: str
    observed: float
    expected: float
    votes: int
    q: float
    first: int
    last: int


class ChartNumbers(TypedDict):
    """`start` is in seconds from the beginning of what was looked at, `width` in minutes.

    `shares` are rows of words, the case's share, the share of everybody else's votes.
    """

    start: int
    width: int
    counts: list[int]
    expected: list[float]
    threshold: list[float]
    shares: list[tuple[str, float, float]]


def finding_numbers(seen: Observed, one: Finding) -> FindingNumbers:
    seconds = seen.second[one.rows]
    return FindingNumbers(
        detector=one.detector,
        observed=round(one.observed, 1),
        expected=round(one.expected, 1),
        votes=len(one.rows),
        q=one.q,
        first=int(seconds.min()),
        last=int(seconds.max()),
    )


def chart_numbers(seen: Observed, draft: CaseDraft) -> ChartNumbers:
    """The entrant's votes around the case against what was to be expected, and the line that
    one ordinary stretch in a thousand goes beyond; and who the voters are."""
    minutes = per_minute(seen)
    seconds = seen.second[draft.rows]
    first, last = (int(one) // MINUTE for one in np.quantile(seconds, [_EDGE, 1 - _EDGE]))
    margin = max(45, last - first)
    first, last = max(0, first - margin), min(len(minutes) - 1, last + margin)
    span = last - first + 1
    width = next((w for w in _WIDTHS if span <= w * _MOST_POINTS), _WIDTHS[-1])
    everywhere = np.arange(0, len(minutes) - width + 1, width)
    counts, expected, doubt = baseline(minutes, everywhere, width, own_hour=False)
    shown = (everywhere >= first - width) & (everywhere <= last)
    usual = expected[shown, draft.entrant]
    alpha = count_dispersion(counts, expected) + doubt[shown, draft.entrant]
    line = nbinom.isf(_RARE, 1 / alpha, 1 / (1 + alpha * usual))
    return ChartNumbers(
        start=int(everywhere[shown][0]) * MINUTE if shown.any() else 0,
        width=width,
        counts=[int(one) for one in counts[shown, draft.entrant]],
        expected=_rounded(usual),
        threshold=_rounded(line),
        shares=_shares(seen, draft),
    )


def _rounded(values: Floats) -> list[float]:
    return [round(float(one), 1) for one in values]


def _shares(seen: Observed, draft: CaseDraft) -> list[tuple[str, float, float]]:
    inside = np.zeros(seen.size, dtype=bool)
    inside[draft.rows] = True
    rows = []
    known = seen.prefix != UNKNOWN
    if known[inside].any():
        of_case = np.bincount(seen.prefix[inside & known])
        of_rest = np.bincount(seen.prefix[~inside & known], minlength=len(of_case))
        for rank, prefix in enumerate(np.argsort(-of_case)[:_PREFIXES]):
            if of_case[prefix]:
                name = f"prefix {rank + 1}"
                rest = float(of_rest[prefix] / max(1, of_rest.sum()))
                rows.append((name, float(of_case[prefix] / of_case.sum()), rest))
    fresh = (seen.age != UNKNOWN) & (seen.age <= DEFAULT.fresh_minutes)
    signs: dict[str, Flags] = {
        "devices": _many_accounts(seen),
        "fresh": fresh,
        "single": _single(seen),
    }
    rows += [
        (name, float(flags[inside].mean()), float(flags[~inside].mean() if (~inside).any() else 0))
        for name, flags in signs.items()
    ]
    return [(name, round(one, 4), round(other, 4)) for name, one, other in rows]


def _many_accounts(seen: Observed) -> Flags:
    """Votes from devices that serve more accounts than a family has."""
    many = np.zeros(seen.size, dtype=bool)
    known = seen.device != UNKNOWN
    if known.any():
        (device, _voter), _group = distinct(seen.device[known], seen.voter[known])
        accounts = np.bincount(device, minlength=int(seen.device.max()) + 1)
        many[known] = accounts[seen.device[known]] >= DEFAULT.device_accounts
    return many


def _single(seen: Observed) -> Flags:
    """Votes of voters who voted for one entrant only."""
    (_entrant, voter), _group = distinct(seen.entrant, seen.voter)
    entrants: Ints = np.bincount(voter, minlength=int(seen.voter.max(initial=0)) + 1)
    single: Flags = entrants[seen.voter] == 1
    return single
