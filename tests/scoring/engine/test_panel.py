"""Panels, sheets, rounds and multipliers."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.engine.compute import score
from scoring.engine.data import Mark, Multiplier, PointsItem, ScoringData
from scoring.engine.data_check import DataError
from scoring.engine.result import Result
from tests.support.contest_data import entrants, judged, marks, only_marks, ranks, rulebook

ROUNDS = """
[[judging.rounds]]
id = "r1"
name = "一"
multiplier = 0.5
%s
[[judging.rounds]]
id = "r2"
name = "二"
"""


def total(result: Result, entrant: str) -> Fraction | None:
    return result.entrant(entrant).total


def problems(result: Result) -> list[tuple[str, str, str]]:
    return [(one.code, one.entrant, one.judge) for one in result.problems]


@pytest.mark.parametrize(
    ("aggregate", "given", "expected"),
    [
        ('{ method = "mean" }', [1, 2, 6], Fraction(3)),
        ('{ method = "median" }', [1, 2, 6], Fraction(2)),
        ('{ method = "median" }', [6, 1, 2, 3], Fraction(5, 2)),
        ('{ method = "sum" }', [1, 2, 6], Fraction(9)),
        ('{ method = "trimmed_mean", drop_high = 1, drop_low = 0 }', [1, 2, 6], Fraction(3, 2)),
        ('{ method = "trimmed_sum", drop_high = 2, drop_low = 2 }', [1, 2, 3, 4, 9], Fraction(3)),
    ],
)
def test_aggregate(aggregate: str, given: list[int], expected: Fraction) -> None:
    assert total(score(rulebook(judged(aggregate)), only_marks({"x": given})), "x") == expected


def test_sum_of_ranks_shares_mean_ranks_and_needs_equal_panels() -> None:
    book = rulebook(
        judged('{ method = "sum_of_ranks" }', missing="absent") + 'order = "lowest_first"'
    )
    result = score(book, only_marks({"x": [90, 80], "y": [90, 70], "z": [60, 75]}))
    assert [total(result, one) for one in "xyz"] == [Fraction(5, 2), Fraction(9, 2), Fraction(5)]
    short = score(book, only_marks({"x": [90, 80], "y": [90]}))
    assert problems(short) == [("unequal_panel", "y", "")]
    assert ranks(short) == {"x": 1, "y": None}


def test_sheet_is_summed_with_factors_before_the_panel_is_taken() -> None:
    criteria = """
