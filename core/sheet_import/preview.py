"""What a file would become, told before anything is stored, and then the records themselves."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as plain_field

from core.i18n import _
from core.sheet_import.cells import Book, Sheet, Unreadable, column_letters
from core.sheet_import.fields import Field
from core.sheet_import.header import Layout, find_layout, first_rows
from core.sheet_import.headings import titles_of, words_in
from core.sheet_import.mapping import Mapping, fingerprint_of
from core.sheet_import.plan import Plan, make_plan
from core.sheet_import.questions import Choice, Fault, LeftOut, Question
from core.sheet_import.reading import Asked, Record, Sheetful
from core.sheet_import.rows import Left
from core.sheet_import.values import seen

MOST_SHOWN = 200
SAMPLES = 50
_HEAD_ROWS = 12


@dataclass(frozen=True)
class PlannedColumn:
    """A column that goes in: its field, its place and title, and the unit of its heading."""

    field: str
    name: str
    place: str
    title: str
    unit: str


@dataclass(frozen=True)
class Sample:
    """One row as it goes in: for each planned column the cell as seen and what it becomes."""

    row: int
    raw: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """Everything a person must see. Lists are cut at MOST_SHOWN; the counts are whole.

    `left_rows` counts the rows left out by reason. `head` are the file's own first rows.
    `mapping` holds the answers so far and, once settled, is the one to keep.
    """

    form: str
    sheet: str
    header_rows: tuple[int, int]
    notes: tuple[str, ...]
    head: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[PlannedColumn, ...]
    samples: tuple[Sample, ...]
    records: int
    left_out: tuple[LeftOut, ...]
    left_rows: dict[str, int]
    questions: tuple[Question, ...]
    faults: tuple[Fault, ...]
    fault_count: int
    mapping: Mapping

    @property
    def is_settled(self) -> bool:
        """Whether it may be confirmed: no open question, nothing wrong, and something to store."""
        return not self.questions and not self.fault_count and self.records > 0


@dataclass
class _Found:
    sheet: Sheet | None = None
    layout: Layout | None = None
    head: tuple[tuple[int, tuple[str, ...]], ...] = ()
    questions: list[Question] = plain_field(default_factory=list)
    faults: list[Fault] = plain_field(default_factory=list)
    left_out: list[LeftOut] = plain_field(default_factory=list)


Progress = Callable[[int], None]
_STEP = 5000


def examine(
    book: Book, fields: Sequence[Field], mapping: Mapping, progress: Progress = lambda _rows: None
) -> Preview:
    """Read the whole file once and tell what it would become. Raises Unreadable.

    `progress` is told now and then how many rows have been read.
    """
    found = _find(book, fields, mapping)
    if found.sheet is None or found.layout is None:
        return _unread(book, found, mapping)
    fingerprint = fingerprint_of([column.heading for column in found.layout.columns])
    mapping = mapping.for_headings(fingerprint)
    plan = make_plan(found.layout, fields, mapping)
    seen_rows = _Seen(found, plan)
    rows = Sheetful(found.sheet, found.layout, plan.readings, mapping)
    for n, outcome in enumerate(rows.outcomes()):
        seen_rows.take(outcome)
        if n % _STEP == 0:
            progress(n)
    seen_rows.ask_about_rows(rows, mapping)
    if not seen_rows.records and not seen_rows.fault_count and not seen_rows.questions:
        seen_rows.fault(Fault(found.layout.last + 1, "", _("表格里没有数据")))
    return seen_rows.preview(book, mapping)


def records(book: Book, fields: Sequence[Field], mapping: Mapping) -> Iterator[Record]:
    """The records of a file whose preview is settled, with a value for each of `fields`.

    A field without a column has None and "" everywhere. Raises Unreadable at the first row
    that is not certain, which a settled preview rules out.
    """
    found = _find(book, fields, mapping)
    if found.sheet is None or found.layout is None:
        raise Unreadable(_("这个文件还有没有确认的问题"))
    fingerprint = fingerprint_of([column.heading for column in found.layout.columns])
    mapping = mapping.for_headings(fingerprint)
    plan = make_plan(found.layout, fields, mapping)
    if plan.questions or plan.faults or found.questions or found.faults:
        raise Unreadable(_("这个文件还有没有确认的问题"))
    places = {reading.field.id: n for n, reading in enumerate(plan.readings)}
    order = [places.get(field.id) for field in fields]
    for outcome in Sheetful(found.sheet, found.layout, plan.readings, mapping).outcomes():
        if isinstance(outcome, Record):
            yield outcome if None not in order else _widened(outcome, order)
        elif not isinstance(outcome, Left):
            raise Unreadable(_("这个文件还有没有确认的问题"))


def _widened(record: Record, order: Sequence[int | None]) -> Record:
    values = tuple(None if at is None else record.values[at] for at in order)
    raw = tuple("" if at is None else record.raw[at] for at in order)
    return Record(record.row, values, raw)


def _find(book: Book, fields: Sequence[Field], mapping: Mapping) -> _Found:
    """The sheet that is meant and its header, or the question which it is."""
    found = _Found()
    found.left_out += [
        LeftOut("sheet", sheet.name, _("隐藏的工作表"))
        for sheet in book.sheets
        if not sheet.visible
    ]
    visible = [sheet for sheet in book.sheets if sheet.visible]
    chosen = mapping.answer("header")
    number = int(chosen) if chosen and chosen.isdecimal() else None
    tried = []
    for sheet in visible:
        rows = first_rows(sheet)
        layout = find_layout(sheet, rows, fields, number)
        tried.append((sheet, layout, rows, _known(layout, fields)))
    filled = [one for one in tried if one[2]]
    if not filled:
        raise Unreadable(_("文件里没有看得见的数据"))
    answer = mapping.answer("sheet")
    likely = [one for one in filled if one[0].name == answer] or _likely(filled)
    if len(likely) > 1:
        names = tuple(Choice(sheet.name, sheet.name) for sheet, *_rest in likely)
        found.questions.append(Question("sheet", _("有几张工作表都可能是要的，用哪一张？"), names))
        return found
    sheet, layout, rows, _count = likely[0]
    found.sheet, found.layout = sheet, layout
    found.head = tuple(
        (row.number, tuple(_seen_row(row.cells, row.styles, sheet))) for row in rows[:_HEAD_ROWS]
    )
    found.left_out += [
        LeftOut("sheet", other.name, _("不是选用的工作表"))
        for other in visible
        if other is not sheet
    ]
    if layout is None:
        _ask_for_header(found, rows, fields)
    return found


def _likely(filled: list[tuple]) -> list[tuple]:  # type: ignore[type-arg]
    """The sheets in which most fields are known; all of them if none is known anywhere."""
    most = max(count for *_rest, count in filled)
    return [one for one in filled if one[3] == most]


def _known(layout: Layout | None, fields: Sequence[Field]) -> int:
    """How many fields have a column in the layout, those required counted first."""
    if layout is None:
        return 0
    words: set[str] = set().union(*(words_in(c.heading.text) for c in layout.columns))
    known = [f for f in fields if {title.words for title in titles_of(f)} & words]
    return len(known) + 1000 * sum(field.required for field in known)


def _seen_row(cells: Sequence[str], styles: Sequence[int], sheet: Sheet) -> list[str]:
    return [
        seen(cell, styles[i] if i < len(styles) else -1, sheet.number_formats)[:80]
        for i, cell in enumerate(cells)
    ]


def _ask_for_header(found: _Found, rows: Sequence, fields: Sequence[Field]) -> None:  # type: ignore[type-arg]
    names = "、".join(field.name for field in fields if field.required) or "、".join(
        field.name for field in fields
    )
    choices = tuple(
        Choice(str(row.number), " | ".join(filter(None, map(str.strip, row.cells)))[:80])
        for row in rows
    )
    sentence = _("前 40 行里没有认出列名（需要：%(names)s），哪一行是列名？") % {"names": names}
    found.questions.append(Question("header", sentence, choices))


def _unread(book: Book, found: _Found, mapping: Mapping) -> Preview:
    return Preview(
        form=book.form, sheet=found.sheet.name if found.sheet else "", header_rows=(0, 0),
        notes=(), head=found.head, columns=(), samples=(), records=0,
        left_out=tuple(found.left_out), left_rows={}, questions=tuple(found.questions),
        faults=tuple(found.faults), fault_count=len(found.faults), mapping=mapping,
    )  # fmt: skip


class _Seen:
    """What has been met, counted in full and kept in part."""

    def __init__(self, found: _Found, plan: Plan) -> None:
        assert found.layout is not None
        assert found.sheet is not None
        self._sheet, self._layout, self._plan, self._head = (
            found.sheet,
            found.layout,
            plan,
            found.head,
        )
        self.records = 0
        self.fault_count = 0
        self.questions = {question.id: question for question in (*found.questions, *plan.questions)}
        self._samples: list[Sample] = []
        self._faults: list[Fault] = []
        self._left = [*found.left_out, *plan.left_out]
        self._left_rows: Counter[str] = Counter()
        for fault in (*found.faults, *plan.faults):
            self.fault(fault)

    def take(self, outcome: Record | Left | Fault | Asked) -> None:
        if isinstance(outcome, Record):
            self.records += 1
            if len(self._samples) < SAMPLES:
                values = tuple("" if value is None else str(value) for value in outcome.values)
                self._samples.append(Sample(outcome.row, outcome.raw, values))
        elif isinstance(outcome, Left):
            self._left_rows[outcome.why] += 1
            if sum(self._left_rows.values()) <= MOST_SHOWN:
                text = f"{outcome.row}：{outcome.text[:40]}"
                self._left.append(LeftOut("row", text, outcome.why))
        elif isinstance(outcome, Fault):
            self.fault(outcome)
        else:
            self.questions.setdefault(outcome.question.id, outcome.question)

    def fault(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self._faults) < MOST_SHOWN:
            self._faults.append(fault)

    def ask_about_rows(self, rows: Sheetful, mapping: Mapping) -> None:
        """Hidden rows, and cells that stand under no title."""
        hidden, beyond = rows.rows.hidden, rows.rows.beyond
        if hidden and mapping.answer("hidden_rows") is None:
            sentence = _("有 %(n)s 行被隐藏，看不见，要算进去吗？") % {"n": hidden}
            choices = (Choice("no", _("不算")), Choice("yes", _("算")))
            self.questions["hidden_rows"] = Question("hidden_rows", sentence, choices)
        if beyond and mapping.answer("beyond") is None:
            sentence = _("第 %(row)s 行等 %(n)s 行在没有列名的列里有内容，是不是错位了？")
            text = {"row": beyond[0], "n": len(beyond)}
            ignore = Choice("ignore", _("没有错位，这些内容不导入"))
            self.questions["beyond"] = Question("beyond", sentence % text, (ignore,))

    def preview(self, book: Book, mapping: Mapping) -> Preview:
        layout = self._layout
        columns = tuple(
            PlannedColumn(
                reading.field.id,
                reading.field.name,
                str(reading.column.index) if layout.pairs else column_letters(reading.column.index),
                reading.column.heading.text,
                reading.unit.text if reading.unit else "",
            )
            for reading in self._plan.readings
        )
        return Preview(
            form=book.form, sheet=self._sheet.name, header_rows=(layout.first, layout.last),
            notes=tuple(note for _row, note in layout.notes), head=self._head, columns=columns,
            samples=tuple(self._samples), records=self.records, left_out=tuple(self._left),
            left_rows=dict(self._left_rows), questions=tuple(self.questions.values()),
            faults=tuple(self._faults), fault_count=self.fault_count, mapping=mapping,
        )  # fmt: skip
