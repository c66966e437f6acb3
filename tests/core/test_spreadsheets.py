"""Tables of the awkward kind: what is read, and what is refused before anything parses it."""

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from core.problems import Invalid
from core.spreadsheets import read_rows

SHEET = "xl/worksheets/sheet1.xml"
_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows: tuple[object, ...]) -> bytes:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def sheet_of(rows: str) -> bytes:
    return f'<worksheet xmlns="{_NS}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_rows(content, "table")
    (error,) = refused.value.errors
    assert error.field == "table"
    return error.message


def test_workbook_becomes_rows_of_text() -> None:
    assert read_rows(workbook(("姓名", "票数"), ("甲", 12), ("乙", 1.5)), "table") == [
        ["姓名", "票数"],
        ["甲", "12"],
        ["乙", "1.5"],
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"], ids=["plain", "bom", "gb", "utf-16"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_in_the_encodings_of_real_exports(encoding: str, end: str) -> None:
    text = end.join(["姓名,票数", '"甲, ""一""",12', ""])
    assert read_rows(text.encode(encoding), "table") == [["姓名", "票数"], ['甲, "一"', "12"]]


def test_zip_bomb_is_refused_unread() -> None:
    bomb = with_part(workbook(("a",)), SHEET, sheet_of(" " * (65 * 1024 * 1024)))
    assert len(bomb) < 1024 * 1024
    assert "解压后过大" in refusal(bomb)


def test_zip_bomb_that_lies_about_its_size_is_refused_all_the_same() -> None:
    inflated = 65 * 1024 * 1024
    bomb = with_part(workbook(("a",)), SHEET, sheet_of(" " * inflated))
    size = len(sheet_of(" " * inflated)).to_bytes(4, "little")
    assert "过大" in refusal(bomb.replace(size, (100).to_bytes(4, "little")))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row r='1048576'><c r='A1048576'><v>1</v></c></row>",
        "<row r='1'><c r='XFD1'><v>1</v></c></row>",
        "<row>" + "<c><v>1</v></c>" * 101 + "</row>",
        "<row><c><v>1</v></c></row>" * 20_001,
    ],
    ids=["far column", "far row", "single quotes", "nameless cells", "nameless rows"],
)
@pytest.mark.parametrize("name", [SHEET, "xl/other/place.xml"])
def test_cell_out_of_range_is_refused_wherever_its_sheet_lies(rows: str, name: str) -> None:
    assert "最多 2 万行、100 列" in refusal(with_part(workbook(("a",)), name, sheet_of(rows)))


def test_archive_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "无法读取" in refusal(made.getvalue())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空的"),
        (b"  \n", "空的"),
        ("姓名\x00,票数".encode(), "不是文本表格"),
        (b"PK\x03\x04" + b"\x00" * 40, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "无法读取"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
    ids=["empty", "blank", "nul", "torn xlsx", "torn xls", "large"],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, told: str) -> None:
    assert told in refusal(content)
