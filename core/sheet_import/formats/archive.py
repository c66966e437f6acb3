"""The parts of an .xlsx file, inflated piece by piece and never believed about their size."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from core.i18n import _
from core.sheet_import.cells import Unreadable
from core.sheet_import.limits import MOST_INFLATED, MOST_PARTS

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_PIECE = 1 << 18
_MOST_SMALL_PART = 32 * 1024 * 1024
_MOST_GROWTH = 250
"""Sheets shrink to a twentieth; nothing that a person made shrinks to a two-hundredth."""
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, OSError)


def damaged() -> Unreadable:
    return Unreadable(_("表格文件已损坏，请重新导出后再上传"))


class Archive:
    """A zip file. Names are compared without regard to case and without a leading slash."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        try:
            parts = zipfile.ZipFile(file).infolist()
        except BROKEN as error:
            raise damaged() from error
        if len(parts) > MOST_PARTS:
            raise damaged()
        self._parts = {_plain_name(part.filename): part for part in parts}

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self._parts

    def names(self) -> Iterator[str]:
        return iter(self._parts)

    def packed_size(self, name: str) -> int:
        return self._parts[_plain_name(name)].compress_size

    def read(self, name: str) -> bytes:
        """A whole part that describes others. Raises Unreadable if it is missing or huge."""
        content = bytearray()
        for piece in self.pieces(name):
            content += piece
            if len(content) > _MOST_SMALL_PART:
                raise too_large()
        return bytes(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """What a part really holds, to its end, which its checksum must confirm."""
        part = self._parts.get(_plain_name(name))
        if part is None or part.flag_bits & 1:
            raise damaged()
        try:
            yield from _bounded(self._inflated(part), part)
        except BROKEN as error:
            raise damaged() from error

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(part.header_offset)
        header = _LOCAL_HEADER.unpack(self._file.read(_LOCAL_HEADER.size))
        position = part.header_offset + _LOCAL_HEADER.size + header[9] + header[10]
        left = part.compress_size
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError("a workbook is stored or deflated")
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        while left:
            self._file.seek(position)
            packed = self._file.read(min(left, _PIECE))
            if not packed:
                raise zipfile.BadZipFile("the file ends within a part")
            position, left = position + len(packed), left - len(packed)
            if part.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            while packed and not inflater.eof:
                yield inflater.decompress(packed, _PIECE)
                packed = inflater.unconsumed_tail
            if inflater.eof:
                break
        if part.compress_type == zipfile.ZIP_DEFLATED and not inflater.eof:
            raise zipfile.BadZipFile("the part is cut off")


def _bounded(pieces: Iterator[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    size, checksum = 0, 0
    most = min(MOST_INFLATED, max(_MOST_SMALL_PART, part.compress_size * _MOST_GROWTH))
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise too_large()
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != part.CRC:
        raise zipfile.BadZipFile("the checksum differs")


def too_large() -> Unreadable:
    return Unreadable(_("表格解压后过大，疑似异常文件，请另存为 .csv 再上传"))


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
