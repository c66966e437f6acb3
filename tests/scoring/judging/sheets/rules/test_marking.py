from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rulebooks.rules.rulebook import parse_rulebook
from core.exact import exact_text
from core.problems import FieldError
from scoring.judging.sheets.rules.marking import missing_criteria, read_marks, running_total
from tests.support.contests import RULES

_JUDGING = parse_rulebook(RULES).judging
assert _JUDGING is not None
JUDGING = _JUDGING


@given(st.integers(0, 80))
def test_every_mark_on_the_grid_is_read_exactly(steps: int) -> None:
    value = Fraction(steps, 2)
    marks, errors = read_marks(JUDGING, {"influence": exact_text(value)})
    assert (marks, errors) == ({"influence": value}, [])


@given(st.text(max_size=50))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    marks, errors = read_marks(JUDGING, {"influence": typed})
    assert len(marks) + len(errors) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("40.5", "影响力与带动作用应当在 0 到 40 之间"),
        ("-0.5", "影响力与带动作用应当在 0 到 40 之间"),
        ("39.75", "影响力与带动作用每档相差 0.5"),
        ("1e1", "影响力与带动作用应当是数字"),
        ("NaN", "影响力与带动作用应当是数字"),
        ("十", "影响力与带动作用应当是数字"),
        ("9" * 10_000, "影响力与带动作用应当是数字"),
    ],
)
def test_wrong_mark_is_told_by_the_name_of_its_criterion(typed: str, sentence: str) -> None:
    marks, errors = read_marks(JUDGING, {"influence": typed})
    assert (marks, errors) == ({}, [FieldError("influence", sentence)])


@pytest.mark.parametrize("typed", ["40", "40.0", "４０", " 40 "])
def test_ends_of_the_range_belong_to_it(typed: str) -> None:
    assert read_marks(JUDGING, {"influence": typed}) == ({"influence": Fraction(40)}, [])


def test_unknown_criterion_is_refused_with_a_short_name() -> None:
    _, errors = read_marks(JUDGING, {"x" * 500: "1"})
    assert errors == [FieldError("x" * 80, "评分标准里没有这一项")]


def test_zero_is_a_mark_and_nothing_is_not() -> None:
    missing = missing_criteria(JUDGING, {"influence": Fraction(0)})
    assert [error.field for error in missing] == ["content", "conduct"]


def test_running_total_multiplies_by_the_factor() -> None:
    halved = RULES.replace('id = "influence"', 'id = "influence"\nfactor = 0.5')
    judging = parse_rulebook(halved).judging
    assert judging is not None
    marks = {"influence": Fraction(31), "content": Fraction(10)}
    assert running_total(judging, marks) == Fraction(51, 2)
