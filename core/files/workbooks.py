"""Tables to download: one sheet as .xlsx, with its title and its moment."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar import Response

from core.i18n import _
from core.numbers import beijing

Cell = str | int | Decimal | datetime | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_NARROWEST, _WIDEST, _LONGEST_CELL = 8, 48, 32_000


def workbook(
    title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], now: datetime
) -> bytes:
    """Column names in the first row, so that programs read it too; the title and the moment
    on a second sheet. Figures are numbers; moments are written in Beijing time; text stays
    text, whatever it begins with."""
    import xlsxwriter  # only where a table is asked for: it loads slowly

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        sheet = book.add_worksheet(_("表格"))
        bold = book.add_format({"bold": True, "bg_color": "#F6F7F9", "bottom": 1})
        for column, heading in enumerate(head):
            sheet.write_string(0, column, heading, bold)
            width = max(_width(cell) for cell in (heading, *(row[column] for row in rows)))
            sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, line, column, cell)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet(_("说明"))
        about.set_column(0, 0, 60)
        about.write_string(0, 0, title)
        about.write_string(1, 0, _("导出时间 %(at)s（北京时间）") % {"at": beijing(now)})
    return target.getvalue()


def _width(cell: Cell) -> int:
    return len(_text(cell).encode("gb18030", "replace"))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return beijing(cell)
    return "" if cell is None else str(cell)


def _write(sheet: Any, line: int, column: int, cell: Cell) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(line, column, cell)
    elif text := _text(cell):
        sheet.write_string(line, column, text[:_LONGEST_CELL])


def download(
    name: str, title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], now: datetime
) -> Response[bytes]:
    """The workbook as a file to save; `name` is ASCII, without its ending."""
    return Response(
        workbook(title, head, rows, now),
        media_type=MEDIA_TYPE,
        headers={"content-disposition": f'attachment; filename="{name}.xlsx"'},
    )
