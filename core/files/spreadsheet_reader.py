"""The process that parses an uploaded table, and the limits on its size: bytes in, JSON out.

The answer is the list of rows, or the sentence that refuses the file. The format is recognised by
the bytes, not by the name. A library that runs out of memory, loops or crashes on a forged file
ends this process alone.
"""

import csv
import io
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from core.i18n import _

MOST_BYTES = 10 * 1024 * 1024
MOST_INFLATED = 64 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_TEXT = 32 * 1024 * 1024
MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 20
_MOST_CELL = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_XLSX = "EncryptedPackage".encode("utf-16-le")
# a workbook's first record, perhaps "write protected", then "what follows is encrypted"
_ENCRYPTED_XLS = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_XLSX_PART = "xl/workbook.xml"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")

Cell = str | int | float | bool | date | datetime | time | timedelta


class Unreadable(Exception):
    """The file is refused; the message is the sentence for the person who uploaded it."""


def main() -> None:
    """Read within the limits, which this process cannot lift again."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: list[list[str]] | str
    try:
        answer = table_rows(sys.stdin.buffer.read())
    except Unreadable as refusal:
        answer = str(refusal)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


def table_rows(content: bytes) -> list[list[str]]:
    """The rows of the first sheet, as `core.files.spreadsheets.read_rows` gives them.

    Raises Unreadable.
    """
    if content.startswith((b"PK\x03\x04", _OLE)):
        rows = _workbook_rows(content)
    else:
        rows = _text_rows(content)
    return list(_within_bounds(rows))


def _within_bounds(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Trimmed, with blank rows emptied. Raises Unreadable as soon as there is too much."""
    letters = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise Unreadable(_("表格最多 2 万行、100 列"))
        trimmed = [cell.strip() for cell in row]
        letters += sum(map(len, trimmed))
        if letters > MOST_TEXT:
            raise Unreadable(_("表格里的文字太多，请拆分后再上传"))
        yield trimmed if any(trimmed) else []


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    if content.startswith(b"PK"):
        _measure_workbook(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise Unreadable(_("表格最多 2 万行、100 列"))
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        if _has_password(content):
            raise Unreadable(_("表格设了密码，请取消密码后再上传")) from error
        raise Unreadable(_("无法读取这个表格，请另存为 .xlsx 或 .csv 再上传")) from error
    return ([_text(cell) for cell in row] for row in rows)


def _has_password(content: bytes) -> bool:
    """The library says only that it knows no such format."""
    return _ENCRYPTED_XLSX in content or bool(_ENCRYPTED_XLS.search(content))


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
            return str(cell)[:_MOST_CELL]


def _measure_workbook(content: bytes) -> None:
    """Refuse a zip file that is no .xlsx, and a zip bomb, by the sizes it states and by what it
    really inflates to."""
    bomb = Unreadable(_("表格解压后过大，疑似异常文件，请另存为 .csv 再上传"))
    left = MOST_INFLATED
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
            raise bomb
        if _XLSX_PART not in {part.filename for part in parts}:
            raise Unreadable(_("只能上传 .xlsx、.xls 或 .csv，请另存为其中一种再上传"))
        for part in parts:
            for chunk in _inflate(content, part):
                left -= len(chunk)
                if left < 0:
                    raise bomb
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError) as error:
        raise Unreadable(_("表格文件已损坏，请重新导出后再上传")) from error


def _inflate(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real size of a part; the sizes written in the file may be false."""
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


def _text_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable(_("文件不是文本表格，请上传 .xlsx、.xls 或 .csv"))
    first_line = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(_("文件不是合格的 CSV 表格")) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030, in which China's exports come."""
    encodings = (
        ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("认不出文件的文字编码，请另存为 UTF-8 的 .csv 或 .xlsx"))


if __name__ == "__main__":
    main()
