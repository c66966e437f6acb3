"""Tables that officers take away: exact text, real numbers, no formula."""

import io
from datetime import UTC, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook

from core.files.spreadsheets import read_rows
from core.files.workbooks import Cell, workbook

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_cells_are_what_they_were_given_as() -> None:
    rows: list[list[Cell]] = [
        ["=1+1", "007", 3, Decimal("1.50"), NOW, None],
        ["@x", "中文", -2, Decimal(0), NOW, ""],
    ]
    book = workbook("名单", ["甲", "乙", "丙", "丁", "戊", "己"], rows, NOW)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sheet == [
        ["甲", "乙", "丙", "丁", "戊", "己"],
        ["=1+1", "007", 3.0, 1.5, "2026-03-02 09:00", ""],
        ["@x", "中文", -2.0, 0.0, "2026-03-02 09:00", ""],
    ]


def test_second_sheet_says_what_it_is_and_of_when() -> None:
    book = workbook("名单", ["甲"], [], NOW)
    about = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("说明")
    assert about.to_python() == [["名单"], ["导出时间 2026-03-02 09:00（北京时间）"]]


def test_own_reader_reads_it_and_a_huge_text_still_fits() -> None:
    book = workbook("名单", ["姓名"], [["长" * 40_000]], NOW)
    assert [len(row[0]) for row in read_rows(book, "table")] == [2, 20_000]
