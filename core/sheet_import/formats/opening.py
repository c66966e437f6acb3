"""What a file is, told by its bytes and never by its name."""

import codecs
from collections.abc import Collection
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import Book, Unreadable
from core.sheet_import.formats.delimited import open_delimited
from core.sheet_import.formats.html_table import open_html
from core.sheet_import.formats.xls import open_xls
from core.sheet_import.formats.xlsx import open_xlsx
from core.sheet_import.formats.xml_2003 import open_xml_2003
from core.sheet_import.limits import MOST_BYTES, MOST_MARKUP_BYTES, MOST_WORKBOOK_BYTES

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_STREAM = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
_NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_HEAD = 8192


def open_table(file: BinaryIO, words: Collection[str] = ()) -> Book:
    """The sheets of a file that can be read again from its start. Raises Unreadable.

    `words` are those of the headings wanted; they tell which delimiter a text file has.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip(b"\x00 \t\r\n"):
        raise Unreadable(_("文件是空的"))
    if head.startswith(b"PK\x03\x04"):
        _at_most(size, MOST_WORKBOOK_BYTES)
        return open_xlsx(file)
    if head.startswith((_OLE, *_OLD_STREAM)):
        return open_xls(file)
    if head.startswith(_NO_TABLE) or head.startswith(b"PK"):
        raise Unreadable(_("只能上传 .xlsx、.xls 或 .csv，请另存为其中一种再上传"))
    start = _as_text(head).lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        _at_most(size, MOST_MARKUP_BYTES)
        return _open_markup(file, start)
    if start.startswith("mime-version:"):
        raise Unreadable(_("这是单个网页文件，请在表格程序里打开，另存为 .xlsx 再上传"))
    _at_most(size, MOST_BYTES)
    return open_delimited(file, words)


def _open_markup(file: BinaryIO, start: str) -> Book:
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start:
        return open_xml_2003(file)
    if any(tag in start for tag in ("<html", "<table", "<!doctype html", "<meta")):
        return open_html(file)
    raise Unreadable(_("只能上传 .xlsx、.xls 或 .csv，请另存为其中一种再上传"))


def _as_text(head: bytes) -> str:
    """The first characters, well enough to see whether they are markup."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    return head.replace(b"\x00", b"").decode("utf-8", "ignore")


def _at_most(size: int, most: int) -> None:
    if size > most:
        sentence = _("文件超过 %(mb)s MB，请拆分后再上传") % {"mb": most // 1024 // 1024}
        raise Unreadable(sentence)
