"""Every way of judging and scoring is said in a sentence of its own."""

from typing import Any

import pytest

from contest.rulebooks.rules.vocabulary import Judging
from core.exact import Rounding
from live.site.rules.scoring_words import (
    component_words,
    judging_words,
    normaliser_words,
    rounding_words,
)
from tests.support.contest_data import VOTES_ONLY, VOTING, judged, rulebook


def judging(*arguments: str, **options: Any) -> Judging:
    found = rulebook(judged(*arguments, **options)).judging
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("decimals", "mode", "words"),
    [
        (2, "half_up", "保留 2 位小数（四舍五入）"),
        (0, "half_even", "取整数（四舍六入五成双）"),
        (1, "down", "保留 1 位小数（直接舍去）"),
    ],
)
def test_rounding_always_names_its_mode(decimals: int, mode: str, words: str) -> None:
    assert rounding_words(Rounding(decimals, mode)) == words


@pytest.mark.parametrize(
    ("aggregate", "words"),
    [
        ('{ method = "mean" }', "取全体评委的平均分"),
        ('{ method = "median" }', "取全体评委的中位数"),
        ('{ method = "sum" }', "把全体评委的分相加"),
        (
            '{ method = "trimmed_mean", drop_high = 1, drop_low = 1, min_marks = 3 }',
            "去掉 1 个最高分和 1 个最低分，其余取平均",
        ),
    ],
)
def test_aggregate_says_how_the_marks_become_one(aggregate: str, words: str) -> None:
    assert any(words in sentence for sentence in judging_words(judging(aggregate)))


def test_sheet_and_criterion_are_told_apart() -> None:
    assert any("每位评委各项相加后" in one for one in judging_words(judging(over="sheet")))
    assert any("每个评分项目分别" in one for one in judging_words(judging(over="criterion")))


def test_criterion_tells_its_range_step_and_factor() -> None:
    criteria = (
        '[[judging.criteria]]\nid = "c"\nname = "难度"\nmin = 1\nmax = 10\nstep = 0.25\nfactor = 2'
    )
    told = "".join(judging_words(judging(criteria=criteria)))
    assert "难度 1–10 分（每 0.25 分一档），乘以 2" in told


def test_a_missing_mark_is_never_called_a_zero() -> None:
    for missing in ("refuse", "absent"):
        assert "零分" in judging_words(judging(missing=missing))[-1]


@pytest.mark.parametrize(
    ("normaliser", "words"),
    [
        ('kind = "ratio_to_max"', "最多者得 100 分，其余按比例折算"),
        ('kind = "share_of_total"', "按占总数的比例折算，合计 100 分"),
        ('kind = "min_max"', "最高者 100 分，最低者 0 分，其余按比例落在中间"),
        ('kind = "rank_points", table = [12, 10, 8]', "按名次依次得 12、10、8 分"),
        ('kind = "log_ratio"', "取对数后，最多者得 100 分，其余按比例折算"),
    ],
)
def test_normaliser_says_how_a_figure_becomes_points(normaliser: str, words: str) -> None:
    source = VOTES_ONLY.replace(
        '{ kind = "%s" }\n%s', "{ " + normaliser + " }\nrounding = { decimals = 2 }"
    )
    (component,) = rulebook(VOTING, source).components
    assert normaliser_words(component.normaliser) == words
    assert component_words(component)[0] == f"投票：{words}。"
