"""Web pages that exports name .xls: the tables of HTML."""

import io
import re
from functools import partial
from html.parser import HTMLParser
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import TEXT, Book, Sheet, Unreadable
from core.sheet_import.formats.encodings import encoding_of
from core.sheet_import.formats.grid import Grid

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "div"})
_UNSEEN = frozenset({"script", "style", "title", "head"})
_PIECE = 1 << 16


def open_html(file: BinaryIO) -> Book:
    """Each table of the page is a sheet; tables within tables are refused. Raises Unreadable."""
    page = _Page()
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding)
    try:
        while piece := text.read(_PIECE):
            page.feed(piece)
        page.close()
    finally:
        text.detach()
    page.end_table()
    sheets = [
        Sheet(
            name=_("表 %(n)s") % {"n": n},
            rows=partial(iter, grid.rows),
            merges=grid.merges,
        )
        for n, grid in enumerate(page.grids, 1)
        if grid.rows
    ]
    return Book(_("网页格式的表格"), sheets)


class _Page(HTMLParser):
    """HTML closes cells, rows and tables itself, so every one may be left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self._grid: Grid | None = None
        self._in_row = False
        self._text: list[str] | None = None
        self._reach = (1, 1)
        self._unseen = 0
        self._hidden_in_cell = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._begin_table()
        elif tag in _UNSEEN:
            self._unseen += 1
        elif self._grid is None:
            return
        elif tag == "tr":
            self._end_row()
            self._grid.begin_row(hidden=bool(_HIDDEN.search(said.get("style", ""))))
            self._in_row = True
        elif tag in ("td", "th"):
            self._begin_cell(said)
        elif self._text is not None:
            if _HIDDEN.search(said.get("style", "")):
                raise Unreadable(_("网页表格的单元格里有隐藏的内容，请另存为 .xlsx 或 .csv 再上传"))
            if tag in _BREAKS and self._text:
                self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self.end_table()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def _begin_table(self) -> None:
        if self._text is not None:
            raise Unreadable(_("表格里套着表格，看不出哪一个是数据，请另存为 .csv 再上传"))
        self.end_table()
        self._grid = Grid()
        self.grids.append(self._grid)

    def end_table(self) -> None:
        self._end_row()
        self._grid = None

    def _begin_cell(self, said: dict[str, str]) -> None:
        self._end_cell()
        if not self._in_row and self._grid is not None:
            self._grid.begin_row()
            self._in_row = True
        if _HIDDEN.search(said.get("style", "")):
            raise Unreadable(_("网页表格的单元格里有隐藏的内容，请另存为 .xlsx 或 .csv 再上传"))
        self._reach = _whole(said.get("colspan")), _whole(said.get("rowspan"))
        self._text = []

    def _end_cell(self) -> None:
        if self._text is None or self._grid is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(self._text).split("\n"))
        across, down = self._reach
        self._grid.add(text.strip(), TEXT, across=across, down=down)
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._in_row and self._grid is not None:
            self._grid.end_row()
        self._in_row = False


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 1
