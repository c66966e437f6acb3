"""Every code of the pure engine has its Chinese sentence, and says what it is about."""

import re

import pytest

from scoring.engine.result import Problem
from scoring.engine.words import (
    fault_sentence,
    passed_over_words,
    problem_sentence,
    status_words,
    unranked_words,
)

PROBLEMS = (
    "missing_mark",
    "partial_sheet",
    "panel_too_small",
    "unequal_panel",
    "no_marks",
    "missing_points",
    "missing_metric",
    "below_zero",
)


@pytest.mark.parametrize("code", PROBLEMS)
def test_problem_is_told_in_chinese_and_names_the_entrant(code: str) -> None:
    said = problem_sentence(Problem(code, "a", "决赛", "表现", "评委3", "4"), "甲")
    assert said.startswith("甲：")
    assert code not in said


def test_every_problem_of_the_engine_is_among_them() -> None:
    assert Problem.__doc__ is not None
    assert tuple(re.findall(r"`([a-z]+_[a-z_]+)`", Problem.__doc__)) == PROBLEMS


@pytest.mark.parametrize(
    "code",
    [
        "no_entrants",
        "repeated",
        "unknown_status",
        "unknown_entrant",
        "unknown_round",
        "unknown_criterion",
        "unknown_metric",
        "unknown_component",
        "below_zero",
        "below_one",
    ],
)
def test_fault_of_a_row_is_told_in_chinese(code: str) -> None:
    said = fault_sentence(code, ("某物",))
    assert said
    assert code not in said
    with_word = code.startswith("unknown") or code == "repeated"
    assert ("某物" in said) == with_word


def test_fault_of_a_mark_names_the_criterion_and_its_bounds() -> None:
    words = ("表现", "0", "10", "0.25")
    assert fault_sentence("out_of_range", words) == "表现 的分应在 0 到 10 之间"
    assert fault_sentence("off_step", words) == "表现 的分应从 0 起按 0.25 分一档"


def test_what_may_be_no_rank_is_told() -> None:
    assert unranked_words("gate:million") == "未过门槛 million"
    assert unranked_words("withdrawn") == "已退出"
    assert unranked_words("disqualified") == "已取消资格"
    assert unranked_words("missing_mark") == "暂不能出分"


def test_why_an_award_went_past_is_told() -> None:
    assert passed_over_words("gate:million") == "未过门槛 million"
    assert passed_over_words("holds:champion") == "已得 champion"
    assert passed_over_words("predicate") == "不符合本奖条件"


def test_a_mark_that_is_none_is_told_from_a_zero() -> None:
    assert [status_words(one) for one in ("scored", "absent", "recused")] == [
        "已评",
        "缺席",
        "回避",
    ]
