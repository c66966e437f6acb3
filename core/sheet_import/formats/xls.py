"""Workbooks of Excel 97 to 2003, with their number formats, merged cells and hidden sheets."""

import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book as XlrdBook
from xlrd.sheet import Sheet as XlrdSheet

from core.i18n import _
from core.sheet_import.cells import (
    FAULT,
    NO_VALUE,
    TEXT,
    TRUTH,
    Book,
    Merge,
    Row,
    Sheet,
    Unreadable,
)
from core.sheet_import.formats.archive import damaged
from core.sheet_import.formats.private_xlrd import is_visible, zero_formulas
from core.sheet_import.limits import MOST_COLUMNS, MOST_MARKUP_BYTES

_ENCRYPTED_XLSX = "EncryptedPackage".encode("utf-16-le")


def open_xls(file: BinaryIO) -> Book:
    """Raises Unreadable. The library reads a sheet whole; the format ends at 65,536 rows."""
    content = file.read(MOST_MARKUP_BYTES + 1)
    if len(content) > MOST_MARKUP_BYTES:
        raise Unreadable(_("这个 .xls 表格过大，请另存为 .xlsx 或 .csv 再上传"))
    if _ENCRYPTED_XLSX in content:
        raise _has_password()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
        formats = [_format(book, index) for index in range(len(book.xf_list))]
        sheets = [_sheet(book, index, formats) for index in range(book.nsheets)]
    except Unreadable:
        raise
    except Exception as error:  # on a forged file the library raises whatever it stumbles over
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise _has_password() from error
        raise damaged() from error
    return Book(".xls", sheets)


def _has_password() -> Unreadable:
    return Unreadable(_("表格设了密码，请取消密码后再上传"))


def _format(book: XlrdBook, index: int) -> str:
    found = book.format_map.get(book.xf_list[index].format_key)
    return found.format_str if found else "?"


def _sheet(book: XlrdBook, index: int, formats: list[str]) -> Sheet:
    name = book.sheet_names()[index]
    if not is_visible(book, index):
        return Sheet(name=name, rows=lambda: iter(()), visible=False)
    sheet = book.sheet_by_index(index)
    if sheet.ncols > MOST_COLUMNS:
        raise Unreadable(_("表格的列数超过 1000，请只留需要的列"))
    merges = [
        Merge(top + 1, bottom, left, right - 1) for top, bottom, left, right in sheet.merged_cells
    ]
    hidden = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    return Sheet(
        name=name,
        rows=partial(_rows, sheet, zero_formulas(book, index), len(formats)),
        merges=merges,
        hidden_columns=frozenset(hidden),
        number_formats=formats,
        epoch_1904=bool(book.datemode),
    )


def _rows(sheet: XlrdSheet, zero: frozenset[tuple[int, int]], formats: int) -> Iterator[Row]:
    for index in range(sheet.nrows):
        cells, styles = [], []
        for column in range(sheet.row_len(index)):
            text, style = _cell(sheet, index, column, formats)
            if style >= 0 and (index, column) in zero:
                text, style = "", NO_VALUE
            cells.append(text)
            styles.append(style)
        if any(cells) or NO_VALUE in styles:
            info = sheet.rowinfo_map.get(index)
            yield Row(index + 1, cells, styles, bool(info and info.hidden))


def _cell(sheet: XlrdSheet, row: int, column: int, formats: int) -> tuple[str, int]:
    value, kind = sheet.cell_value(row, column), sheet.cell_type(row, column)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = sheet.cell_xf_index(row, column)
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 10**15
        return str(int(value)) if whole else repr(value), min(style, formats)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE", TRUTH
    if kind == xlrd.XL_CELL_ERROR:
        return error_text_from_code.get(int(value), "#ERROR"), FAULT
    return str(value), TEXT
