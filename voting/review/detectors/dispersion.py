"""Over-dispersion: votes vary more than independent draws do, in each contest by another measure.

Both estimates leave out the most extreme cells, which are what the detectors look for.
"""

import numpy as np
from scipy.stats import betabinom, false_discovery_control, nbinom

from voting.review.detectors.observed import Flags, Floats, Ints

_TRIMMED = 0.995
_ALPHA = (0.02, 4.0)
_RHO = (0.001, 0.6)


def count_dispersion(counts: Ints, expected: Floats) -> float:
    """`alpha` of a negative binomial: variance = mean + alpha × mean²."""
    use = expected >= 0.5
    if use.sum() < 50:
        return 1.0
    mean, excess = expected[use], (counts[use] - expected[use]) ** 2 - expected[use]
    kept = _all_but_extreme((counts[use] - mean) ** 2 / mean)
    alpha = excess[kept].sum() / (mean[kept] ** 2).sum()
    return float(np.clip(alpha, *_ALPHA))


def share_dispersion(counts: Ints, totals: Ints, shares: Floats) -> float:
    """`rho` of a beta-binomial: variance = n s (1 - s) (1 + (n - 1) rho)."""
    use = (totals >= 20) & (shares > 0) & (shares < 1)
    if use.sum() < 10:
        return 0.05
    n, s, x = totals[use], shares[use], counts[use]
    squares = (x - n * s) ** 2 / (n * s * (1 - s))
    kept = _all_but_extreme(squares, 0.9)
    rho = (squares[kept] - 1).sum() / (n[kept] - 1).sum()
    return float(np.clip(rho, *_RHO))


def _all_but_extreme(values: Floats, share: float = _TRIMMED) -> Flags:
    return values <= np.quantile(values, share)


def count_p(counts: Ints, expected: Floats, alpha: Floats) -> Floats:
    """How likely so many or more are, of a negative binomial."""
    size = 1 / alpha
    p: Floats = nbinom.sf(counts - 1, size, size / (size + expected))
    return p


def share_p(counts: Ints, totals: Ints, shares: Floats, rho: float) -> Floats:
    """How likely so many or more of the total are, of a beta-binomial."""
    both = (1 - rho) / rho
    shares = np.clip(shares, 1e-4, 1 - 1e-4)
    p: Floats = betabinom.sf(counts - 1, totals, shares * both, (1 - shares) * both)
    return p


def controlled(p: Floats) -> Floats:
    """Benjamini and Hochberg's q-values over everything that was looked at.

    The windows overlap, so the tests depend on each other positively: the procedure holds.
    """
    if not p.size:
        return p
    q: Floats = false_discovery_control(np.clip(p, 0, 1).ravel(), method="bh").reshape(p.shape)
    return q


def others_median(shares: Floats, use: Flags) -> Floats:
    """For each entrant the median share of the others in use; 0 where there is none.

    A median, so that another entrant's farm does not pass for what is usual.
    """
    others = np.tile(np.where(use, shares, np.nan), (len(shares), 1))
    np.fill_diagonal(others, np.nan)
    known = ~np.isnan(others).all(axis=1)
    found = np.zeros(len(shares))
    found[known] = np.nanmedian(others[known], axis=1)
    return found


def shares_of_others(counts: Ints, totals: Ints) -> Floats:
    """For each column the share among all the other columns together."""
    others = totals.sum(axis=-1, keepdims=True) - totals
    rest = counts.sum(axis=-1, keepdims=True) - counts
    shares: Floats = (rest + 0.5) / (others + 1)
    return shares
