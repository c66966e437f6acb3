"""Tables of figures as platforms export them: units, titles, and every error at once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.entrants.rules.rows import RowError
from contest.figures.rules.needed import FigureNeeded
from contest.figures.rules.rows import NewFigure, read_figure, read_figures

SALES = FigureNeeded("sales", "成交额", required=True, signed=False)
STAY = FigureNeeded("stay", "人均停留", required=False, signed=False)
POINTS = FigureNeeded("talent", "才艺分", required=True, signed=True)
CODES = frozenset({"001", "002", "003"})


def read(*rows: list[str], needed: tuple[FigureNeeded, ...] = (SALES,)) -> list[NewFigure]:
    figures, errors = read_figures(rows, needed, CODES)
    assert errors == []
    return figures


def errors_of(
    *rows: list[str], needed: tuple[FigureNeeded, ...] = (SALES,)
) -> list[tuple[int, str]]:
    _figures, errors = read_figures(rows, needed, CODES)
    return [(error.line, error.message) for error in errors]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,345.60", "12345.6"),
        ("１２３４５", "12345"),
        ("1.2万", "12000"),
        ("1.2w", "12000"),
        ("1.2万元", "12000"),
        ("3亿", "300000000"),
        ("0.5万亿", "500000000000"),
        ("¥8.00", "8"),
        ("￥ 8 元", "8"),
        ("-3", "-3"),
        ("1.2E+7", "12000000"),
        ("999999999999999", "999999999999999"),
        ("0.000001", "0.000001"),
    ],
)
def test_figures_are_read_as_people_and_exports_write_them(text: str, value: str) -> None:
    assert read_figure(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "—",
        "约3万",
        "1_000",
        "NaN",
        "Infinity",
        "1e99",
        "1e999999999",
        "1000000000000000",
        "10亿亿",
        "0.0000001",
        "1." + "0" * 50,
        "12.34.56",
    ],
)
def test_what_is_no_figure_or_cannot_be_kept_exactly_is_none(text: str) -> None:
    assert read_figure(text) is None


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("成交额", "1234"),
        ("sales", "1234"),
        ("成交额(分)", "12.34"),
        ("成交额（万元）", "12340000"),
        ("成交额【单位：亿】", "123400000000"),
        ("成交额（近30天）", "1234"),
    ],
)
def test_unit_in_a_title_is_turned_into_yuan(title: str, value: str) -> None:
    (figure,) = read(["编号", title], ["001", "1234"])
    assert figure == NewFigure("001", "sales", Decimal(value), 2)


def test_minutes_and_points_are_not_in_fen() -> None:
    head = ["编号", "人均停留（分钟）", "才艺分（分）"]
    stay, points = read(head, ["001", "3.5", "-2"], needed=(STAY, POINTS))
    assert (stay.value, points.value) == (Decimal("3.5"), Decimal(-2))


def test_two_figures_whose_names_differ_in_brackets_keep_apart() -> None:
    gross = FigureNeeded("gross", "成交额（含退款）", required=True, signed=False)
    net = FigureNeeded("net", "成交额（已结算）", required=True, signed=False)
    head = ["编号", "成交额（含退款）", "成交额（已结算）"]
    figures = read(head, ["001", "10", "8"], needed=(gross, net))
    assert {one.figure_id: one.value for one in figures} == {"gross": 10, "net": 8}


def test_scaled_figure_must_still_fit() -> None:
    assert errors_of(["编号", "成交额（亿）"], ["001", "100000000"]) == [
        (2, "「100000000」不是数字")
    ]
    assert errors_of(["编号", "成交额（分）"], ["001", "0.00001"]) == [(2, "「0.00001」不是数字")]


def test_other_columns_and_blank_rows_are_left_alone() -> None:
    figures = read(["主播", "编号", "成交额"], ["甲", "1", "5"], [], ["乙", "２", "6"])
    assert [(one.code, one.line) for one in figures] == [("001", 2), ("002", 4)]


def test_every_error_of_a_sheet_is_named_at_once() -> None:
    assert errors_of(
        ["编号", "成交额"],
        ["001", "五千"],
        ["001", "5"],
        ["999", "5"],
        ["002", ""],
        ["003", "-1"],
    ) == [
        (2, "「五千」不是数字"),
        (3, "编号 001 与第 2 行重复"),
        (4, "没有这个编号的候选人"),
        (5, "没有填写"),
        (6, "不能是负数"),
    ]


def test_empty_cell_is_no_error_where_the_rulebook_allows_it_to_be_missing() -> None:
    figures = read(["编号", "人均停留"], ["001", ""], ["002", "4"], needed=(STAY,))
    assert [one.code for one in figures] == ["002"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], [(1, "第一行应当是列名，至少要有「编号」和一列数据")]),
        ([["成交额"], ["5"]], [(1, "缺少「编号」一列")]),
        ([["编号", "点赞"], ["001", "5"]], [(1, "没有一列是需要的数据，应有：成交额")]),
        (
            [["编号", "成交额", "成交额（分）"], ["001", "5", "500"]],
            [(1, "这项数据出现在不止一列"), (1, "这项数据出现在不止一列")],
        ),
        ([["编号", "成交额"]], [(2, "表格里没有数据")]),
    ],
)
def test_sheet_that_is_not_one(rows: list[list[str]], found: list[tuple[int, str]]) -> None:
    assert errors_of(*rows) == found


@given(
    value=st.decimals(0, 10**12, places=2, allow_nan=False), power=st.sampled_from([-2, 0, 3, 4])
)
def test_figure_keeps_its_exact_value(value: Decimal, power: int) -> None:
    expected = value * Decimal(10) ** power
    if expected >= 10**15:
        assert read_figure(f"{value:,}", power) is None
    else:
        assert read_figure(f"{value:,}", power) == expected


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=6))
def test_any_sheet_is_answered(rows: list[list[str]]) -> None:
    figures, errors = read_figures(rows, [SALES, STAY], CODES)
    assert all(isinstance(error, RowError) for error in errors)
    assert errors or all(abs(one.value) < 10**15 for one in figures)
