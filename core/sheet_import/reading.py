"""Rows of a sheet become records, by a plan that is settled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.i18n import _
from core.sheet_import.cells import TEXT, Row, Sheet
from core.sheet_import.fields import MEASURED, Kind
from core.sheet_import.header import Layout, first_rows
from core.sheet_import.mapping import Mapping
from core.sheet_import.plan import Reading
from core.sheet_import.questions import Fault, Question
from core.sheet_import.rows import Left, Merged, Refused, Rows
from core.sheet_import.text import BadCell
from core.sheet_import.values import Doubt, Reader, Value, cell_reader, seen

_CACHED = 4096
_MOST_UNIQUE = 1_200_000


class Record(NamedTuple):
    """One row understood: `values` and the `raw` cells as seen, in the order of the plan."""

    row: int
    values: tuple[Value, ...]
    raw: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A cell waits for the answer to a question."""

    row: int
    question: Question


Outcome = Record | Left | Fault | Asked


class _Column:
    """One planned column with its reader and what it has read before.

    `known` holds values by their text, for cells that are text; a field whose every value
    must be another one keeps none.
    """

    def __init__(self, reading: Reading, sheet: Sheet, mapping: Mapping) -> None:
        self.field = reading.field
        self.index = reading.column.index
        self.title = reading.column.heading.text
        self.known: dict[str, Value] = {}
        self._read: Reader = cell_reader(reading, sheet, mapping)
        self._rows: dict[Value, int] = {}

    def read(self, cell: str, style: int, row: int) -> Value:
        """Raises BadCell and Doubt."""
        value = self._read(cell, style)
        if value is None and self.field.filled:
            raise BadCell(_("没有填写"))
        if self.field.unique:
            self._check_unique(value, row)
        elif style == TEXT and len(self.known) < _CACHED:
            self.known[cell] = value
        return value

    def _check_unique(self, value: Value, row: int) -> None:
        if value is not None and (first := self._rows.setdefault(value, row)) != row:
            raise BadCell(_("与第 %(row)s 行重复") % {"row": first})
        if len(self._rows) > _MOST_UNIQUE:
            raise BadCell(_("行数太多，不能逐行比较"))


class Sheetful:
    """All that one sheet gives. `rows` tells afterwards what was met on the way."""

    def __init__(
        self, sheet: Sheet, layout: Layout, readings: Sequence[Reading], mapping: Mapping
    ) -> None:
        labels = [r.column.index for r in readings if r.field.kind in (Kind.KEY, Kind.NAME)]
        self._sheet = sheet
        self._columns = [_Column(reading, sheet, mapping) for reading in readings]
        self._layout = layout
        down = [c.index for c in self._columns if c.field.kind not in MEASURED]
        self._merged = Merged(sheet.merges, down)
        self._troubles: list[Fault | Asked] = []
        self.rows = Rows(sheet, layout, labels, hidden=mapping.answer("hidden_rows"))

    def outcomes(self) -> Iterator[Outcome]:
        if self._layout.pairs:
            yield from self._of_pairs()
            return
        of_row = self._of_row if self._merged else self._of_unmerged_row
        for row in self.rows:
            if isinstance(row, Row):
                record = of_row(row)
                if record is not None:
                    yield record
                else:
                    yield from self._troubles
            elif isinstance(row, Refused):
                yield Fault(row.row, row.column, row.sentence)
            else:
                yield row

    def _of_unmerged_row(self, row: Row) -> Record | None:
        """The record of a row, or None with its troubles set; the way most rows go."""
        number, cells, styles, _hidden = row
        values: list[Value] = []
        raw: list[str] = []
        width = len(cells)
        try:
            for column in self._columns:
                index = column.index
                cell = cells[index] if index < width else ""
                style = styles[index] if index < len(styles) else TEXT
                if style == TEXT:
                    raw.append(cell)
                    known = column.known
                    values.append(known[cell] if cell in known else column.read(cell, TEXT, number))
                else:
                    raw.append(seen(cell, style, self._sheet.number_formats))
                    values.append(column.read(cell, style, number))
        except (BadCell, Doubt):
            return self._of_row(row)
        return Record(number, tuple(values), tuple(raw))

    def _of_row(self, row: Row) -> Record | None:
        cells = (self._merged.filled(row, column.index) for column in self._columns)
        return self._of_cells(row.number, [(row.number, *cell) for cell in cells])

    def _of_cells(self, number: int, cells: Sequence[tuple[int, str, int]]) -> Record | None:
        """As above for cells of (row, text, style), with all the troubles of all of them."""
        self._troubles = []
        values: list[Value] = []
        raw: list[str] = []
        for column, (row, cell, style) in zip(self._columns, cells, strict=True):
            try:
                values.append(column.read(cell, style, row))
                raw.append(seen(cell, style, self._sheet.number_formats))
            except BadCell as bad:
                self._troubles.append(Fault(row, column.title, str(bad)))
            except Doubt as doubt:
                self._troubles.append(Asked(row, doubt.question))
        return None if self._troubles else Record(number, tuple(values), tuple(raw))

    def _of_pairs(self) -> Iterator[Outcome]:
        """A sheet of names and values is one record; each value stands right of its name."""
        by_number = {row.number: row for row in first_rows(self._sheet)}
        right = self._layout.titles_in + 1
        rows = [by_number[column.index] for column in self._columns]
        cells = [(row.number, row.cell(right), row.style(right)) for row in rows]
        record = self._of_cells(self._layout.first, cells)
        yield from self._troubles if record is None else [record]
