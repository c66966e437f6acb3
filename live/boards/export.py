"""The board as CSV and XLSX, from the same snapshot as every other surface."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from core.files.cells import safe_cell
from core.i18n import _
from core.numbers import beijing
from live.boards.rules import Basis, Row, Snapshot

_WIDTHS = (8, 8, 20, 20, 12, 12, 12, 14)


def board_csv(board: Snapshot) -> bytes:
    """UTF-8 with a byte order mark, without which spreadsheets here misread Chinese."""
    target = io.StringIO()
    writer = csv.writer(target)
    lines: list[Sequence[str | int | None]] = [[_statement(board)], _headings()]
    lines += [_cells(row) for row in board.rows]
    for line in lines:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in line])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def board_xlsx(board: Snapshot) -> bytes:
    import xlsxwriter  # only where a table is asked for: it loads slowly

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("排行榜"))
        head = book.add_format({"bold": True, "bg_color": "#F6F7F9", "bottom": 1})
        sheet.write_string(0, 0, safe_cell(board.title), book.add_format({"bold": True}))
        sheet.write_string(1, 0, _statement(board))
        for column, (heading, width) in enumerate(zip(_headings(), _WIDTHS, strict=True)):
            sheet.write_string(3, column, heading, head)
            sheet.set_column(column, column, width)
        for line, row in enumerate(board.rows, start=4):
            for column, cell in enumerate(_cells(row)):
                if isinstance(cell, str):
                    sheet.write_string(line, column, safe_cell(cell))
                elif cell is not None:
                    sheet.write_number(line, column, cell)
        sheet.freeze_panes(4, 0)
    return target.getvalue()


def _statement(board: Snapshot) -> str:
    """What the figures are and from when: figures without their time cannot be compared."""
    said = [_("暂定") if board.provisional else _("核定"), _version(board)]
    if board.frozen:
        said.append(_("已冻结"))
    if board.basis is Basis.CODE:
        said.append(_("按规则暂不公布票数"))
    return "，".join(said)


def _version(board: Snapshot) -> str:
    moment: datetime = board.counts_as_of or board.taken_at
    told = {"moment": beijing(moment, "%Y-%m-%d %H:%M:%S"), "version": board.version}
    return _("数据时间 %(moment)s（北京时间），第 %(version)s 版") % told


def _headings() -> list[str]:
    return [
        _("名次"),
        _("编号"),
        _("姓名"),
        _("推荐地"),
        _("有效票"),
        _("核验中"),
        _("作废票"),
        _("综合得分"),
    ]


def _cells(row: Row) -> list[str | int | None]:
    return [
        row.rank,
        row.code,
        row.name,
        row.township,
        row.valid,
        row.under_review,
        row.void,
        row.composite,
    ]
