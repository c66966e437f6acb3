"""The steps that a page, a PDF and the terminal show."""

from fractions import Fraction

from scoring.engine.compute import score
from scoring.engine.data import Draw, MetricValue, PointsItem, ScoringData
from scoring.engine.explain import WorkingLine, working_lines
from tests.support.contest_data import entrants, judged, marks, rulebook, votes

BOOK = rulebook(
    """
[[components]]
id = "x"
name = "网络数据"
source = "metrics"
weight = 40
rounding = { decimals = 2 }
metrics = [{ id = "plays", name = "播放量", weight = 100, normaliser = { kind = "ratio_to_max" } }]

[[components]]
id = "vote"
name = "投票"
source = "votes"
weight = 60
normaliser = { kind = "ratio_to_max" }
rounding = { decimals = 2 }

[total]
rounding = { decimals = 1 }

[[ties]]
key = "metric"
id = "plays"

[[ties]]
key = "draw"
"""
)


def test_steps_go_from_the_figures_to_the_total_and_the_tie() -> None:
    data = ScoringData(
        entrants("a", "b", "c"),
        votes=votes({"a": 2, "b": 2, "c": 3}),
        metrics=tuple(
            MetricValue(one, "plays", Fraction(count))
            for one, count in (("a", 100), ("b", 100), ("c", 700))
        ),
        draws=(Draw("a", 2), Draw("b", 1)),
    )
    result = score(BOOK, data)
    assert [one.entrant for one in result.entrants] == ["c", "b", "a"]
    assert working_lines(BOOK, result.entrant("b")) == (
        WorkingLine(0, "网络数据", "平台数据", "14.2857…"),
        WorkingLine(1, "播放量", "100 按最高者的比例 14.2857… × 100%", "14.2857…"),
        WorkingLine(1, "折算", "不折算", "14.2857… → 14.29"),
        WorkingLine(1, "权重", "14.29 × 40%", "5.716"),
        WorkingLine(0, "投票", "有效票", "2"),
        WorkingLine(1, "折算", "按最高者的比例", "66.6666… → 66.67"),
        WorkingLine(1, "权重", "66.67 × 60%", "40.002"),
        WorkingLine(0, "总分", "5.716 + 40.002", "45.718 → 45.7"),
        WorkingLine(0, "同分第 1 步：播放量", "仍相同", "100"),
        WorkingLine(0, "同分第 2 步：公开抽签", "分出先后", "1"),
    )


def test_dropped_round_and_deduction_are_told() -> None:
    rounds = """
[[judging.rounds]]
id = "heat"
name = "初赛"
carried_forward = false
[[judging.rounds]]
id = "final"
name = "决赛"
multiplier = 2
"""
    points = '[[components]]\nid = "p"\nname = "扣分"\nsource = "points"\nweight = -1'
    book = rulebook(judged() + rounds, points)
    data = ScoringData(
        entrants("a"),
        marks({"a": [80]}, round_id="heat") + marks({"a": [70, "absent"]}, round_id="final"),
        points=(PointsItem("a", "p", "超时", Fraction("0.5"), "final"),),
    )
    result = score(book, data)
    assert working_lines(book, result.entrant("a")) == (
        WorkingLine(0, "评委", "评委分", "140"),
        WorkingLine(1, "初赛", "（不带入下一轮）", "80"),
        WorkingLine(2, "分", "j1 80", "80"),
        WorkingLine(1, "决赛", "70 × 2", "140"),
        WorkingLine(2, "分", "j1 70、j2 缺席", "70"),
        WorkingLine(0, "扣分", "给分", "0.5"),
        WorkingLine(1, "final 超时", "", "0.5"),
        WorkingLine(1, "权重", "0.5 × -1", "-0.5"),
        WorkingLine(0, "总分", "140 + -0.5", "139.5"),
    )


def test_entrant_without_a_total_has_no_steps() -> None:
    book = rulebook(judged())
    assert working_lines(book, score(book, ScoringData(entrants("a"))).entrant("a")) == ()
