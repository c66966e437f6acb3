"""The parts of xlrd that it does not promise to keep, used here and nowhere else.

It tells whether a sheet is hidden only once the sheet is read whole, and it tells nothing of
formulas: for these the records of the sheet are read again, from where it says they begin.
`tests/core/test_private_parts.py` checks the shape that is relied on.
"""

import struct

from xlrd.book import Book

_BOF, _EOF, _FORMULA = (0x0809, 0x0409, 0x0209, 0x0009), 0x000A, (0x0006, 0x0206, 0x0406)


def is_visible(book: Book, index: int) -> bool:
    """Neither hidden nor very hidden."""
    return bool(book._sheet_visibility[index] == 0)


def zero_formulas(book: Book, index: int) -> frozenset[tuple[int, int]]:
    """Cells, from 0, whose formula has the result 0.

    Here every formula stores a result, and a program that does not compute stores 0. Nobody
    can tell the two apart, so none of them is taken for a value.
    """
    found, depth = set(), 0
    position = book._sh_abs_posn[index]
    memory, end = book.mem, book.base + book.stream_len
    while position + 4 <= end:
        kind, length = struct.unpack_from("<HH", memory, position)
        if kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind in _FORMULA and depth == 1 and length >= 14:
            row, column, _style, result = struct.unpack_from("<HHH8s", memory, position + 4)
            if not any(result):
                found.add((row, column))
        position += 4 + length
    return frozenset(found)
