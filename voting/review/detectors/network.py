"""One network prefix that votes as one, measured against how the contest's networks vote.

The people of a hall or a village behind one address favour their own entrant. The measured
spread between prefixes allows for that, since hardly ever do all of them vote for one.
"""

import numpy as np

from voting.review.detectors.dispersion import controlled, share_dispersion, share_p
from voting.review.detectors.observed import UNKNOWN, Finding, Observed, distinct
from voting.review.detectors.thresholds import Thresholds


def one_prefix(seen: Observed, limits: Thresholds) -> list[Finding]:
    known = np.flatnonzero(seen.prefix != UNKNOWN)
    if not known.size:
        return []
    (prefix, entrant), group = distinct(seen.prefix[known], seen.entrant[known])
    counts = np.bincount(group)
    _each, of_prefix = np.unique(prefix, return_inverse=True)
    totals = np.bincount(of_prefix, weights=counts).astype(np.int64)[of_prefix]
    votes = np.bincount(seen.entrant[known], minlength=seen.entrants)
    shares = ((votes[entrant] - counts) + 0.5) / (known.size - totals + 1)
    rho = share_dispersion(counts, totals, shares)
    q = controlled(share_p(counts, totals, shares, rho))
    found = (
        (counts >= limits.prefix_votes)
        & (counts >= limits.prefix_purity * totals)
        & (q <= max(limits.false_discovery, 0.01))
    )
    return [
        Finding(
            "prefix",
            int(entrant[one]),
            known[group == one],
            float(counts[one]),
            float(totals[one] * shares[one]),
            float(q[one]),
        )
        for one in np.flatnonzero(found)
    ]