[[judging.criteria]]
id = "a"
name = "甲"
min = 0
max = 10
factor = 2
[[judging.criteria]]
id = "b"
name = "乙"
min = 0
max = 10
"""
    trim = '{ method = "trimmed_mean", drop_high = 1, drop_low = 1 }'
    book = rulebook(judged(trim, over="sheet", criteria=criteria))
    rows = marks({"x": [1, 5, 9]}, "a") + marks({"x": [10, 1, 2]}, "b")
    result = score(book, ScoringData(entrants("x"), rows))
    panel = result.entrant("x").components[0].rounds[0].panels[0]
    assert [(mark.value, mark.dropped) for mark in panel.marks] == [
        (Fraction(12), ""),
        (Fraction(11), "low"),
        (Fraction(20), "high"),
    ]
    assert total(result, "x") == 12


def test_sheet_with_a_hole_is_a_problem() -> None:
    criteria = "\n".join(
        f'[[judging.criteria]]\nid = "{one}"\nname = "{one}"\nmin = 0\nmax = 10' for one in "ab"
    )
    book = rulebook(judged(over="sheet", criteria=criteria, missing="absent"))
    rows = marks({"x": [1, 5]}, "a") + marks({"x": [10, "recused"]}, "b")
    assert problems(score(book, ScoringData(entrants("x"), rows))) == [("partial_sheet", "x", "j2")]
    hole = score(book, ScoringData(entrants("x"), rows[:3]))
    assert problems(hole) == [("partial_sheet", "x", "j2")]


def test_missing_mark_is_refused_unless_the_rulebook_reads_it_as_absent() -> None:
    data = only_marks({"x": [80, 90], "y": [70]})
    refused = score(rulebook(judged()), data)
    assert problems(refused) == [("missing_mark", "y", "j2")]
    assert ranks(refused) == {"x": 1, "y": None}
    assert ranks(score(rulebook(judged(missing="absent")), data)) == {"x": 1, "y": 2}


def test_rounds_add_up_with_their_multipliers() -> None:
    book = rulebook(judged(extra="") + ROUNDS % "")
    data = ScoringData(
        entrants("x", "y"),
        marks({"x": [80], "y": [90]}, round_id="r1") + marks({"x": [70], "y": [60]}, round_id="r2"),
        multipliers=(Multiplier("x", "r2", Fraction("1.5")),),
    )
    result = score(book, data)
    assert [total(result, one) for one in "xy"] == [145, 105]


def test_multiplier_on_each_panel_is_rounded_with_each_product() -> None:
    criteria = "\n".join(
        f'[[judging.criteria]]\nid = "{one}"\nname = "{one}"\nmin = 0\nmax = 10' for one in "ab"
    )
    rows = marks({"x": ["9.07"]}, "a", "r") + marks({"x": ["9.07"]}, "b", "r")
    data = ScoringData(entrants("x"), rows, multipliers=(Multiplier("x", "r", Fraction("0.8")),))
    rounding = "rounding = { product = { decimals = 2 }, round = { decimals = 2 } }"
    for on, expected in (("each", "14.52"), ("sum", "14.51")):
        one = f'[[judging.rounds]]\nid = "r"\nname = "轮"\nmultiplier_on = "{on}"'
        book = rulebook(judged(criteria=criteria, rounding=rounding) + one)
        assert total(score(book, data), "x") == Fraction(expected)


def test_round_that_is_not_carried_forward_is_dropped_for_those_who_go_on() -> None:
    book = rulebook(judged() + ROUNDS % "carried_forward = false")
    data = ScoringData(
        entrants("x", "y", "z"),
        marks({"x": [80], "y": [90], "z": [99]}, round_id="r1")
        + marks({"x": [30], "y": [20]}, round_id="r2"),
    )
    result = score(book, data)
    assert [(one.entrant, one.stage, one.total) for one in result.entrants] == [
        ("x", 1, Fraction(30)),
        ("y", 1, Fraction(20)),
        ("z", 0, Fraction("49.5")),
    ]
    assert [one.counted for one in result.entrant("x").components[0].rounds] == [False, True]


def test_points_of_a_dropped_round_are_dropped_with_it() -> None:
    points = '[[components]]\nid = "given"\nname = "给分"\nsource = "points"\nmissing = "zero"'
    book = rulebook(judged() + ROUNDS % "carried_forward = false", points)
    data = ScoringData(
        entrants("x", "y"),
        marks({"x": [80], "y": [80]}, round_id="r1") + marks({"x": [30]}, round_id="r2"),
        points=(
            PointsItem("x", "given", "wind", Fraction(-5), "r1"),
            PointsItem("x", "given", "wind", Fraction(-1), "r2"),
            PointsItem("y", "given", "wind", Fraction(-5), "r1"),
            PointsItem("y", "given", "appeal", Fraction(2)),
        ),
    )
    assert [(one.entrant, one.total) for one in score(book, data).entrants] == [
        ("x", Fraction(29)),
        ("y", Fraction(37)),
    ]


def test_rows_that_name_nothing_are_an_error_of_the_caller() -> None:
    data = only_marks({"x": [80]})
    strange = (*data.marks, Mark("j1", "nobody", "r9", "taste", Fraction(1)))
    with pytest.raises(DataError) as caught:
        score(rulebook(judged()), replace(data, marks=strange))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [
        ("unknown_entrant", 1),
        ("unknown_round", 1),
        ("unknown_criterion", 1),
    ]
