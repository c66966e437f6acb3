"""The known ways to get scoring wrong, each with the case in which it shows."""

from dataclasses import replace
from fractions import Fraction

from scoring.engine.compute import score
from scoring.engine.data import Draw, Mark, ScoringData
from scoring.engine.result import Result
from tests.support.contest_data import (
    VOTES_ONLY,
    entrants,
    judged,
    marks,
    only_marks,
    ranks,
    rulebook,
    votes,
)

TWO_CRITERIA = """
[[judging.criteria]]
id = "a"
name = "甲"
min = 0
max = 10
factor = 0.8
[[judging.criteria]]
id = "b"
name = "乙"
min = 0
max = 10
factor = 0.8
"""


def total(result: Result, entrant: str) -> Fraction | None:
    return result.entrant(entrant).total


def test_each_product_is_rounded_not_their_sum() -> None:
    book = rulebook(
        judged(criteria=TWO_CRITERIA, rounding="rounding = { product = { decimals = 2 } }")
    )
    data = ScoringData(entrants("x"), marks({"x": ["9.07"]}, "a") + marks({"x": ["9.07"]}, "b"))
    # 9.07 × 0.8 = 7.256 → 7.26 each; the sum rounded once would be 14.51.
    assert total(score(book, data), "x") == Fraction("14.52")


def test_ranking_uses_the_exact_value_not_the_rounded_one() -> None:
    book = rulebook(judged())
    result = score(book, only_marks({"x": ["9.001", "9"], "y": ["9.002", "9"]}))
    assert ranks(result) == {"y": 1, "x": 2}


def test_ranking_uses_the_rounded_value_where_the_rulebook_says_so() -> None:
    book = rulebook(judged() + "rounding = { decimals = 2 }")
    result = score(book, only_marks({"x": ["9.001", "9"], "y": ["9.002", "9"]}))
    assert ranks(result) == {"x": 1, "y": 1}
    assert [one.shared for one in result.entrants] == [True, True]


def test_z_score_of_a_flat_judge_is_the_same_for_everyone() -> None:
    book = rulebook(
        judged(
            extra='judge_normaliser = { kind = "z_score", centre = 50, spread = 10 }',
            rounding="rounding = { mark = { decimals = 4 } }",
        )
    )
    result = score(book, only_marks({"x": [80, 70], "y": [80, 90]}))
    used = {
        one.entrant: [mark.used for mark in one.components[0].rounds[0].panels[0].marks]
        for one in result.entrants
    }
    assert used == {"x": [50, 40], "y": [50, 60]}


def test_recused_judge_is_left_out_not_counted_as_zero() -> None:
    book = rulebook(judged())
    result = score(
        book, only_marks({"x": [80, 90, "recused"], "y": [80, 90, "absent"], "z": [80, 90, 0]})
    )
    assert [total(result, one) for one in "xyz"] == [85, 85, Fraction(170, 3)]


def test_trim_of_too_few_marks_drops_nothing() -> None:
    trim = '{ method = "trimmed_mean", drop_high = 1, drop_low = 1, min_marks = 4 }'
    book = rulebook(judged(trim))
    result = score(book, only_marks({"x": [60, 80, 85, 99], "y": [60, 80, 99, "absent"]}))
    assert total(result, "x") == Fraction("82.5")
    assert total(result, "y") == Fraction(239, 3)
    panel = result.entrant("y").components[0].rounds[0].panels[0]
    assert not panel.trimmed
    assert [mark.dropped for mark in panel.marks] == ["", "", "", ""]


def test_trim_drops_only_one_of_equal_extremes() -> None:
    trim = '{ method = "trimmed_mean", drop_high = 1, drop_low = 1 }'
    result = score(rulebook(judged(trim)), only_marks({"x": [80, 80, 80, 90, 90]}))
    assert total(result, "x") == Fraction(250, 3)


def test_panel_below_its_minimum_gives_no_score() -> None:
    result = score(rulebook(judged(minimum=2)), only_marks({"x": [80, "absent"], "y": [70, 60]}))
    assert ranks(result) == {"y": 1, "x": None}
    assert [(one.code, one.entrant) for one in result.problems] == [("panel_too_small", "x")]


def test_tie_break_that_is_shown_decides_the_order() -> None:
    book = rulebook(
        VOTES_ONLY % ("none", ""),
        '[[ties]]\nkey = "draw"',
    )
    data = ScoringData(
        entrants("x", "y", "z"),
        votes=votes({"x": 5, "y": 5, "z": 9}),
        draws=(Draw("x", 2), Draw("y", 1)),
    )
    result = score(book, data)
    assert [one.entrant for one in result.entrants] == ["z", "y", "x"]
    assert [one.rank for one in result.entrants] == [1, 2, 3]
    assert [(key.key, key.value, key.decided) for key in result.entrant("y").keys] == [
        ("draw", Fraction(1), True)
    ]
    assert result.entrant("z").keys == ()


def test_late_mark_does_not_move_a_frozen_result() -> None:
    book = rulebook(judged(missing="absent"))
    snapshot = only_marks({"x": [80, 90], "y": [84]})
    frozen = score(book, snapshot)
    late = replace(snapshot, marks=(*snapshot.marks, Mark("j2", "y", "main", "c", Fraction(99))))
    assert ranks(frozen) == {"x": 1, "y": 2}
    assert ranks(score(book, late)) == {"y": 1, "x": 2}
    assert score(book, snapshot) == frozen


def test_void_of_the_leader_moves_every_row() -> None:
    book = rulebook(VOTES_ONLY % ("ratio_to_max", ""))
    data = ScoringData(entrants("x", "y", "z"), votes=votes({"x": 200, "y": 100, "z": 50}))
    before, after = (
        score(book, data),
        score(book, replace(data, votes=votes({"x": 100, "y": 100, "z": 50}, {"x": 100}))),
    )
    assert [total(before, one) for one in "xyz"] == [100, 50, 25]
    assert [total(after, one) for one in "xyz"] == [100, 100, 50]
