"""Finding the header: by its columns, within the first rows, whatever stands above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from core.sheet_import.cells import Merge, Row, Sheet
from core.sheet_import.fields import Field
from core.sheet_import.headings import Heading, heading, joined, titles_of, words_in
from core.sheet_import.limits import HEADER_WITHIN


@dataclass(frozen=True)
class Column:
    """A titled column. `key` tells it from every other column of the same file."""

    index: int
    heading: Heading
    key: str


@dataclass(frozen=True)
class Layout:
    """Where a sheet's header is: rows `first` to `last`, one or two lines.

    `lines` are the header's rows as they stand, `width` its number of cells. In a sheet of
    `pairs` the titles run downwards in the column `titles_in`, the values right of them.
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, ...], ...]
    width: int
    notes: tuple[tuple[int, str], ...] = ()
    pairs: bool = False
    titles_in: int = -1


_Title = tuple[int, int, Heading]
"""A title of names and values downwards: its row, its column, and the heading."""
_MOST_TITLE_COLUMNS = 20


@dataclass(frozen=True)
class _Candidate:
    matched: int
    rows: tuple[Row, ...]
    titles: tuple[str, ...]


def first_rows(sheet: Sheet, most: int = HEADER_WITHIN) -> list[Row]:
    """The rows among which the header stands, hidden ones left out."""
    within = (row for row in islice(sheet.rows(), most + 1) if row.number <= most)
    return [row for row in within if not row.hidden]


def find_layout(
    sheet: Sheet, rows: Sequence[Row], fields: Sequence[Field], chosen: int | None = None
) -> Layout | None:
    """The header in which most of the fields are known; None where none is.

    `chosen` is the row that a person said it is.
    """
    known = [{title.words for title in titles_of(field)} for field in fields]
    candidates = [_single(sheet, row, known) for row in rows]
    candidates += [
        _double(sheet, upper, lower, known)
        for upper, lower in pairwise(rows)
        if lower.number == upper.number + 1 and _are_linked(sheet.merges, upper, lower)
    ]
    if chosen is not None:
        candidates = [one for one in candidates if one.rows[-1].number == chosen]
    # Of two that know as much, the one of two lines says more, and the upper one is the header.
    best = max(
        candidates, key=lambda one: (one.matched, len(one.rows), -one.rows[0].number), default=None
    )
    pairs = _pairs(rows, known) if chosen is None else []
    if len(_known_among(pairs, known)) > max(1, best.matched if best else 0):
        return _pairs_layout(pairs)
    if best is None or (best.matched == 0 and chosen is None):
        return None
    return _layout(best, rows)


def _single(sheet: Sheet, row: Row, known: list[set[str]]) -> _Candidate:
    titles = tuple("" if i in sheet.hidden_columns else c for i, c in enumerate(row.cells))
    return _Candidate(_matched(titles, known), (row,), titles)


def _double(sheet: Sheet, upper: Row, lower: Row, known: list[set[str]]) -> _Candidate:
    above = _filled(upper, sheet.merges)
    width = max(len(above), len(lower.cells))
    titles = tuple(
        ""
        if i in sheet.hidden_columns
        else joined(above[i] if i < len(above) else "", lower.cell(i))
        for i in range(width)
    )
    return _Candidate(_matched(titles, known), (upper, lower), titles)


def _matched(titles: Sequence[str], known: list[set[str]]) -> int:
    words: set[str] = set().union(*(words_in(title) for title in titles if title.strip()))
    return sum(bool(one & words) for one in known)


def _filled(row: Row, merges: Sequence[Merge]) -> list[str]:
    """The row's cells, those merged to the right filled with the first one's text."""
    width = max([len(row.cells), *(m.right + 1 for m in merges if m.top == row.number)])
    cells = [row.cell(i) for i in range(width)]
    for merge in merges:
        if merge.top == row.number:
            for i in range(merge.left + 1, merge.right + 1):
                cells[i] = cells[merge.left]
    return cells


def _are_linked(merges: Sequence[Merge], upper: Row, lower: Row) -> bool:
    """Whether merged cells make two lines one header.

    A cell reaches down from the upper line into the lower, or spans some columns, not all,
    of the lower one. A title merged over the whole table is a note above it.
    """
    filled = [i for i, cell in enumerate(lower.cells) if cell.strip()]
    if not filled:
        return False
    for merge in merges:
        if merge.top != upper.number or not upper.cell(merge.left).strip():
            continue
        if merge.bottom == lower.number and merge.left == merge.right:
            return True
        whole = merge.left <= filled[0] and merge.right >= filled[-1]
        if merge.bottom == upper.number and merge.right > merge.left and not whole:
            return True
    return False


def _layout(best: _Candidate, rows: Sequence[Row]) -> Layout:
    first, last = best.rows[0].number, best.rows[-1].number
    notes = tuple(
        (row.number, " ".join(cell.strip() for cell in row.cells if cell.strip()))
        for row in rows
        if row.number < first
    )
    titled = ((i, heading(title)) for i, title in enumerate(best.titles) if title.strip())
    return Layout(
        first=first,
        last=last,
        columns=_columns(list(titled)),
        lines=tuple(tuple(row.cells) for row in best.rows),
        width=len(best.rows[-1].cells),
        notes=notes,
    )


def _columns(titled: Sequence[tuple[int, Heading]]) -> tuple[Column, ...]:
    """A title that occurs again is told by its turn: 金额, 金额#2."""
    turns: dict[str, int] = {}
    columns = []
    for index, title in titled:
        turn = turns[title.whole] = turns.get(title.whole, 0) + 1
        key = title.whole if turn == 1 else f"{title.whole}#{turn}"
        columns.append(Column(index, title, key))
    return tuple(columns)


def _known_among(titles: Sequence[_Title], known: list[set[str]]) -> set[str]:
    words = set().union(*known)
    return {title.words for _row, _column, title in titles if title.words in words}


def _pairs(rows: Sequence[Row], known: list[set[str]]) -> list[_Title]:
    """The titles of the column in which most of the fields stand below one another."""
    width = min(max((len(row.cells) for row in rows), default=0), _MOST_TITLE_COLUMNS)
    columns = [
        [(row.number, i, heading(row.cell(i))) for row in rows if row.cell(i).strip()]
        for i in range(width)
    ]
    return max(columns, key=lambda titles: len(_known_among(titles, known)), default=[])


def _pairs_layout(titles: Sequence[_Title]) -> Layout:
    first, titles_in, _title = titles[0]
    columns = _columns([(row, title) for row, _column, title in titles])
    return Layout(first, first, columns, lines=(), width=0, pairs=True, titles_in=titles_in)
