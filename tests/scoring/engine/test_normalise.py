"""Normalisers: their edges."""

from fractions import Fraction

import pytest

from contest.rulebooks.rules.vocabulary import Normaliser
from scoring.engine.normalise import normalise

TABLE = tuple(Fraction(n) for n in (12, 10, 8))


def points(normaliser: Normaliser, *figures: int) -> list[Fraction]:
    keyed = {f"e{i}": Fraction(figure) for i, figure in enumerate(figures)}
    return list(normalise(keyed, normaliser).values())


@pytest.mark.parametrize(
    ("normaliser", "figures", "expected"),
    [
        (Normaliser("none"), (3, -1), [3, -1]),
        (Normaliser("ratio_to_max"), (200, 50, 0), [100, 25, 0]),
        (Normaliser("ratio_to_max"), (0, 0), [0, 0]),
        (Normaliser("share_of_total"), (3, 1), [75, 25]),
        (Normaliser("share_of_total"), (0, 0), [0, 0]),
        (Normaliser("min_max"), (10, 15, 20), [0, 50, 100]),
        (Normaliser("min_max", better="lower"), (10, 15, 20), [100, 50, 0]),
        (Normaliser("min_max"), (7, 7), [100, 100]),
        (Normaliser("rank_points", table=TABLE), (5, 9, 5, 1), [10, 12, 10, 0]),
        (Normaliser("rank_points", table=TABLE, shared="average"), (5, 9, 5, 1), [9, 12, 9, 0]),
        (Normaliser("rank_points", better="lower", table=TABLE), (5, 9, 1), [10, 8, 12]),
        (Normaliser("rank_points", step=Fraction(1, 2)), (3, 2, 1), [100, Fraction(199, 2), 99]),
        (Normaliser("rank_points", step=Fraction(60)), (3, 2, 1), [100, 40, 0]),
        (Normaliser("z_score"), (4, 4, 4), [50, 50, 50]),
        (Normaliser("z_score"), (1, 3), [40, 60]),
        (Normaliser("z_score", better="lower"), (1, 3), [60, 40]),
        (Normaliser("log_ratio"), (7, 1, 0), [100, Fraction(100) * Fraction("0." + "3" * 40), 0]),
        (Normaliser("log_ratio"), (3, 1), [100, 50]),
        (Normaliser("log_ratio"), (0, 0), [0, 0]),
    ],
)
def test_points(normaliser: Normaliser, figures: tuple[int, ...], expected: list[Fraction]) -> None:
    assert points(normaliser, *figures) == expected


@pytest.mark.parametrize("kind", ["ratio_to_max", "share_of_total", "log_ratio"])
def test_figures_below_the_domain_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="not negative"):
        points(Normaliser(kind), 3, -1)


def test_nobody_has_no_points() -> None:
    assert normalise({}, Normaliser("z_score")) == {}
