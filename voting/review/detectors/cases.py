"""Findings gathered into cases: one entrant, one stretch of time, everything that was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voting.review.detectors.burst import bursts
from voting.review.detectors.lockstep import even_gaps, same_minute, shared_devices
from voting.review.detectors.network import one_prefix
from voting.review.detectors.observed import Finding, Ints, Observed
from voting.review.detectors.thresholds import DEFAULT, Thresholds
from voting.review.detectors.voters import fresh_runs, night_votes, one_entrant_only, used_once

DETECTORS: tuple[Callable[[Observed, Thresholds], list[Finding]], ...] = (
    bursts,
    one_prefix,
    shared_devices,
    same_minute,
    even_gaps,
    fresh_runs,
    used_once,
    one_entrant_only,
    night_votes,
)
_SECONDS_APART = 2 * 3600


@dataclass(frozen=True)
class CaseDraft:
    """A case for a person: votes for one entrant, by row, and why they are worth a look."""

    entrant: int
    rows: Ints
    findings: tuple[Finding, ...]

    @property
    def urgency(self) -> int:
        """The votes that seem too many, once for each kind of sign that points at them."""
        kinds = {one.detector for one in self.findings}
        excess = max(one.observed - one.expected for one in self.findings)
        return round(excess * len(kinds))


def detect(seen: Observed, limits: Thresholds = DEFAULT) -> list[CaseDraft]:
    """Cases, the most urgent first. `seen` is in order of time."""
    if not seen.size:
        return []
    found = [one for detector in DETECTORS for one in detector(seen, limits)]
    drafts = [
        draft
        for entrant in sorted({one.entrant for one in found})
        for draft in _together(seen, [one for one in found if one.entrant == entrant])
    ]
    return sorted(drafts, key=lambda draft: -draft.urgency)


def _together(seen: Observed, found: Sequence[Finding]) -> list[CaseDraft]:
    """Findings about one entrant that overlap in time, or nearly, are one case."""
    by_time = sorted(found, key=lambda one: int(seen.second[one.rows].min()))
    groups: list[list[Finding]] = []
    until = 0
    for one in by_time:
        first, last = int(seen.second[one.rows].min()), int(seen.second[one.rows].max())
        if groups and first <= until + _SECONDS_APART:
            groups[-1].append(one)
            until = max(until, last)
        else:
            groups.append([one])
            until = last
    return [
        CaseDraft(
            group[0].entrant, np.unique(np.concatenate([f.rows for f in group])), tuple(group)
        )
        for group in groups
    ]
