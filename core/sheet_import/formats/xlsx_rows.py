"""The rows of one sheet of an .xlsx file, one after another."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.parsers import expat

from core.i18n import _
from core.sheet_import.cells import FAULT, NO_VALUE, TEXT, TRUTH, Row, Unreadable, column_of
from core.sheet_import.formats.archive import Archive, damaged
from core.sheet_import.formats.shared_strings import NoStrings, SharedStrings
from core.sheet_import.formats.xml import parser
from core.sheet_import.limits import MOST_CELL, MOST_COLUMNS, MOST_ROWS

_ROW = re.compile(r"\s*<row((?:\s[^<>]*)?)>")
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r"(?:/>|>(?:<v>([^<&]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<&]*)</t></is>)</c>)"
)
_ATTRIBUTE = re.compile(r'(\S+?)="([^"]*)"')
_BEGIN = re.compile(rb"<sheetData\s*>")
_LONGEST_ROW = 64 * 1024 * 1024
_KEPT = 65_536


def sheet_rows(
    archive: Archive,
    path: str,
    strings: SharedStrings | NoStrings,
    formats: int,
    recalculated: bool,
) -> Iterator[Row]:
    """Rows that hold anything, in order. Raises Unreadable.

    `formats` is how many cell styles there are. Where the file asks to be `recalculated`
    when it is opened, the stored results of its formulas are nobody's.
    """
    reading = _Reading(strings, formats, recalculated)
    pieces = archive.pieces(path)
    head = b""
    for piece in pieces:
        head += piece
        if (found := _BEGIN.search(head)) or len(head) > _LONGEST_ROW:
            break
    else:
        found = None
    rest = chain([head], pieces)
    if found is None or not _is_plain(head[: found.start()]):
        yield from _parsed(rest, reading)
    else:
        yield from _split(chain([head[found.end() :]], pieces), reading)


def _is_plain(before: bytes) -> bool:
    """UTF-8 without comments, so that rows can be told apart by their end tags alone."""
    declared = before[:200].lower()
    utf8 = b"encoding" not in declared or b"utf-8" in declared
    return utf8 and b"<!" not in before and before[:1] in (b"<", b"\xef")


def _parsed(pieces: Iterable[bytes], reading: "_Reading") -> Iterator[Row]:
    """The rows of a part read as any XML."""
    made = parser(reading.start, reading.end, reading.text.append)
    try:
        for piece in pieces:
            made.Parse(piece, False)
            while reading.done:
                yield reading.done.popleft()
        made.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
    yield from reading.done


def _split(pieces: Iterator[bytes], reading: "_Reading") -> Iterator[Row]:
    """The rows one by one: those of the usual form quickly, every other one as any XML."""
    rest, is_over = b"", False
    for piece in pieces:
        if is_over:
            continue  # to the end of the part, where its checksum is compared
        rows = (rest + piece).split(b"</row>")
        rest = rows.pop()
        for row in rows:
            reading.read_row(row)
            while reading.done:
                yield reading.done.popleft()
        is_over = rest.lstrip().startswith(b"</sheetData>")
        if len(rest) > _LONGEST_ROW:
            raise damaged()
    if not is_over:
        raise damaged()


class _Reading:
    """What has been read of the sheet; expat calls `start` and `end`."""

    def __init__(
        self, strings: SharedStrings | NoStrings, formats: int, recalculated: bool
    ) -> None:
        self.done: deque[Row] = deque()
        self.text: list[str] = []
        self._strings = strings
        self._formats = formats
        self._recalculated = recalculated
        self._columns: dict[str, int] = {}
        self._kept: dict[str, str] = {}
        self._cells: list[str] = []
        self._styles: list[int] = []
        self._row = 0
        self._hidden = False
        self._cell: dict[str, str] = {}
        self._formula = False
        self._value: str | None = None
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell, self._formula, self._value = attributes, False, None
        elif name in ("v", "t"):
            self.text.clear()
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "rPh":
            self._phonetic = True
        elif ":" in name:
            self.start(name.rpartition(":")[2], attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._value = "".join(self.text)
        elif name == "c":
            self._end_cell()
        elif name == "t" and not self._phonetic:
            self._value = (self._value or "") + "".join(self.text)
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._phonetic = False
        elif ":" in name:
            self.end(name.rpartition(":")[2])

    def read_row(self, content: bytes) -> None:
        """One row without its end tag. Raises Unreadable."""
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise damaged() from error
        found = _ROW.match(text)
        if found is None or "\r" in text or not self._quick(text, found):
            made = parser(self.start, self.end, self.text.append)
            try:
                made.Parse(f"<rows>{text}</row></rows>", True)
            except expat.ExpatError as error:
                raise damaged() from error

    def _quick(self, text: str, found: re.Match[str]) -> bool:
        """Read a row that is nothing but cells of the usual form; False if it is not.

        Each `<` of the row must belong to a cell that was recognised: then none was missed.
        """
        cells = _CELL.findall(text, found.end())
        empty, inline, valued = text.count("/>"), text.count("<is>"), text.count("<v>")
        if (
            len(cells) != empty + inline + valued
            or text.count("<") != 1 + empty + 6 * inline + 4 * valued
        ):
            return False
        self._begin_row(dict(_ATTRIBUTE.findall(found[1])))
        texts, styles, kept, columns = self._cells, self._styles, self._kept, self._columns
        n = 0
        for letters, style, kind, value, inside in cells:
            if not value and not inside:
                continue
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_of(letters)
            if column != n:
                self._check_place(column)
                self._skip_to(column)
                n = column
            n += 1
            if kind == "s":
                known = kept.get(value)
                texts.append(self._shared(value) if known is None else known)
                styles.append(TEXT)
            elif not kind and value:
                texts.append(value)
                styles.append(int(style) if style else 0)
            else:
                self._cell = {"t": kind, "s": style or "0"}
                self._formula = False
                meaning, shown = self._meaning(value or inside)
                self._check_text(shown)
                texts.append(shown)
                styles.append(meaning)
        self._end_row()
        return True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        before = self._row
        self._row = int(number) if number.isdecimal() and len(number) < 8 else before + 1
        if self._row <= before:
            raise damaged()
        if self._row > MOST_ROWS:
            raise Unreadable(_("表格的行数超过一百一十万，请只留需要的数据"))
        self._hidden = attributes.get("hidden") in ("1", "true")
        self._cells, self._styles = [], []

    def _end_row(self) -> None:
        if any(self._cells) or NO_VALUE in self._styles:
            self.done.append(Row(self._row, self._cells, self._styles, self._hidden))
        self._cells, self._styles = [], []

    def _end_cell(self) -> None:
        value = self._value
        if value is None and not self._formula:
            return
        style, text = self._meaning(value)
        column = self._place()
        self._check_text(text)
        self._check_place(column)
        self._skip_to(column)
        self._cells.append(text)
        self._styles.append(style)

    def _check_place(self, column: int) -> None:
        if column < len(self._cells):
            raise damaged()
        if column >= MOST_COLUMNS:
            raise Unreadable(_("表格的列数超过 1000，请只留需要的列"))

    def _check_text(self, text: str) -> None:
        if len(text) > MOST_CELL:
            raise damaged()

    def _place(self) -> int:
        """The cell's column: told by its reference, else the next one."""
        reference = self._cell.get("r")
        if reference is None:
            return len(self._cells)
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = column_of(letters)
            if column < 0:
                raise damaged()
            self._columns[letters] = column
        return column

    def _skip_to(self, column: int) -> None:
        missing = min(column, MOST_COLUMNS) - len(self._cells)
        if missing > 0:
            self._cells += [""] * missing
            self._styles += [TEXT] * missing

    def _meaning(self, value: str | None) -> tuple[int, str]:
        """What the cell is, and its text."""
        kind = self._cell.get("t", "n")
        if self._formula and (value is None or self._recalculated):
            return NO_VALUE, ""
        value = value or ""
        if kind == "s":
            return TEXT, self._shared(value)
        if kind == "n":
            if not value.strip():
                return (NO_VALUE, "") if self._formula else (TEXT, "")
            style = self._cell.get("s", "0")
            return (int(style) if style.isdecimal() else self._formats), value.strip()
        if kind == "b":
            return TRUTH, "TRUE" if value == "1" else "FALSE"
        if kind in ("str", "inlineStr", "d"):
            return TEXT, value
        if kind == "e":
            return FAULT, value
        raise damaged()

    def _shared(self, value: str) -> str:
        if not value.isdecimal() or len(value) > 9 or int(value) >= len(self._strings):
            raise damaged()
        text = self._strings[int(value)]
        self._check_text(text)
        if len(self._kept) < _KEPT:
            self._kept[value] = text
        return text
