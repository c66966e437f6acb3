"""Tables written as files of every form that an export may have."""

import csv
import html
import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlsxwriter

from tests.support.old_excel import xls
from tests.support.workbooks import changed

Table = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Formula:
    """A formula; without a value it is as a program leaves it that does not compute."""

    text: str
    value: object = None


@dataclass(frozen=True)
class Shown:
    """A number with the number format in which it is shown."""

    value: float
    number_format: str


@dataclass(frozen=True)
class Page:
    """One sheet: `merges` are (top, left, bottom, right), from 0, both ends included."""

    rows: Table
    name: str = "Sheet1"
    merges: Sequence[tuple[int, int, int, int]] = ()
    state: str = "visible"
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()


def csv_file(
    rows: Table,
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    trailing: str = "",
    end: str = "\r\n",
) -> bytes:
    """`trailing` stands at the end of every line, as the comma of bank bills."""
    out = io.StringIO()
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator=end).writerow(row)
        out.write(line.getvalue().removesuffix(end) + trailing + end)
    return out.getvalue().encode(encoding)


def raw_csv(*lines: str, encoding: str = "utf-8") -> bytes:
    """Lines exactly as they stand."""
    return "".join(line + "\n" for line in lines).encode(encoding)


def xlsx(*pages: Page) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        first_visible = next((p.name for p in pages if p.state == "visible"), None)
        for page in pages:
            sheet = book.add_worksheet(page.name)
            _fill(book, sheet, page)
            if page.name == first_visible:
                sheet.activate()
                sheet.set_first_sheet()
            if page.state == "hidden":
                sheet.hide()
            elif page.state == "very_hidden":
                sheet.very_hidden()
    return _without_recalculation(out.getvalue())


def _fill(book: xlsxwriter.Workbook, sheet: "xlsxwriter.worksheet.Worksheet", page: Page) -> None:
    for top, left, bottom, right in page.merges:
        sheet.merge_range(top, left, bottom, right, "")
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row):
            _write(book, sheet, (r, c), cell)
    for r in page.hidden_rows:
        sheet.set_row(r, None, None, {"hidden": True})
    for c in page.hidden_columns:
        sheet.set_column(c, c, None, None, {"hidden": True})


def _write(
    book: xlsxwriter.Workbook,
    sheet: "xlsxwriter.worksheet.Worksheet",
    at: tuple[int, int],
    cell: object,
) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(*at, cell.text, None, "" if cell.value is None else cell.value)
    elif isinstance(cell, Shown):
        sheet.write_number(*at, cell.value, book.add_format({"num_format": cell.number_format}))
    elif isinstance(cell, bool):
        sheet.write_boolean(*at, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(*at, cell)
    elif cell is not None and cell != "":
        sheet.write_string(*at, str(cell))


def _without_recalculation(content: bytes) -> bytes:
    """The library always asks for formulas to be computed anew, as no office program does."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        book = parts.read("xl/workbook.xml").replace(b' fullCalcOnLoad="1"', b"")
        changes = {"xl/workbook.xml": book}
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                changes[name] = parts.read(name).replace(b"</f><v></v>", b"</f>")
    return changed(content, changes)


def html_xls(rows: Table, *, encoding: str = "utf-8", caption: str = "") -> bytes:
    """What many back ends call .xls: one HTML table."""
    lines = [
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>',
        f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">',
        "<style>td{mso-number-format:'\\@';}</style></head><body>",
        f"<table border=1>{caption}",
    ]
    for row in rows:
        cells = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</table></body></html>"]).encode(encoding)


def xml_2003(rows: Table, *, name: str = "Sheet1", visible: bool = True) -> bytes:
    """A workbook in the XML of Excel 2003, its first row empty and so only counted."""
    head = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="{name}"><Table>'
    )
    out = [head]
    for number, row in enumerate(rows, 2):
        out.append(f'<Row ss:Index="{number}">')
        for cell in row:
            kind = "Number" if isinstance(cell, (int, float)) else "String"
            out.append(f'<Cell><Data ss:Type="{kind}">{escape(str(cell))}</Data></Cell>')
        out.append("</Row>")
    state = "" if visible else "<Visible>SheetHidden</Visible>"
    out.append(f"</Table><WorksheetOptions>{state}</WorksheetOptions></Worksheet></Workbook>")
    return "".join(out).encode()


def binary_xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    return xls(rows)


def zero_formula_record(row: int, column: int) -> bytes:
    """A formula of Excel 97 whose stored result is 0, as a program leaves it."""
    body = struct.pack("<HHHdHIH", row, column, 0, 0.0, 0, 0, 3) + b"\x1e\x00\x00"
    return struct.pack("<HH", 0x0006, len(body)) + body
