"""Tables of entrants: columns by any of their names, and every error at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.entrants.rules.entrant import NewEntrant
from contest.entrants.rules.rows import MOST_ENTRANTS, read_entrants
from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import BUNDLED
from tests.support.contests import RULES

TOP_TEN = parse_rulebook(RULES)
VIDEO = parse_rulebook((BUNDLED / "short_video_2026.toml").read_text(encoding="utf-8"))
NOBODY: frozenset[str] = frozenset()


def errors_of(*rows: list[str], taken: frozenset[str] = NOBODY) -> list[tuple[int, str, str]]:
    _entrants, errors = read_entrants(rows, TOP_TEN, taken)
    return [(error.line, error.column, error.message) for error in errors]


def test_columns_are_known_by_chinese_and_code_names() -> None:
    head = ["候选人编号", "name", "推荐单位", "乡镇", "一句话介绍", "事迹", "首次参赛"]
    row = [" 7 ", "甲", "同江镇", "乐业镇", "简介", "报告", "是"]
    assert read_entrants([head, row], TOP_TEN, NOBODY) == (
        [NewEntrant("甲", "007", "同江镇", "乐业镇", "简介", "报告", first_time=True)],
        [],
    )


def test_attribute_that_the_rulebook_tests_is_a_column() -> None:
    rows = [["作品", "geo_tag"], ["《开江》", "是"], ["《冬捕》", ""]]
    entrants, errors = read_entrants(rows, VIDEO, NOBODY)
    assert errors == []
    assert [dict(one.attributes) for one in entrants] == [{"geo_tag": "是"}, {}]
    assert errors_of(*rows) == [(1, "geo_tag", "不认识列名「geo_tag」")]


def test_every_error_is_named_with_its_place() -> None:
    found = errors_of(
        ["姓名", "编号", "首次参赛", "简介"],
        ["甲", "1", "是", "好\x00"],
        ["", "001", "大概", ""],
        ["丙", "0", "", "长" * 121],
        ["丁", "2", "", ""],
        taken=frozenset({"002"}),
    )
    assert found == [
        (2, "summary", "含有不能使用的控制字符"),
        (3, "name", "没有填写姓名"),
        (3, "first_time", "应当填「是」或「否」"),
        (3, "code", "编号 001 与第 2 行重复"),
        (4, "summary", "最多 120 个字，现在有 121 个"),
        (4, "code", "编号应当是 001 到 999 的三位数字"),
        (5, "code", "编号 002 与已有的候选人重复"),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "第一行应当是列名，至少要有「姓名」一列"),
        ([["", ""]], "第一行应当是列名，至少要有「姓名」一列"),
        ([["编号"], ["1"]], "缺少「姓名」一列"),
        ([["姓名", "名称"], ["甲", "乙"]], "列「name」出现了不止一次"),
        ([["姓名"]], "表格里没有候选人"),
        ([["姓名"], []], "表格里没有候选人"),
    ],
)
def test_sheet_that_is_not_one(rows: list[list[str]], message: str) -> None:
    assert [found[2] for found in errors_of(*rows)] == [message]


def test_ten_thousand_characters_are_refused() -> None:
    assert errors_of(["姓名"], ["长" * 10_000]) == [(2, "name", "最多 60 个字，现在有 10000 个")]


@pytest.mark.parametrize(("extra", "fails"), [(0, False), (1, True)])
def test_three_digits_bound_the_number_of_entrants(extra: int, *, fails: bool) -> None:
    rows = [["姓名"], *([f"人{n}"] for n in range(MOST_ENTRANTS + extra))]
    assert bool(errors_of(*rows)) is fails


@given(st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=6))
def test_any_sheet_is_answered(rows: list[list[str]]) -> None:
    entrants, errors = read_entrants(rows, TOP_TEN, NOBODY)
    assert entrants or errors
