"""Diagnostics against textbook figures and cases whose answer is known."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.engine.compute import score
from scoring.engine.data import ScoringData
from scoring.engine.diagnostics import diagnose
from scoring.engine.panel_agreement import (
    PanelAgreement,
    panel_agreement,
    reversed_sheet,
    sheets_of,
)
from scoring.engine.sensitivity import (
    effective_weights,
    other_normalisers,
    rank_stability,
    void_sensitivity,
)
from tests.support.contest_data import VOTING, entrants, judged, marks, rulebook, votes

BOTH = """
[judging]
aggregate_over = "sheet"
aggregate = { method = "mean" }
criteria = [{ id = "c", name = "分", min = 0, max = 100 }]

[[components]]
id = "vote"
name = "投票"
source = "votes"
weight = 30
normaliser = { kind = "ratio_to_max" }

[[components]]
id = "expert"
name = "评委"
source = "judges"
weight = 70

[[awards]]
id = "first"
name = "奖"
quota = 1
amount_fen = 1
"""
BOOK = rulebook(VOTING, BOTH)
# Judges within 82 to 94, long-tailed votes: the nominal 30 % decides.
LONG_TAIL = ScoringData(
    entrants("a", "b", "c", "d"),
    marks({"a": [84, 83, 82], "b": [90, 91, 89], "c": [94, 93, 92], "d": [88, 87, 90]}),
    votes({"a": 1000, "b": 100, "c": 50, "d": 10}, {"b": 5000, "d": 1}),
)


def sheets(*rows: list[int]) -> dict[str, dict[str, Fraction]]:
    return {
        f"j{n}": {f"e{i}": Fraction(value) for i, value in enumerate(row)}
        for n, row in enumerate(rows, start=1)
    }


def test_icc_equals_the_worked_example_of_shrout_and_fleiss() -> None:
    """Six subjects, four judges, ICC(2,1) = 0.29 (Psychological Bulletin 86, 1979, table 4)."""
    found = panel_agreement(
        sheets([9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7])
    )
    assert found.icc is not None
    assert round(found.icc, 2) == 0.29


def test_kendalls_w_is_one_for_one_order_and_known_for_a_small_table() -> None:
    same = panel_agreement(sheets([1, 2, 3, 4], [10, 20, 30, 40], [2, 3, 8, 9]))
    assert same.kendalls_w == pytest.approx(1)
    # Rank sums 4, 5, 9 over three judges: S = 14, W = 12·14 / (9·24).
    some = panel_agreement(sheets([1, 2, 3], [2, 1, 3], [1, 2, 3]))
    assert some.kendalls_w == pytest.approx(12 * 14 / (9 * 24))


def test_ties_are_corrected_for_in_kendalls_w() -> None:
    tied = panel_agreement(sheets([1, 1, 2, 3], [1, 1, 2, 3]))
    assert tied.kendalls_w == pytest.approx(1)


def test_panel_without_differences_has_no_figures() -> None:
    flat = panel_agreement(sheets([5, 5, 5], [5, 5, 5]))
    assert (flat.kendalls_w, flat.icc) == (None, None)
    assert [one.correlation for one in flat.by_judge] == [None, None]
    assert panel_agreement({}) == PanelAgreement(0, 0, None, None, None, ())


def test_only_entrants_whom_every_judge_marked_are_compared() -> None:
    some = sheets([1, 2, 3, 4], [2, 3, 4, 5])
    del some["j2"]["e3"]
    assert panel_agreement(some).entrants == 3


def test_reversed_sheet_is_asked_about() -> None:
    others = list(sheets([1, 2, 3, 4, 5], [2, 3, 3, 4, 6]).values())
    own = sheets([5, 4, 3, 2, 1])["j1"]
    found = reversed_sheet(own, others)
    assert found.correlation == pytest.approx(-1)
    assert (found.entrants, found.reversed) == (5, True)


@pytest.mark.parametrize(
    "row", [[1, 2, 3, 4, 5], [3, 3, 3, 3, 3], [2, 1, 4, 3, 5], [3, 5, 1, 4, 2]]
)
def test_sheet_that_is_not_clearly_reversed_is_not_asked_about(row: list[int]) -> None:
    others = list(sheets([1, 2, 3, 4, 5], [2, 3, 3, 4, 6]).values())
    assert not reversed_sheet(sheets(row)["j1"], others).reversed


def test_three_entrants_are_too_few_to_call_a_sheet_reversed() -> None:
    found = reversed_sheet(sheets([3, 2, 1])["j1"], list(sheets([1, 2, 3]).values()))
    assert (found.entrants, found.correlation, found.reversed) == (3, None, False)


def test_reversed_judge_stands_out_in_the_panel() -> None:
    rows = [[1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 5, 6], [2, 1, 3, 4, 6, 5], [6, 5, 4, 3, 2, 1]]
    by_judge = panel_agreement(sheets(*rows)).by_judge
    flagged = [
        one.judge for one in by_judge if one.reversed_p is not None and one.reversed_p < 0.05
    ]
    assert flagged == ["j4"]
    assert by_judge[3].correlation == pytest.approx(-1)


def test_sheets_are_read_from_the_result() -> None:
    found = sheets_of(score(BOOK, LONG_TAIL), "expert")
    assert found["j2"] == {"a": 83, "b": 91, "c": 93, "d": 87}


def test_effective_weight_of_the_votes_exceeds_the_nominal_one() -> None:
    weights = {one.component: one for one in effective_weights(score(BOOK, LONG_TAIL))}
    assert weights["vote"].nominal == 30
    assert weights["vote"].effective is not None
    assert weights["vote"].effective > 90
    assert sum(one.effective or 0 for one in weights.values()) == 100


def test_effective_weights_of_equal_totals_are_unknown() -> None:
    equal = ScoringData(entrants("a", "b"), marks({"a": [5], "b": [5]}), votes({"a": 1, "b": 1}))
    assert [one.effective for one in effective_weights(score(BOOK, equal))] == [None, None]


def test_other_normalisers_name_another_leader() -> None:
    result = score(BOOK, LONG_TAIL)
    found = {
        (one.component, one.kind): (one.leaders, one.leader_changes, one.awards_change)
        for one in other_normalisers(BOOK, LONG_TAIL, result)
    }
    assert result.entrants[0].entrant == "a"
    assert found["vote", "rank_points"] == (("c",), True, True)
    assert found["vote", "min_max"] == (("a",), False, False)
    assert found["expert", "min_max"] == (("c",), True, True)
    assert ("vote", "ratio_to_max") not in found


def test_voids_that_would_change_an_award_are_told() -> None:
    result = score(BOOK, LONG_TAIL)
    found = {one.entrant: one for one in void_sensitivity(BOOK, LONG_TAIL, result)}
    assert sorted(found) == ["", "b", "d"]
    assert (found["b"].voided, found["b"].awards_change) == (5000, True)
    assert (found["d"].voided, found["d"].moved, found["d"].awards_change) == (1, (), False)
    assert found[""].voided == 5001


def test_rank_stability_is_the_same_for_the_same_seed() -> None:
    book = rulebook(judged())
    data = ScoringData(
        entrants("a", "b", "c"), marks({"a": [90, 91, 92], "b": [80, 70, 99], "c": [79, 71, 98]})
    )
    result = score(book, data)
    first = rank_stability(book, data, result, resamples=50, seed=7)
    assert first == rank_stability(book, data, result, resamples=50, seed=7)
    assert [(one.entrant, one.rank) for one in first] == [("a", 1), ("b", 2), ("c", 3)]
    assert first[0].low == 1
    assert all(one.low <= one.rank <= one.high for one in first)


def test_one_judge_cannot_be_resampled() -> None:
    data = ScoringData(entrants("a"), marks({"a": [90]}))
    book = rulebook(judged())
    assert rank_stability(book, data, score(book, data), resamples=5, seed=1) == ()


def test_diagnosis_changes_no_result() -> None:
    before = score(BOOK, LONG_TAIL)
    report = diagnose(BOOK, LONG_TAIL, seed=1, resamples=5)
    assert (report.resamples, report.seed, [name for name, _ in report.panels]) == (
        5,
        1,
        ["expert"],
    )
    assert len(report.rank_stability) == 4
    assert score(BOOK, LONG_TAIL) == before
    assert replace(report, seed=2) != report
