"""Tables are read by a process of their own: what it dies of is a refusal here."""

import resource
from pathlib import Path

import pytest

from core.files import spreadsheets
from core.files.spreadsheet_reader import MOST_BYTES
from core.files.spreadsheets import read_rows
from core.problems import Invalid
from tests.support.old_excel import xls
from tests.support.workbooks import changed, one_cell, with_sheet

TOO_MUCH = "这个表格过大（最多 2 万行、100 列）或已损坏"


def refusal(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_rows(content, "table")
    assert [one.field for one in caught.value.errors] == ["table"]
    return caught.value


def stand_in(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the place of the reader, under the reader's own limits."""
    limits = "import resource\nfrom core.files.spreadsheet_reader import *\n"
    command = [spreadsheets._READER[0], "-c", limits + program]
    monkeypatch.setattr(spreadsheets, "_READER", command)


def test_rows_come_back_from_the_reader() -> None:
    assert read_rows("姓名, 票\n\n王一,3".encode(), "table") == [["姓名", "票"], [], ["王一", "3"]]


def test_its_sentence_is_told_about_the_field() -> None:
    assert refusal(b"a\x00b").message == "文件不是文本表格，请上传 .xlsx、.xls 或 .csv"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件是空的"), (b" \r\n", "文件是空的"), (b"x" * (MOST_BYTES + 1), "文件超过 10 MB")],
)
def test_nothing_and_too_much_are_refused_without_a_reader(
    monkeypatch: pytest.MonkeyPatch, content: bytes, sentence: str
) -> None:
    monkeypatch.setattr(spreadsheets, "_READER", ["/no/such/program"])
    assert refusal(content).message.startswith(sentence)


def test_reader_that_fills_the_memory_is_refused_and_the_server_is_not_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    program = "import core.files.spreadsheet_reader as it\n"
    program += "it.table_rows = lambda content: bytearray(2 * MOST_MEMORY)\nit.main()"
    stand_in(monkeypatch, program)
    assert refusal(b"x").message.startswith(TOO_MUCH)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 64 * 1024, "in KB"


def test_reader_that_goes_on_for_ever_is_stopped_by_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = "MOST_SECONDS = 1\nimport core.files.spreadsheet_reader as it\nit.MOST_SECONDS = 1\n"
    program += "def busy(content):\n    while True: pass\nit.table_rows = busy\nit.main()"
    stand_in(monkeypatch, program)
    assert refusal(b"x").message.startswith(TOO_MUCH)


def test_reader_that_waits_for_ever_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "import time\ntime.sleep(100)")
    monkeypatch.setattr(spreadsheets, "SECONDS", 0.5)
    assert refusal(b"x").message.startswith(TOO_MUCH)


def test_reader_that_crashes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "import os\nos.abort()")
    assert refusal(b"x").message.startswith(TOO_MUCH)


def test_reader_knows_no_secret_and_can_write_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python ignores the signal of a file that grows too large, and is told of it instead."""
    monkeypatch.setenv("DATABASE_URL", "secret")
    written = tmp_path / "written"
    stand_in(
        monkeypatch,
        "import os, pathlib, core.files.spreadsheet_reader as it\n"
        "def tell(content):\n"
        "    try:\n"
        f"        pathlib.Path({str(written)!r}).write_text('x')\n"
        "    except OSError:\n"
        "        return [[os.environ.get('DATABASE_URL', 'unknown')]]\n"
        "    return [['written']]\n"
        "it.table_rows = tell\nit.main()",
    )
    assert read_rows(b"x", "table") == [["unknown"]]
    assert written.stat().st_size == 0


FAR = "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
FIRST = "<row r='1'><c r='A1'><v>1</v></c></row>"


@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/elsewhere/one.xml"])
def test_cell_in_the_farthest_corner_fills_no_memory(where: str) -> None:
    """The library keeps a sheet as one full rectangle and aborts its process on this one."""
    assert refusal(with_sheet(FIRST + FAR, where)).message.startswith(TOO_MUCH)


def test_sheet_may_lie_elsewhere_in_the_file() -> None:
    assert read_rows(with_sheet(FIRST, "xl/elsewhere/one.xml"), "table") == [["1"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row r='1048576'><c r='A1048576'><v>1</v></c></row>",
        "<row>" + "<c><v>1</v></c>" * 101 + "</row>",
        "<row><c><v>1</v></c></row>" * 20_001,
    ],
    ids=["far column", "far row", "nameless cells", "nameless rows"],
)
@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/elsewhere/one.xml"])
def test_cell_out_of_range_is_refused_wherever_its_sheet_lies(rows: str, where: str) -> None:
    assert "最多 2 万行、100 列" in refusal(with_sheet(FIRST + rows, where)).message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04" + b"\x00" * 40, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "无法读取"),
        (b"PK\x05\x06" + b"\x00" * 18, "不是文本表格"),
    ],
    ids=["torn xlsx", "torn xls", "empty zip"],
)
def test_torn_workbook_is_refused_with_what_to_do(content: bytes, told: str) -> None:
    assert told in refusal(content).message


def test_wide_rows_that_fit_the_memory_are_refused_by_their_number() -> None:
    wide = "".join(f"<row r='{n}'><c r='XFD{n}'><v>1</v></c></row>" for n in range(1, 200))
    assert refusal(with_sheet(wide)).message.startswith("表格最多 2 万行、100 列")


def test_long_text_that_every_cell_shares_fills_no_memory() -> None:
    text = "长" * 30_000
    cells = "<c t='s'><v>0</v></c>" * 100
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )
    book = changed(
        with_sheet(f"<row>{cells}</row>" * 2000), {"xl/sharedStrings.xml": strings.encode()}
    )
    assert len(book) < 100_000
    refused = refusal(book).message
    assert refused.startswith((TOO_MUCH, "表格里的文字太多"))


def test_one_cell_is_read() -> None:
    assert read_rows(one_cell("x"), "table") == [["x"]]


def test_old_workbook_on_which_the_library_panics_is_refused() -> None:
    assert refusal(xls([["x"]])[:1500]).message.startswith(TOO_MUCH)
