"""Devices and clocks in lock-step: one device for many accounts, gaps too even, days alike."""

from itertools import pairwise

import numpy as np
from scipy.stats import binom, chi2

from voting.review.detectors.dispersion import controlled, others_median
from voting.review.detectors.observed import DAY, UNKNOWN, Finding, Ints, Observed, distinct
from voting.review.detectors.thresholds import Thresholds

_LEAST_SHARE = 0.005
_SECONDS_APART = 900
_SHORTEST_GAP = 3.0


def shared_devices(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Votes for one entrant from devices that serve more accounts than a family has."""
    known = np.flatnonzero(seen.device != UNKNOWN)
    if not known.size:
        return []
    (device, _voter), _group = distinct(seen.device[known], seen.voter[known])
    accounts = np.bincount(device, minlength=int(seen.device.max()) + 1)
    many = np.zeros(seen.size, dtype=bool)
    many[known] = accounts[seen.device[known]] >= limits.device_accounts
    return _more_than_others(seen, many, limits.device_votes, "device", limits)


def same_minute(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Voters who come back on three days or more within the same minute or so."""
    (entrant, _voter), group = distinct(seen.entrant, seen.voter)
    days = np.bincount(group)
    time = (seen.second % DAY).astype(np.float64)
    mean = np.bincount(group, weights=time) / days
    spread = np.bincount(group, weights=(time - mean[group]) ** 2) / days
    regular = days >= 3
    steady = regular & (spread <= limits.same_minute_seconds**2)
    totals = np.bincount(entrant[regular], minlength=seen.entrants)
    counts = np.bincount(entrant[steady], minlength=seen.entrants)
    found = _against_others(counts, totals, limits.same_minute_voters, limits)
    return [
        Finding(
            "same_minute",
            one,
            np.flatnonzero(steady[group] & (seen.entrant == one)),
            float(counts[one]),
            expected,
            q,
        )
        for one, expected, q in found
    ]


def even_gaps(seen: Observed, limits: Thresholds) -> list[Finding]:
    """Votes for one entrant out of one prefix whose gaps are evener than chance makes them.

    Moran's test against exponential gaps, from the side of too little spread: people who
    come in waves spread more, and never look like this.
    """
    known = np.flatnonzero(seen.prefix != UNKNOWN)
    if not known.size:
        return []
    _each, group = distinct(seen.entrant[known], seen.prefix[known])
    order = np.lexsort((seen.second[known], group))
    found = []
    edges = np.flatnonzero(np.diff(group[order])) + 1
    for rows in np.split(known[order], edges):
        if len(rows) < limits.pace_votes:
            continue
        for first, last in _runs(seen.second[rows]):
            if last - first + 1 >= limits.pace_votes:
                part = rows[first : last + 1]
                found.append((part, _evenness(seen.second[part], limits.pace_spread)))
    q = controlled(np.array([p for _rows, p in found]))
    return [
        Finding("pace", int(seen.entrant[rows[0]]), rows, float(len(rows)), 0.0, float(one))
        for (rows, _p), one in zip(found, q, strict=True)
        if one <= limits.false_discovery
    ]


def _runs(seconds: Ints) -> list[tuple[int, int]]:
    """Stretches without a pause of a quarter of an hour, as first and last place."""
    cuts = np.flatnonzero(np.diff(seconds) > _SECONDS_APART) + 1
    edges = [0, *cuts.tolist(), len(seconds)]
    return [(a, b - 1) for a, b in pairwise(edges)]


def _evenness(seconds: Ints, most_spread: float) -> float:
    """The p-value of Moran's statistic; 1 where seconds are too coarse to tell, or the gaps
    spread like chance itself (variance over squared mean is then 1)."""
    gaps = np.diff(seconds) + 0.5
    if gaps.mean() < _SHORTEST_GAP or gaps.var() > most_spread * gaps.mean() ** 2:
        return 1.0
    n = len(gaps)
    statistic = 2 * n * (np.log(gaps.mean()) - np.log(gaps).mean()) / (1 + (n + 1) / (6 * n))
    return float(chi2.cdf(statistic, n - 1))


def _more_than_others(
    seen: Observed, marked: np.ndarray, least: int, name: str, limits: Thresholds
) -> list[Finding]:
    totals = np.bincount(seen.entrant, minlength=seen.entrants)
    counts = np.bincount(seen.entrant[marked], minlength=seen.entrants)
    return [
        Finding(
            name, one, np.flatnonzero(marked & (seen.entrant == one)), float(counts[one]), usual, q
        )
        for one, usual, q in _against_others(counts, totals, least, limits)
    ]


def _against_others(
    counts: Ints, totals: Ints, least: int, limits: Thresholds
) -> list[tuple[int, float, float]]:
    """Entrants with at least `least` more than the others' median share gives them: which,
    how many that would be, and q."""
    usual = np.maximum(_LEAST_SHARE, others_median((counts + 0.5) / (totals + 1), totals > 0))
    q = controlled(binom.sf(counts - 1, totals, np.minimum(1.0, 2 * usual)))
    found = (counts - totals * usual >= least) & (q <= limits.false_discovery)
    return [
        (int(one), float(totals[one] * usual[one]), float(q[one])) for one in np.flatnonzero(found)
    ]
