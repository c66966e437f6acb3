"""How far a panel agrees: Kendall's W, ICC(2,1), and each judge compared with the rest.

These are diagnostics only. Floats are used here because nothing of this enters a score, and no
judge is left out because of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.stats import (
    chi2,
    false_discovery_control,
    kendalltau,
    median_abs_deviation,
    rankdata,
    spearmanr,
)

from scoring.engine.result import Result

FEWEST_ENTRANTS = 4
"""With three entrants a full reversal happens by chance in one of six sheets."""

REVERSED_P = 0.05
_MAD_TO_SIGMA = 1.4826

Sheet = Mapping[str, Fraction]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class JudgeAgreement:
    """`correlation` is Spearman's with the mean of the other judges, None if it cannot be
    told (a flat sheet, too few entrants); `reversed_p` the one-sided chance of a sheet at
    least so reversed, adjusted for the number of judges (Benjamini-Hochberg); `bias` how far
    the judge's marks lie above the others' mean, in robust standard deviations of the panel's
    biases, None if the panel's biases do not spread."""

    judge: str
    correlation: float | None
    reversed_p: float | None
    bias: float | None


@dataclass(frozen=True)
class PanelAgreement:
    """Over the entrants whom every judge of the panel marked. W and ICC are None below two
    judges or three entrants, or without any difference between entrants."""

    judges: int
    entrants: int
    kendalls_w: float | None
    w_p: float | None
    icc: float | None
    by_judge: tuple[JudgeAgreement, ...]


@dataclass(frozen=True)
class SheetCheck:
    """Whether a sheet reverses the others' order. `reversed` makes the tablet ask the judge before
    the sheet is locked; it changes nothing."""

    entrants: int
    correlation: float | None
    p_value: float | None
    reversed: bool


def sheets_of(result: Result, component: str) -> dict[str, dict[str, Fraction]]:
    """Each judge's figure for every entrant: the marks times factors, over counted rounds."""
    sheets: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for one in result.entrants:
        rounds = [p.rounds for p in one.components if p.component == component]
        for figure in (item for row in rounds for item in row if item.counted):
            for panel in figure.panels:
                for mark in panel.marks:
                    if mark.value is not None:
                        so_far = sheets[mark.judge].get(one.entrant, Fraction(0))
                        added = mark.value * panel.factor * figure.multiplier
                        sheets[mark.judge][one.entrant] = so_far + added
    return dict(sheets)


def reversed_sheet(own: Sheet, others: Sequence[Sheet]) -> SheetCheck:
    """Compares a judge's figures with the mean of the other judges' on the same entrants.

    Kendall's tau, one-sided: clearly reversed means tau < 0 with a chance of at most 5 %
    under no relation, on at least four entrants.
    """
    common = sorted(one for one in own if any(one in sheet for sheet in others))
    mine = np.array([float(own[one]) for one in common])
    rest = np.array([_mean_of(one, others) for one in common])
    if len(common) < FEWEST_ENTRANTS or np.ptp(mine) == 0 or np.ptp(rest) == 0:
        return SheetCheck(len(common), None, None, reversed=False)
    found = kendalltau(mine, rest, alternative="less")
    tau, p_value = float(found.statistic), float(found.pvalue)
    return SheetCheck(len(common), tau, p_value, tau < 0 and p_value <= REVERSED_P)


def _mean_of(entrant: str, sheets: Sequence[Sheet]) -> float:
    return float(np.mean([float(sheet[entrant]) for sheet in sheets if entrant in sheet]))


def panel_agreement(sheets: Mapping[str, Sheet]) -> PanelAgreement:
    """Agreement of the judges whose sheets are given, by judge."""
    judges = sorted(sheets)
    marked = [set(sheets[judge]) for judge in judges]
    entrants = sorted(set.intersection(*marked)) if marked else []
    table = np.array([[float(sheets[judge][one]) for one in entrants] for judge in judges])
    w, w_p = _kendalls_w(table)
    return PanelAgreement(
        judges=len(judges),
        entrants=len(entrants),
        kendalls_w=w,
        w_p=w_p,
        icc=_icc(table),
        by_judge=_by_judge(judges, sheets),
    )


