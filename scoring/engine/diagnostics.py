"""Every diagnostic of a result in one place, for the organiser's report.

Shown before a rulebook is fixed and again with the result. Nothing here changes a result,
and nobody is excluded automatically.
"""

from dataclasses import dataclass

from contest.rulebooks.rules.rulebook import Rulebook
from scoring.engine.compute import score
from scoring.engine.data import ScoringData
from scoring.engine.panel_agreement import PanelAgreement, panel_agreement, sheets_of
from scoring.engine.sensitivity import (
    EffectiveWeight,
    OtherNormaliser,
    RankStability,
    VoidSensitivity,
    effective_weights,
    other_normalisers,
    rank_stability,
    void_sensitivity,
)

DEFAULT_RESAMPLES = 200


@dataclass(frozen=True)
class Diagnostics:
    """`panels` by judges component; `seed` and `resamples` let anyone draw the same panels."""

    effective_weights: tuple[EffectiveWeight, ...]
    other_normalisers: tuple[OtherNormaliser, ...]
    panels: tuple[tuple[str, PanelAgreement], ...]
    rank_stability: tuple[RankStability, ...]
    voids: tuple[VoidSensitivity, ...]
    resamples: int
    seed: int


def diagnose(
    rulebook: Rulebook, data: ScoringData, *, seed: int, resamples: int = DEFAULT_RESAMPLES
) -> Diagnostics:
    """All diagnostics of a result. Every resample is a whole scoring, so 200 of them take seconds:
    run this as a job, not while a page waits."""
    result = score(rulebook, data)
    judged = [one.id for one in rulebook.components if one.source == "judges"]
    return Diagnostics(
        effective_weights=effective_weights(result),
        other_normalisers=other_normalisers(rulebook, data, result),
        panels=tuple((one, panel_agreement(sheets_of(result, one))) for one in judged),
        rank_stability=rank_stability(rulebook, data, result, resamples=resamples, seed=seed),
        voids=void_sensitivity(rulebook, data, result),
        resamples=resamples,
        seed=seed,
    )
