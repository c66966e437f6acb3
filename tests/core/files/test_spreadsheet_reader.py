"""What tables of every make become, and which are refused; in this process, to be quick."""

import contextlib
import csv
import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core.files import spreadsheet_reader
from core.files.spreadsheet_reader import Unreadable, table_rows
from tests.support.old_excel import compound_file, xls
from tests.support.workbooks import changed, one_cell, with_sheet

NAMES = [["姓名", "得票"], ["王一", "3"]]


def book(**cells: object) -> bytes:
    """An .xlsx with one sheet; `A1=value` and the like."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for where, value in cells.items():
            if isinstance(value, datetime):
                sheet.write_datetime(where, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(where, value, day)
            else:
                sheet.write(where, value)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "姓名,得票\n王一,3\n".encode(),
        "\ufeff姓名,得票\r\n王一,3\r\n".encode(),
        "姓名,得票\r\n王一,3".encode("gb18030"),
        "姓名,得票\n王一,3\n".encode("utf-16"),
        b"\xfe\xff" + "姓名,得票\n王一,3\n".encode("utf-16-be"),
        "姓名;得票\n王一;3\n".encode(),
        "姓名\t得票\n王一\t3\n".encode(),
        '"姓名","得票"\n"王一"," 3 "\n'.encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "utf-16-be", "semicolons", "tabs", "quotes"],
)
def test_csv_of_every_program_is_read(content: bytes) -> None:
    assert table_rows(content) == NAMES


def test_quoted_cells_keep_commas_quotes_and_line_ends() -> None:
    assert table_rows('a,b\n"1,2","说""好""\r\n的"\n'.encode()) == [
        ["a", "b"],
        ["1,2", '说"好"\r\n的'],
    ]


@given(st.lists(st.lists(st.text("甲乙,;\"\t\r\n 'a1", max_size=5), min_size=1, max_size=4)))
def test_what_csv_writes_is_read_again(rows: list[list[str]]) -> None:
    head = ["一", "二"]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    trimmed = [[cell.strip() for cell in row] for row in rows]
    expected = [head, *(row if any(row) else [] for row in trimmed)]
    assert table_rows(out.getvalue().encode()) == expected


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        table_rows(content)


@pytest.mark.parametrize("content", [b"a,b\x00\n1,2", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_nul_byte_is_no_text_table(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"不是文本表格|文字编码"):
        table_rows(content)


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(Unreadable, match="文字编码"):
        table_rows(b"\xff\xff\xff")


def test_workbook_keeps_values_as_people_write_them() -> None:
    made = book(
        A1="007",
        B1=20_000_000,
        C1=0.1,
        D1=1e-7,
        E1=True,
        A2=date(2026, 3, 2),
        B2=datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001 - a table knows no zone
        C2="  空格 ",
        E2=123456789012345,
    )
    assert table_rows(made) == [
        ["007", "20000000", "0.1", "0.0000001", "是"],
        ["2026-03-02", "2026-03-02 09:30:00", "空格", "", "123456789012345"],
    ]


def test_formula_is_its_value_and_a_merged_cell_stands_where_it_begins() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.merge_range("A1:B1", "两栏")
        sheet.write_formula("A3", "=1+2", None, 3)
        sheet.write_formula("B3", '="a"&"b"', None, "ab")
    assert table_rows(out.getvalue()) == [["两栏", ""], [], ["3", "ab"]]


def test_inline_strings_single_quotes_and_cells_without_a_place_are_read() -> None:
    sheet = (
        "<row r='1'><c r='A1' t='inlineStr'><is><t>甲</t></is></c></row>"
        "<row><c t='inlineStr'><is><t>乙</t></is></c><c><v>2</v></c></row>"
    )
    assert table_rows(with_sheet(sheet)) == [["甲", ""], ["乙", "2"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="CW1"><v>1</v></c></row>',
        '<row r="1">' + "<c><v>1</v></c>" * 101 + "</row>",
        "<row><c><v>1</v></c></row>" * 20_001,
    ],
    ids=["101 columns", "without places", "20001 rows"],
)
def test_sheet_out_of_bounds_is_refused(rows: str) -> None:
    with pytest.raises(Unreadable, match="表格最多 2 万行、100 列"):
        table_rows(with_sheet("<row r='1'><c r='A1'><v>1</v></c></row>" + rows))


def test_old_workbook_is_read() -> None:
    assert table_rows(xls([["姓名", "得票"], ["王一", 3.0]])) == NAMES


@pytest.mark.parametrize(
    "content",
    [
        xls([["x"]], password=True),
        compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
    ],
    ids=["xls", "xlsx"],
)
def test_workbook_with_a_password_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match="设了密码"):
        table_rows(content)


@pytest.mark.parametrize(
    "content",
    [compound_file({}), compound_file({"WordDocument": b"x"})],
    ids=["empty", "word"],
)
def test_compound_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="无法读取这个表格"):
        table_rows(content)


@pytest.mark.parametrize("part", ["mimetype", "xl/workbook.bin", "word/document.xml"])
def test_only_xlsx_among_zip_files_is_taken(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(part, "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(Unreadable, match=r"只能上传 \.xlsx、\.xls 或 \.csv"):
        table_rows(out.getvalue())


def test_zip_bomb_is_refused_by_what_it_says() -> None:
    bomb = changed(one_cell("x"), {"xl/media/a.png": bytes(65 * 1024 * 1024)})
    assert len(bomb) < 200_000
    with pytest.raises(Unreadable, match="解压后过大"):
        table_rows(bomb)


def test_zip_bomb_that_lies_is_refused_by_what_it_holds() -> None:
    size = 65 * 1024 * 1024
    bomb = changed(one_cell("x"), {"xl/media/a.png": bytes(size)})
    told = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert told != bomb
    with pytest.raises(Unreadable, match="解压后过大"):
        table_rows(told)


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl/media/{n}.png": b"" for n in range(spreadsheet_reader.MOST_PARTS)}
    with pytest.raises(Unreadable, match="解压后过大"):
        table_rows(changed(one_cell("x"), parts))


def test_damaged_zip_is_refused() -> None:
    whole = one_cell("x")
    with pytest.raises(Unreadable, match="已损坏"):
        table_rows(whole[: len(whole) // 2])


def test_more_text_than_a_table_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_reader, "MOST_TEXT", 10)
    assert table_rows(b"abc,def\nghi,j") == [["abc", "def"], ["ghi", "j"]]
    with pytest.raises(Unreadable, match="文字太多"):
        table_rows(b"abc,def\nghi,jk")


def test_time_of_day_is_iso() -> None:
    assert spreadsheet_reader._text(time(9, 5)) == "09:05:00"
