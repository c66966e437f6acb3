"""Sheets, rows and cells as a file holds them, before anybody knows what they mean.

A row keeps two lists of the same length: the text of each cell, and what the file says the
cell is. A text file says nothing, so its rows share an empty second list.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

TEXT = -1
"""The cell holds text; so does every cell of a row whose `styles` are empty."""
FAULT = -2
"""An error value such as #DIV/0!, given as its text."""
NO_VALUE = -3
"""A formula whose result was never stored; the text is empty."""
TRUTH = -4
"""A truth value, given as TRUE or FALSE."""
# A style from 0 on is a number: the index of its number format in `Sheet.number_formats`.


class Unreadable(Exception):
    """The file is refused; the message is the sentence for the person who uploaded it."""


class Row(NamedTuple):
    """One row; `number` is the one that a spreadsheet program shows, from 1."""

    number: int
    cells: list[str]
    styles: Sequence[int]
    hidden: bool

    def style(self, column: int) -> int:
        return self.styles[column] if column < len(self.styles) else TEXT

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


class Merge(NamedTuple):
    """Cells shown as one: rows from 1, columns from 0, both ends included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` may be called again and reads the sheet anew from its beginning.

    `strict` is a sheet whose every row must have as many cells as its header: a text file,
    where a row that is longer or shorter has its cells in wrong columns.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    visible: bool = True
    strict: bool = False
    merges: Sequence[Merge] = ()
    hidden_columns: frozenset[int] = frozenset()
    number_formats: Sequence[str] = ()
    epoch_1904: bool = False


@dataclass(frozen=True)
class Book:
    """All sheets of one file; `form` says what the file is, for the person to read."""

    form: str
    sheets: Sequence[Sheet] = field(default_factory=tuple)


def column_letters(column: int) -> str:
    """A, B, … Z, AA, as spreadsheet programs name column 0, 1, …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(reference: str) -> int:
    """The column, from 0, of a cell's reference such as AB12; -1 if it names none."""
    column = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
        if column > 20_000:
            return -1
    return column - 1
