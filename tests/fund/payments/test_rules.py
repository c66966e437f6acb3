"""A bank's result file: what it says is taken as it stands, what does not fit is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund.payments.rules import (
    Asked,
    Reading,
    UnknownTable,
    Verdict,
    account_number,
    masked_number,
    read_result,
)

BATCH = "B00007"
ASKED = [
    Asked(1, "F2026-000001", "王一", "6227000000000001", 1_600_000),
    Asked(2, "F2026-000002", "王二", "6227000000000002", 800_000),
    Asked(3, "F2026-000003", "王二", "6227000000000002", 800_000),
]
KEYS = ["批次号", "支付编号", "收款账号", "金额", "处理结果", "失败原因"]


def read(*rows: list[str], head: list[str] = KEYS) -> Reading:
    return read_result([["回单"], [], head, *rows], BATCH, ASKED)


def row(**changed: str) -> list[str]:
    cells = dict(
        zip(KEYS, [BATCH, "F2026-000001", "6227000000000001", "16000.00", "成功", ""], strict=True)
    )
    return list({**cells, **changed}.values())


def test_rows_are_found_by_key_and_tell_their_verdict() -> None:
    reading = read(
        row(),
        [],
        row(
            支付编号="f2026-000002",
            收款账号="",
            金额="￥8,000元",
            处理结果="失败",
            失败原因="户名不符",
        ),
    )
    assert [(one.row, one.payment, one.verdict, one.reason) for one in reading.said] == [
        (4, 1, Verdict.PAID, ""),
        (6, 2, Verdict.FAILED, "户名不符"),
    ]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"批次号": "B00001"}, "属于批次 B00001"),
        ({"支付编号": "F2026-000009"}, "不在本批次"),
        ({"支付编号": ""}, "“空白”不在本批次"),
        ({"金额": "15999.99"}, "金额与本批次不符"),
        ({"金额": "一万"}, "认不出"),
        ({"金额": "0.001"}, "认不出"),
        ({"金额": "NaN"}, "认不出"),
        ({"收款账号": "6227000000000009"}, "账号与本批次不符"),
        ({"处理结果": "处理中"}, "“处理中”不是成功也不是失败"),
        ({"处理结果": ""}, "“空白”不是成功"),
    ],
)
def test_row_that_does_not_fit_is_told_and_says_nothing(changed: dict[str, str], said: str) -> None:
    reading = read(row(**changed))
    assert (reading.said, len(reading.problems)) == ((), 1)
    assert said in reading.problems[0][1]


def test_file_without_keys_is_read_by_account_and_amount_where_that_is_unique() -> None:
    head = ["账号", "交易金额（元）", "交易状态"]
    reading = read(
        ["6227 0000 0000 0001", "16000", "交易成功"],
        ["6227000000000002", "8000", "交易成功"],
        ["6227000000000003", "8000", "交易成功"],
        head=head,
    )
    assert [one.payment for one in reading.said] == [1]
    assert ["多笔" in words for _, words in reading.problems] == [True, False]


def test_file_that_contradicts_itself_says_nothing_of_that_payment() -> None:
    reading = read(row(), row(处理结果="失败"), row())
    assert reading.said == ()
    assert [number for number, _ in reading.problems] == [4, 5, 6]
    repeated = read(row(), row())
    assert len(repeated.said) == 1
    assert "出现两次" in repeated.problems[0][1]


def test_table_without_its_columns_is_refused() -> None:
    for head in (["姓名"], ["处理结果", "账号"], ["支付编号", "金额"]):
        with pytest.raises(UnknownTable, match="处理结果"):
            read(row(), head=head)


@settings(max_examples=50)
@given(st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=8))
def test_no_table_breaks_the_reader_and_no_row_is_passed_over(rows: list[list[str]]) -> None:
    reading = read(*rows)
    spoken = {one.row for one in reading.said} | {number for number, _ in reading.problems}
    assert spoken == {
        number for number, one in enumerate(rows, 4) if any(cell.strip() for cell in one)
    }


@given(st.text("0123456789 ０１-x", max_size=40))
def test_account_number_is_figures_alone(typed: str) -> None:
    number = account_number(typed)
    assert number is None or (number.isdigit() and number.isascii() and 8 <= len(number) <= 32)


def test_account_number_is_shown_by_its_end() -> None:
    assert account_number(" 6227 0000-0000 ０００1 ") == "6227000000000001"
    assert masked_number("6227000000000001") == "**** 0001"
