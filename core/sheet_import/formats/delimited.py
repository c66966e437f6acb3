"""Text files of cells between commas, tabs or semicolons, read without mercy for quotes."""

import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import Book, Row, Sheet, Unreadable
from core.sheet_import.formats.encodings import encoding_of
from core.sheet_import.headings import heading
from core.sheet_import.limits import HEADER_WITHIN, MOST_CELL, MOST_COLUMNS, MOST_ROWS

_DELIMITERS = {",": _("逗号"), "\t": _("制表符"), ";": _("分号"), "|": _("竖线")}
_ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"} | dict.fromkeys(
    ("utf-16", "utf-16-le", "utf-16-be"), "UTF-16"
)
NO_STYLES: tuple[int, ...] = ()


def open_delimited(file: BinaryIO, words: Collection[str]) -> Book:
    """One strict sheet. `words` are those of the headings wanted. Raises Unreadable.

    The delimiter is the one that lets most of those words be cells; where none does, the one
    that divides most lines into the same number of cells.
    """
    encoding = encoding_of(file)
    delimiter = _delimiter(file, encoding, words)
    form = f"{_ENCODINGS[encoding]} · {_DELIMITERS[delimiter]}"
    rows = partial(_rows, file, encoding, delimiter)
    return Book(form, [Sheet(name="", rows=rows, strict=True)])


@contextmanager
def _lines(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The lines with their ends; `encoding_of` has seen that all of them can be decoded."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _delimiter(file: BinaryIO, encoding: str, words: Collection[str]) -> str:
    with _lines(file, encoding) as lines:
        first = list(islice(lines, HEADER_WITHIN + 20))
    if first and (said := first[0].strip()).startswith("sep=") and said[4:] in _DELIMITERS:
        return said[4:]

    def merit(delimiter: str) -> tuple[int, int, int]:
        rows = [list(csv.reader([line], delimiter=delimiter)) for line in first if line.strip()]
        cells = [row[0] for row in rows if row]
        known = max((len({heading(c).words for c in row} & set(words)) for row in cells), default=0)
        widths = [len(row) for row in cells if len(row) > 1]
        usual = max((widths.count(width) for width in set(widths)), default=0)
        return known, usual, max(widths, default=0)

    try:
        return max(_DELIMITERS, key=merit)
    except csv.Error as error:
        raise Unreadable(_("文件不是合格的 CSV 表格")) from error


def _rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_CELL)
    number, lines_more = 0, 0
    with _lines(file, encoding) as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if reader.line_num - number != lines_more:
                    lines_more = reader.line_num - number
                    _check_lines_within(cells, delimiter, number)
                if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
                    raise Unreadable(_("表格最多一百一十万行、1000 列"))
                yield Row(number, cells, NO_STYLES, False)
        except csv.Error as error:
            raise _stray_quote(number + 1) from error


def _check_lines_within(cells: list[str], delimiter: str, number: int) -> None:
    """A cell of several lines is real only if none of them looks like cells of its own.

    A stray quote at the start of a cell runs on to the next quote, and the rows between
    would become part of a title.
    """
    for cell in cells:
        if delimiter in cell and ("\n" in cell or "\r" in cell):
            raise _stray_quote(number)


def _stray_quote(number: int) -> Unreadable:
    return Unreadable(
        _("第 %(row)s 行有多余或不成对的引号，会吞掉后面的内容，请改正这一行") % {"row": number}
    )
