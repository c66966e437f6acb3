"""The encoding of a text file, told by all of its bytes."""

import codecs
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import Unreadable

_PIECE = 1 << 20
_SURE = 8
"""So many characters beyond ASCII in a row that are good UTF-8 are no accident of GB18030."""


def encoding_of(file: BinaryIO) -> str:
    """UTF-8, UTF-16 (with or without its mark) or GB18030. Raises Unreadable."""
    head = file.read(4096)
    file.seek(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _checked(file, "utf-16")
    if guessed := _unmarked_utf16(head):
        return _checked(file, guessed)
    if b"\x00" in head:
        raise Unreadable(_("文件不是表格，请上传 .xlsx、.xls 或 .csv"))
    good = _good_utf8(file)
    if good < 0:
        return "utf-8-sig"
    if good >= _SURE:
        raise Unreadable(_("文件里有损坏的文字，请重新导出后再上传"))
    return _checked(file, "gb18030")


def _unmarked_utf16(head: bytes) -> str | None:
    """Every second byte of a table's ASCII characters is 0, on one side only."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 20 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 20 and odd == 0 else None


def _good_utf8(file: BinaryIO) -> int:
    """-1 if all of the file is UTF-8, else how many characters beyond ASCII are good before
    the first that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    good = 0
    file.seek(0)
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode("utf-8", "ignore")
            return good + _beyond_ascii(before)
        if not piece:
            return -1
        _check_lines(text, len(piece) == _PIECE)
        if good < _SURE and not text.isascii():
            good += _beyond_ascii(text)


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _checked(file: BinaryIO, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            _check_lines(decoder.decode(piece), len(piece) == _PIECE)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        sentence = _("认不出文件的文字编码，请另存为 UTF-8 的 .csv 或 .xlsx")
        raise Unreadable(sentence) from error
    return encoding


def _check_lines(text: str, is_whole: bool) -> None:
    """No table has a character 0, or lines of a million characters."""
    if "\0" in text:
        raise Unreadable(_("文件不是表格，请上传 .xlsx、.xls 或 .csv"))
    if is_whole and "\n" not in text and "\r" not in text:
        raise Unreadable(_("文件里有一行过长，不是合格的表格"))
