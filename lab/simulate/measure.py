"""How many attacks are found, and how many cases are about honest voters."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lab.simulate.attacks import ATTACKS
from lab.simulate.crowd import Week, week_of
from lab.simulate.honest import ENTRANTS, honest_week
from voting.review.detectors.cases import CaseDraft, detect
from voting.review.detectors.thresholds import DEFAULT, Thresholds

ABOUT_ATTACK = 0.3
"""A case is about the attack if one of its findings points at votes of which at least so much
is the attack's."""


@dataclass(frozen=True)
class HonestWeek:
    seed: int
    votes: int
    false_cases: int
    detectors: tuple[str, ...]


@dataclass(frozen=True)
class Attacked:
    """One attacked week. `cases` about the attack, `false_cases` about anything else; of the
    attack's votes `inside` are in its cases, which hold `held` votes altogether."""

    attack: str
    seed: int
    votes: int
    cases: int
    false_cases: int
    inside: int
    held: int
    detectors: tuple[str, ...]


@dataclass(frozen=True)
class AttackScore:
    """Over several weeks with the same attack. `precision` and `recall` are of cases, the
    others of votes; None where there is nothing to divide by."""

    attack: str
    weeks: int
    recall: float
    precision: float | None
    vote_recall: float
    vote_precision: float | None
    detectors: tuple[str, ...]


def honest_weeks(seed: int, weeks: int, limits: Thresholds = DEFAULT) -> Iterator[HonestWeek]:
    for number in range(weeks):
        week = make_week(seed, number)
        drafts = detect(week.seen, limits)
        signs = sorted({f.detector for one in drafts for f in one.findings})
        yield HonestWeek(number, week.seen.size, len(drafts), tuple(signs))


def attacked_weeks(
    seed: int, attack: str, weeks: int, limits: Thresholds = DEFAULT
) -> Iterator[Attacked]:
    for number in range(weeks):
        week = make_week(seed, number, attack)
        yield judged(week, detect(week.seen, limits), attack, number)


def make_week(seed: int, number: int, attack: str = "") -> Week:
    """The same seed, number and attack always make the same week."""
    kind = list(ATTACKS).index(attack) + 1 if attack else 0
    rng = np.random.default_rng([seed, number, kind])
    crowds = honest_week(rng)
    if attack:
        crowds += ATTACKS[attack](rng, int(rng.integers(ENTRANTS)))
    return week_of(rng, crowds, ENTRANTS)


def judged(week: Week, drafts: list[CaseDraft], attack: str, number: int) -> Attacked:
    about = [
        one
        for one in drafts
        if any(week.attack[f.rows].mean() >= ABOUT_ATTACK for f in one.findings)
    ]
    rows = np.unique(np.concatenate([one.rows for one in about])) if about else np.array([], int)
    return Attacked(
        attack=attack,
        seed=number,
        votes=int(week.attack.sum()),
        cases=len(about),
        false_cases=len(drafts) - len(about),
        inside=int(week.attack[rows].sum()),
        held=len(rows),
        detectors=tuple(sorted({f.detector for one in about for f in one.findings})),
    )


def score(weeks: list[Attacked]) -> AttackScore:
    cases = sum(one.cases for one in weeks)
    all_cases = cases + sum(one.false_cases for one in weeks)
    inside, held = sum(one.inside for one in weeks), sum(one.held for one in weeks)
    return AttackScore(
        attack=weeks[0].attack,
        weeks=len(weeks),
        recall=sum(one.cases > 0 for one in weeks) / len(weeks),
        precision=cases / all_cases if all_cases else None,
        vote_recall=inside / sum(one.votes for one in weeks),
        vote_precision=inside / held if held else None,
        detectors=tuple(sorted({name for one in weeks for name in one.detectors})),
    )