def _kendalls_w(table: Matrix) -> tuple[float | None, float | None]:
    """Kendall and Babington Smith 1939, corrected for ties; chance by Friedman's chi-square."""
    judges, entrants = table.shape if table.ndim == 2 else (0, 0)
    if judges < 2 or entrants < 3:
        return None, None
    ranks = np.array([rankdata(row) for row in table])
    spread = float(((ranks.sum(axis=0) - judges * (entrants + 1) / 2) ** 2).sum())
    ties = 0.0
    for row in ranks:
        counts = np.unique(row, return_counts=True)[1]
        ties += float((counts**3 - counts).sum())
    whole = judges**2 * (entrants**3 - entrants) - judges * ties
    if whole <= 0:
        return None, None
    w = 12 * spread / whole
    return w, float(chi2.sf(judges * (entrants - 1) * w, entrants - 1))


def _icc(table: Matrix) -> float | None:
    """ICC(2,1) of Shrout and Fleiss 1979: two-way random, single judge, absolute agreement."""
    judges, entrants = table.shape if table.ndim == 2 else (0, 0)
    if judges < 2 or entrants < 3:
        return None
    grand = table.mean()
    of_entrants = judges * ((table.mean(axis=0) - grand) ** 2).sum() / (entrants - 1)
    of_judges = entrants * ((table.mean(axis=1) - grand) ** 2).sum() / (judges - 1)
    residual = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + grand
    error = (residual**2).sum() / ((entrants - 1) * (judges - 1))
    whole = of_entrants + (judges - 1) * error + judges * (of_judges - error) / entrants
    return None if whole <= 0 else float((of_entrants - error) / whole)


def _by_judge(judges: list[str], sheets: Mapping[str, Sheet]) -> tuple[JudgeAgreement, ...]:
    checks = {}
    for judge in judges:
        others = [sheets[other] for other in judges if other != judge]
        checks[judge] = (reversed_sheet(sheets[judge], others), _spearman(sheets[judge], others))
    tested = [judge for judge in judges if checks[judge][0].p_value is not None]
    raw = [checks[judge][0].p_value for judge in tested]
    adjusted = dict(zip(tested, false_discovery_control(raw) if raw else [], strict=True))
    biases = _biases(judges, sheets)
    return tuple(
        JudgeAgreement(
            judge,
            checks[judge][1],
            float(adjusted[judge]) if judge in adjusted else None,
            biases.get(judge),
        )
        for judge in judges
    )


def _spearman(own: Sheet, others: Sequence[Sheet]) -> float | None:
    common = sorted(one for one in own if any(one in sheet for sheet in others))
    mine = [float(own[one]) for one in common]
    rest = [_mean_of(one, others) for one in common]
    if len(common) < FEWEST_ENTRANTS - 1 or len(set(mine)) == 1 or len(set(rest)) == 1:
        return None
    return float(spearmanr(mine, rest).statistic)


def _biases(judges: list[str], sheets: Mapping[str, Sheet]) -> dict[str, float]:
    raw = {}
    for judge in judges:
        others = [sheets[other] for other in judges if other != judge]
        common = [one for one in sheets[judge] if any(one in sheet for sheet in others)]
        if common:
            gaps = [float(sheets[judge][one]) - _mean_of(one, others) for one in common]
            raw[judge] = float(np.mean(gaps))
    values = list(raw.values())
    spread = float(median_abs_deviation(values)) * _MAD_TO_SIGMA if values else 0.0
    if spread == 0:
        return {}
    middle = float(np.median(values))
    return {judge: (value - middle) / spread for judge, value in raw.items()}
