"""What an announcement says: every winner, every vacancy, every figure as it was certified."""

from fractions import Fraction

from core.exact import aligned
from tests.scoring.announcements import announced


def test_winners_ranks_and_prizes_are_listed() -> None:
    said = announced({"甲": 5, "乙": 9, "丙": 1})
    awards, ranking = said.tables
    assert said.title == "关于测试评选结果的公告"
    assert awards.rows == (
        ("最佳创意奖", "1", "002", "乙", "¥10,000.00"),
        ("最佳创意奖", "2", "001", "甲", "¥10,000.00"),
    )
    assert awards.note == "最佳创意奖：同江旅游体验券"
    assert ranking.rows == (
        ("1", "002", "乙", "9", "9"),
        ("2", "001", "甲", "5", "5"),
        ("3", "003", "丙", "1", "1"),
    )


def test_place_that_nobody_qualified_for_is_called_vacant() -> None:
    (awards, _ranking) = announced({"甲": 9, "乙": 4}, at_least=5).tables
    assert [row[3] for row in awards.rows] == ["甲", "空缺"]


def test_award_without_any_winner_is_vacant_whole() -> None:
    (awards, _ranking) = announced({"甲": 4, "乙": 3}, at_least=5).tables
    assert [row[2:] for row in awards.rows] == [("", "空缺", ""), ("", "空缺", "")]


def test_shared_rank_is_said_openly_and_waits_for_the_draw() -> None:
    awards, ranking = announced({"甲": 9, "乙": 4, "丙": 4}).tables
    assert sorted((row[3], row[1], row[4]) for row in awards.rows) == [
        ("丙", "", "待抽签确定"),
        ("乙", "", "待抽签确定"),
        ("甲", "1", "¥10,000.00"),
    ]
    assert [row[0] for row in ranking.rows] == ["1", "2 并列", "2 并列"]


def test_table_of_ranks_says_why_someone_has_none() -> None:
    (_awards, ranking) = announced({"甲": 9, "乙": 4}, withdrawn="乙").tables
    assert [row[0] for row in ranking.rows] == ["1", "—"]
    assert ranking.note.endswith("002 号：已退出评选，不参加排名。")


def test_facts_without_content_are_left_out() -> None:
    whole = dict(announced({"甲": 1}).facts)
    assert whole["批准文号"] == "同政发〔2026〕1号"
    assert whole["核定人"] == "甲经办、乙核定"
    assert whole["规则摘要"].startswith("sha256:")
    bare = announced({"甲": 1}, approval_document="", notice_from=None, notice_until=None)
    assert "批准文号" not in dict(bare.facts)
    assert len(bare.paragraphs) == 1
    assert "2026-03-16" in announced({"甲": 1}).paragraphs[1]


def test_column_has_the_same_decimals_all_the_way_down() -> None:
    column = [Fraction("79.5"), Fraction("79.54"), None, Fraction(80), Fraction(1, 3)]
    assert aligned(column) == ("79.50", "79.54", "", "80.00", "0.333333333333…")
    assert aligned([]) == ()
