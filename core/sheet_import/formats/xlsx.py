"""Workbooks of Excel 2007 and later, row by row.

The library that reads whole sheets tells neither hidden rows nor number formats nor formulas
without a value, and needs gigabytes for the largest sheets; so the XML is read here.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import Book, Merge, Sheet, Unreadable, column_of
from core.sheet_import.formats.archive import Archive, damaged
from core.sheet_import.formats.number_formats import BUILT_IN
from core.sheet_import.formats.shared_strings import NoStrings, SharedStrings
from core.sheet_import.formats.xlsx_rows import sheet_rows
from core.sheet_import.formats.xml import bare, parse_all
from core.sheet_import.limits import MOST_MERGES, MOST_SHEETS

_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([a-z]+)=[\"'](\w+)[\"']", re.IGNORECASE)
_KEEP = 4096


def open_xlsx(file: BinaryIO) -> Book:
    """The visible sheets can be read; hidden ones are only named. Raises Unreadable."""
    archive = Archive(file)
    main = _main_part(archive)
    described = _Workbook(archive.read(main))
    relations = _relations(archive, main)
    strings = _strings(archive, relations)
    formats = _number_formats(archive, relations)
    sheets = []
    for name, state, relation in described.sheets[:MOST_SHEETS]:
        path = relations.get(relation, ("", ""))[1]
        if not relations.get(relation, ("", ""))[0].endswith("/worksheet"):
            continue  # a sheet that is one chart
        visible = state in ("", "visible")
        merges, hidden = _layout(archive, path) if visible else ([], frozenset())
        rows = partial(sheet_rows, archive, path, strings, len(formats), described.recalculated)
        sheets.append(
            Sheet(
                name=name, rows=rows, visible=visible, merges=merges, hidden_columns=hidden,
                number_formats=formats, epoch_1904=described.epoch_1904,
            )
        )  # fmt: skip
    return Book(".xlsx", sheets)


def _main_part(archive: Archive) -> str:
    main = next(
        (
            target
            for kind, target in _relations(archive, "").values()
            if kind.endswith("/officeDocument")
        ),
        "xl/workbook.xml",
    )
    if main.endswith(".bin"):
        raise Unreadable(_("这是 .xlsb 表格，请另存为 .xlsx 或 .csv 再上传"))
    if main not in archive or not main.startswith("xl/"):
        raise Unreadable(_("只能上传 .xlsx、.xls 或 .csv，请另存为其中一种再上传"))
    return main


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id → (type, path in the file)."""
    folder, base = posixpath.split(part)
    where = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if bare(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = attributes.get("Type", ""), target.lstrip("/")

    if where in archive:
        parse_all([archive.read(where)], start, lambda _name: None, lambda _text: None)
    return found


class _Workbook:
    """The list of sheets, and how its numbers are to be taken."""

    def __init__(self, content: bytes) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.epoch_1904 = False
        self.recalculated = False
        parse_all([content], self._start, lambda _name: None, lambda _text: None)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = bare(name)
        plain = {bare(key): value for key, value in attributes.items()}
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            self.sheets.append((plain.get("name", ""), plain.get("state", ""), relation))
        elif name == "workbookPr":
            self.epoch_1904 = plain.get("date1904") in ("1", "true")
        elif name == "calcPr":
            # Programs that write formulas without computing them ask for this.
            self.recalculated = plain.get("fullCalcOnLoad") in ("1", "true")


def _strings(archive: Archive, relations: dict[str, tuple[str, str]]) -> SharedStrings | NoStrings:
    for kind, path in relations.values():
        if kind.endswith("/sharedStrings") and path in archive:
            return SharedStrings(archive.pieces(path))
    return NoStrings()


def _number_formats(archive: Archive, relations: dict[str, tuple[str, str]]) -> list[str]:
    """The number format of each cell style, in the order in which cells refer to them."""
    codes: dict[int, str] = dict(BUILT_IN)
    styles: list[int] = []
    inside = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = bare(name)
        if name == "numFmt" and (number := attributes.get("numFmtId", "")).isdecimal():
            codes[int(number)] = attributes.get("formatCode", "General")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            number = attributes.get("numFmtId", "0")
            styles.append(int(number) if number.isdecimal() else 0)

    def end(name: str) -> None:
        if bare(name) == "cellXfs":
            inside[0] = False

    for kind, path in relations.values():
        if kind.endswith("/styles") and path in archive:
            parse_all([archive.read(path)], start, end, lambda _text: None)
    # A number that is no format's shows as the program likes: it is refused where it is used.
    return [codes.get(number, "?") for number in styles] or ["General"]


def _layout(archive: Archive, path: str) -> tuple[list[Merge], frozenset[int]]:
    """The merged cells and the hidden columns, which stand after and before the rows.

    The rows between are only inflated here, and with it the part's true size is known.
    """
    merges: list[Merge] = []
    hidden: set[int] = set()
    rest, before_rows = b"", True
    for piece in _whole_tags(archive, path):
        if before_rows:
            head, found, _rows = piece.partition(b"sheetData")
            hidden.update(*map(_hidden_range, _COLUMN.findall(head)))
            before_rows = not found
        if b"mergeCell" in piece:
            for left, top, right, bottom in _MERGE.findall(piece):
                columns = column_of(left.decode()), column_of(right.decode())
                merges.append(Merge(int(top), int(bottom), *columns))
            if len(merges) > MOST_MERGES:
                raise damaged()
    del rest
    return merges, frozenset(hidden)


def _whole_tags(archive: Archive, path: str) -> Iterator[bytes]:
    """The part in pieces that end at the end of a tag."""
    rest = b""
    for piece in archive.pieces(path):
        cut = piece.rfind(b">") + 1
        if cut:
            yield rest + piece[:cut]
            rest = piece[cut:]
        else:
            rest += piece
            if len(rest) > 1 << 20:
                rest = rest[-_KEEP:]
    yield rest


def _hidden_range(tag: bytes) -> set[int]:
    said = dict(_ATTRIBUTE.findall(tag))
    if said.get(b"hidden") not in (b"1", b"true"):
        return set()
    first, last = said.get(b"min", b"1"), said.get(b"max", b"1")
    if not first.isdigit() or not last.isdigit():
        return set()
    return set(range(int(first) - 1, min(int(last), 1000)))
