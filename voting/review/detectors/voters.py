"""Who the voters are: new numbers in a row, numbers used once, voters of one entrant only,
and votes at hours when the others' voters sleep."""

import numpy as np

from voting.review.detectors.dispersion import (
    controlled,
    others_median,
    share_dispersion,
    share_p,
    shares_of_others,
)
from voting.review.detectors.observed import (
    DAY,
    UNKNOWN,
    Finding,
    Flags,
    Floats,
    Ints,
    Observed,
    distinct,
)
from voting.review.detectors.thresholds import Thresholds

_HOUR = 3600
_NIGHT_ENDS = 6 * _HOUR
_FRESH_MARGIN = 0.2


def night_votes(seen: Observed, limits: Thresholds) -> list[Finding]:
    """A larger part of an entrant's votes at night than of the others': bought votes that
    come evenly go on while people sleep."""
    night = seen.second % DAY < _NIGHT_ENDS
    totals = _by_day(seen, np.ones(seen.size, dtype=bool))
    counts = _by_day(seen, night)
    shares = shares_of_others(counts, totals)
    q = _share_q(counts, totals, shares)
    expected = totals * shares
    found = (
        (counts - expected >= limits.night_excess)
        & (counts >= limits.night_ratio * expected)
        & (q <= limits.false_discovery)
    )
    return [
        Finding(
            "night",
            int(entrant),
            np.flatnonzero(night & (seen.entrant == entrant) & (seen.day == day)),
            float(counts[day, entrant]),
            float(expected[day, entrant]),
            float(q[day, entrant]),
        )
        for day, entrant in np.argwhere(found)
    ]


def used_once(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Accounts made for one vote: new when they voted, never seen again, by day."""
    once = _once(seen, limits)
    totals = _by_day(seen, np.ones(seen.size, dtype=bool))
    counts = _by_day(seen, once)
    shares = shares_of_others(counts, totals)
    q = _share_q(counts, totals, shares)
    expected = totals * shares
    found = (
        (counts - expected >= limits.once_excess)
        & (counts >= (shares + limits.once_margin) * totals)
        & (q <= limits.false_discovery * 10)
    )
    return [
        Finding(
            "once",
            int(entrant),
            np.flatnonzero(once & (seen.entrant == entrant) & (seen.day == day)),
            float(counts[day, entrant]),
            float(expected[day, entrant]),
            float(q[day, entrant]),
        )
        for day, entrant in np.argwhere(found)
    ]


def one_entrant_only(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Voters who voted more than once, and never for anybody else."""
    (entrant, voter), group = distinct(seen.entrant, seen.voter)
    entrants_of = np.bincount(voter, minlength=int(seen.voter.max(initial=0)) + 1)
    votes_of = np.bincount(seen.voter, minlength=len(entrants_of))
    often = votes_of[voter] >= 2
    only = often & (entrants_of[voter] == 1)
    totals = np.bincount(entrant[often], minlength=seen.entrants)[None, :]
    counts = np.bincount(entrant[only], minlength=seen.entrants)[None, :]
    shares = others_median((counts[0] + 0.5) / (totals[0] + 1), totals[0] > 0)[None, :]
    q = _share_q(counts, totals, shares)
    expected = totals * shares
    found = (
        (counts - expected >= limits.only_excess)
        & (counts >= (shares + limits.only_margin) * totals)
        & (q <= limits.false_discovery * 10)
    )
    return [
        Finding(
            "only",
            int(one),
            np.flatnonzero(only[group] & (seen.entrant == one)),
            float(counts[0, one]),
            float(expected[0, one]),
            float(q[0, one]),
        )
        for _row, one in np.argwhere(found)
    ]


def fresh_runs(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Votes for one entrant in a row, all from new numbers that never vote again, against how
    often that is so among the others' votes of that hour. Of the newcomers that a television
    mention brings some come again, and break the run."""
    fresh = _once(seen, limits)
    hour = seen.second // _HOUR
    shape = (int(hour.max(initial=0)) + 1, seen.entrants)
    totals = _table(hour, seen.entrant, shape)
    share = shares_of_others(_table(hour[fresh], seen.entrant[fresh], shape), totals)
    found: list[tuple[Ints, float]] = []
    for entrant in range(seen.entrants):
        rows = np.flatnonzero(seen.entrant == entrant)
        usual = np.minimum(0.97, share[hour[rows], entrant] + _FRESH_MARGIN)
        for first, last in _long_runs(fresh[rows], limits.fresh_run):
            chance = len(rows) * float(np.exp(np.log(usual[first : last + 1]).sum()))
            found.append((rows[first : last + 1], min(1.0, chance)))
    q = controlled(np.array([p for _rows, p in found]))
    return [
        Finding("fresh_run", int(seen.entrant[rows[0]]), rows, float(len(rows)), 0.0, float(one))
        for (rows, _p), one in zip(found, q, strict=True)
        if one <= limits.false_discovery
    ]


def _once(seen: Observed, limits: Thresholds) -> Flags:
    votes = np.bincount(seen.voter)[seen.voter]
    once: Flags = (votes == 1) & (seen.age != UNKNOWN) & (seen.age <= limits.fresh_minutes)
    return once


def _long_runs(fresh: Flags, least: int) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate([[0], fresh.astype(np.int8), [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b) - 1) for a, b in zip(begins, ends, strict=True) if b - a >= least]


def _by_day(seen: Observed, use: Flags) -> Ints:
    days = int(seen.day.max(initial=0)) + 1
    return _table(seen.day[use], seen.entrant[use], (days, seen.entrants))


def _table(row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    flat = np.bincount(row * shape[1] + column, minlength=shape[0] * shape[1])
    return flat.reshape(shape)


def _share_q(counts: Ints, totals: Ints, shares: Floats) -> Floats:
    """q of every cell against the over-dispersion between entrants and days."""
    rho = share_dispersion(counts.ravel(), totals.ravel(), shares.ravel())
    return controlled(share_p(counts, np.maximum(totals, 1), shares, rho))
