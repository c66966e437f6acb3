"""Reading tables that people upload: .xlsx, .xls and .csv become rows of text.

What a file is, is told by its bytes, not by its name. A workbook is a zip file: it is
inflated and measured here before anything parses it.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from core.i18n import _
from core.problems import FieldError, Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_INFLATED = 64 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 100
_MOST_CELL = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,4})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s/>]")
# A workbook of Excel's older binary kind, or of another office, would pass unmeasured.
_WORKBOOK = "xl/workbook.xml"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")

Cell = str | int | float | bool | date | datetime | time | timedelta


def read_rows(content: bytes, field: str) -> list[list[str]]:
    """The rows of the first sheet as trimmed text, blank rows as empty lists.

    Row 1 of the file is item 0. Numbers keep their value without an exponent; moments are
    ISO. Raises Invalid about `field` with a sentence that says what to do.
    """
    if len(content) > MOST_BYTES:
        raise _refusal(field, _("文件超过 10 MB，请拆分后再上传"))
    if not content.strip():
        raise _refusal(field, _("文件是空的"))
    if content.startswith((b"PK\x03\x04", _OLE)):
        rows = _workbook_rows(content, field)
    else:
        rows = _text_rows(content, field)
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise _refusal(field, _("表格最多 2 万行、100 列"))
    return [row if any(row) else [] for row in rows]


def _refusal(field: str, message: str) -> Invalid:
    return Invalid("unreadable_file", message, errors=[FieldError(field, message)])


def _workbook_rows(content: bytes, field: str) -> list[list[str]]:
    if content.startswith(b"PK"):
        _measure_workbook(content, field)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise _refusal(field, _("表格设了密码，请取消密码后再上传")) from error
    except (CalamineError, IndexError, ValueError) as error:
        raise _refusal(field, _("无法读取这个表格，请另存为 .xlsx 或 .csv 再上传")) from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Cell) -> str:
    match cell:
        case bool():
            return _("是") if cell else _("否")
        case float() if cell.is_integer():
            return format(cell, ".0f")
        case float():
            return format(Decimal(repr(cell)), "f")
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)[:_MOST_CELL].strip()


def _measure_workbook(content: bytes, field: str) -> None:
    """Refuse a zip bomb, by what it says of itself and by what it really inflates to.

    The reader keeps a sheet as one full rectangle, so a single cell in the farthest corner
    would also fill the memory: cells out of range are refused here as well.
    """
    bomb = _refusal(field, _("表格解压后过大，疑似异常文件，请另存为 .csv 再上传"))
    left = MOST_INFLATED
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
        if _WORKBOOK not in {part.filename for part in parts}:
            raise _refusal(field, _("无法读取这个表格，请另存为 .xlsx 或 .csv 再上传"))
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
            raise bomb
        for part in parts:
            inflated = bytearray()
            for chunk in _inflate(content, part):
                inflated += chunk
                if len(inflated) > left:
                    raise bomb
            left -= len(inflated)
            if _too_wide(bytes(inflated)):
                raise _refusal(field, _("表格最多 2 万行、100 列"))
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        raise _refusal(field, _("表格文件已损坏，请重新导出后再上传")) from error


def _inflate(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part really holds; the sizes written in the file are not believed."""
    header = _LOCAL_HEADER.unpack_from(content, part.header_offset)
    start = part.header_offset + _LOCAL_HEADER.size + header[9] + header[10]
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError("a workbook is stored or deflated")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflater.eof:
        yield inflater.decompress(packed, 1 << 20)
        packed = inflater.unconsumed_tail


def _too_wide(part: bytes) -> bool:
    """Whether a part holds a sheet with cells out of range, by their names or, where they
    have none, by their number; any part may be a sheet, whatever it is called."""
    if b"sheetData" not in part:
        return False
    if any(int(row) > MOST_ROWS for row in _ROW.findall(part)):
        return True
    rows = _ROW_START.split(part)
    if len(rows) > MOST_ROWS + 1 or any(
        len(_CELL_START.findall(row)) > MOST_COLUMNS for row in rows
    ):
        return True
    return any(
        int(row) > MOST_ROWS or _column_number(column) > MOST_COLUMNS
        for column, row in _CELL.findall(part)
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text_rows(content: bytes, field: str) -> list[list[str]]:
    text = _decoded(content, field)
    if "\x00" in text:
        raise _refusal(field, _("文件不是文本表格，请上传 .xlsx、.xls 或 .csv"))
    first_line = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _refusal(field, _("文件不是合格的 CSV 表格")) from error
    return [[cell.strip() for cell in row] for row in rows]


def _decoded(content: bytes, field: str) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030, in which China's exports come."""
    encodings = (
        ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refusal(field, _("认不出文件的文字编码，请另存为 UTF-8 的 .csv 或 .xlsx"))
