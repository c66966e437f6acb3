"""Workbooks in the XML of Excel 2003, which some exports name .xls."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

from core.sheet_import.cells import FAULT, NO_VALUE, TEXT, TRUTH, Book, Row, Sheet
from core.sheet_import.formats.grid import Grid
from core.sheet_import.formats.xml import bare, parse_all

_FORMATS = {
    "general date": "yyyy/m/d h:mm", "short date": "yyyy/m/d", "long date": "yyyy/m/d",
    "percent": "0.00%", "fixed": "0.00", "standard": "#,##0.00", "currency": '"¥"#,##0.00',
    "general number": "General", "scientific": "0.00E+00",
}  # fmt: skip
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number knows no zone


def open_xml_2003(file: BinaryIO) -> Book:
    """Raises Unreadable."""
    reading = _Reading()
    file.seek(0)
    parse_all(iter(partial(file.read, 1 << 16), b""), reading.start, reading.end, reading.data)
    sheets = [
        Sheet(
            name=name, rows=partial(_rows, grid), visible=visible, merges=grid.merges,
            number_formats=reading.formats,
        )
        for name, grid, visible in reading.sheets
    ]  # fmt: skip
    return Book("XML 2003", sheets)


def _rows(grid: Grid) -> Iterator[Row]:
    return iter(grid.rows)


class _Reading:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, Grid, bool]] = []
        self.formats: list[str] = ["General", "yyyy/m/d h:mm:ss"]
        self._styles: dict[str, int] = {"": 0}
        self._style = ""
        self._grid = Grid()
        self._cell: dict[str, str] = {}
        self._kind: str | None = None
        self._value: str | None = None
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = bare(name)
        said = {bare(key): value for key, value in attributes.items()}
        if name == "Style":
            self._style = said.get("ID", "")
        elif name == "NumberFormat":
            code = said.get("Format", "General")
            self.formats.append(_FORMATS.get(code.lower(), code))
            self._styles[self._style] = len(self.formats) - 1
        elif name == "Worksheet":
            self._grid = Grid()
            self.sheets.append((said.get("Name", ""), self._grid, True))
        elif name == "Row":
            self._grid.begin_row(number=_whole(said.get("Index")), hidden=said.get("Hidden") == "1")
        elif name == "Cell":
            self._cell, self._kind, self._value = said, None, None
        elif name == "Data":
            self._kind, self._text = said.get("Type", "String"), []
        elif name == "Visible":
            self._text = []
        elif name == "Comment":
            self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        name = bare(name)
        if name == "Data" and self._text is not None and self._value is None:
            self._value, self._text = "".join(self._text), None
        elif name == "Cell":
            self._end_cell()
        elif name == "Row":
            self._grid.end_row()
        elif name == "Visible":
            if "".join(self._text or ()) in ("SheetHidden", "SheetVeryHidden") and self.sheets:
                self.sheets[-1] = (*self.sheets[-1][:2], False)
            self._text = None

    def _end_cell(self) -> None:
        text, style = self._meaning()
        at = _whole(self._cell.get("Index"))
        self._grid.add(
            text,
            style,
            across=(_whole(self._cell.get("MergeAcross")) or 0) + 1,
            down=(_whole(self._cell.get("MergeDown")) or 0) + 1,
            at=at - 1 if at else None,
        )

    def _meaning(self) -> tuple[str, int]:
        if self._value is None or (self._kind == "Number" and not self._value.strip()):
            return "", NO_VALUE if "Formula" in self._cell else TEXT
        if self._kind == "Number":
            return self._value.strip(), self._styles.get(self._cell.get("StyleID", ""), 0)
        if self._kind == "DateTime":
            return self._moment(self._value)
        if self._kind == "Boolean":
            return "TRUE" if self._value.strip() == "1" else "FALSE", TRUTH
        return self._value, FAULT if self._kind == "Error" else TEXT

    def _moment(self, text: str) -> tuple[str, int]:
        """As the serial number that other workbooks would hold."""
        try:
            since = datetime.fromisoformat(text.strip()) - _EPOCH
        except (ValueError, TypeError):
            return text, TEXT
        seconds = since.days * 86400 + since.seconds
        whole, rest = divmod(seconds, 86400)
        decimals = str(rest * 10**10 // 86400).rjust(10, "0")
        return f"{whole}.{decimals}" if rest else str(whole), 1


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 8 else None
