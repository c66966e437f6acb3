"""Files in the format of Excel 97 to 2003, written as little as a reader can make do with."""

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LEAST_STREAM = 4096  # shorter streams would need a second allocation table


def xls(rows: Sequence[Sequence[str | float]], *, password: bool = False) -> bytes:
    """One sheet; `password` only says that the rest is encrypted, as the format does."""
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if password:
        head += _record(0x002F, b"\x01\x00" + bytes(52))
    name = b"Sheet1"
    sheet_at = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x0085, struct.pack("<IHBB", sheet_at, 0, len(name), 0) + name)
    head += _record(0x000A)
    return compound_file({"Workbook": head + _sheet(rows)})


def _sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    height, width = len(rows), max(map(len, rows))
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    out += _record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", line, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                out += _record(0x0204, place + text)
            else:
                out += _record(0x0203, place + struct.pack("<d", cell))
    return out + _record(0x000A)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file of a few short streams: one allocation sector, one of names."""
    table, data = [_FAT, _END], b""
    entries = [_entry("Root Entry", 5, child=1 if streams else _FREE, start=_END)]
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(_LEAST_STREAM, b"\0")
        padded += bytes(-len(padded) % _SECTOR)
        start, count = len(table), len(padded) // _SECTOR
        table += [*range(start + 1, start + count), _END]
        after = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, right=after, start=start, size=len(padded)))
        data += padded
    assert len(table) <= _SECTOR // 4
    assert len(entries) <= _SECTOR // 128
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST_STREAM, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    names = b"".join(entries).ljust(_SECTOR, b"\0")
    return header + struct.pack(f"<{len(table)}I", *table) + names + data


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int = 0
) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    out = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    out += struct.pack("<III", _FREE, right, child) + bytes(36)
    return out + struct.pack("<IQ", start, size)
