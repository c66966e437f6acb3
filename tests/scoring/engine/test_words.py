"""Every code of the pure engine has its Chinese sentence, and says what it is about."""

import re

import pytest

from contest.rulebooks.rules.rulebook import Rulebook
from scoring.engine.result import Problem
from scoring.engine.words import (
    fault_sentence,
    passed_over_words,
    problem_sentence,
    status_words,
    unranked_words,
)
from tests.support.contest_data import VOTES_ONLY, rulebook

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


GATE_AND_AWARD = """
[[gates]]
id = "million"
name = "销售额满一百万元"
on = "entrant"
all_of = [{ figure = "votes", at_least = 1 }]
[[awards]]
id = "champion"
name = "冠军"
quota = 1
amount_fen = 0
"""


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return rulebook(VOTES_ONLY % ("none", ""), GATE_AND_AWARD)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", ""),
        ("withdrawn", "已退出评选，不参加排名"),
        ("disqualified", "已取消资格，不参加排名"),
        ("gate:million", "没有达到「销售额满一百万元」，不参加排名"),
        ("missing_mark", "评委的分没有给全，暂不能出分"),
        ("partial_sheet", "有评委的评分表不完整，暂不能出分"),
        ("panel_too_small", "评分的评委人数不足，暂不能出分"),
        ("unequal_panel", "评分的评委比别人少，暂不能出分"),
        ("no_marks", "没有评委的分，暂不能出分"),
        ("missing_points", "缺给分，暂不能出分"),
        ("missing_metric", "缺平台数据，暂不能出分"),
        ("below_zero", "有一项为负，不能折算，暂不能出分"),
    ],
)
def test_why_someone_has_no_rank_is_told(rules: Rulebook, reason: str, words: str) -> None:
    assert unranked_words(rules, reason) == words


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_says_why_there_is_no_rank_yet(rules: Rulebook, code: str) -> None:
    assert unranked_words(rules, code).endswith("暂不能出分")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("gate:million", "没有达到「销售额满一百万元」"),
        ("holds:champion", "已获「冠军」，不重复得奖"),
        ("predicate", "不符合这个奖项的条件"),
    ],
)
def test_why_an_award_went_past_is_told(rules: Rulebook, reason: str, words: str) -> None:
    assert passed_over_words(rules, reason) == words


def test_a_mark_that_is_none_is_told_from_a_zero() -> None:
    assert [status_words(one) for one in ("scored", "absent", "recused")] == [
        "已评",
        "缺席",
        "回避",
    ]
