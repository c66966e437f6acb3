"""The rows below a header: which are data, which are left out, and which are refused."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.i18n import _
from core.sheet_import.cells import Merge, Row, Sheet
from core.sheet_import.header import Layout
from core.sheet_import.text import folded

_TOTAL = re.compile(
    r"(?:本页|本月|当页|全部|整体|以上|数据)?(?:合计|总计|汇总|小计|总和|共计|累计|总共|total|sum|subtotal)"
    r"(?:行|数|数据|金额|值)?(?:\([^()]*\))?:?"
)
_MAY_BE_TOTAL = re.compile("[计汇总共累TtSs]")
_NOTE = re.compile(
    r"(?:注|备注|说明|数据来源|来源|导出时间|导出人|统计时间|统计周期|数据更新|更新时间|制表|审核"
    r"|温馨提示|提示|数据说明|口径说明)\d*[:.、]|[*#※]|-{3,}|={3,}|共\d+(?:条|笔|行|单|项)"
)
_NOTE_BEGINS = frozenset("注备说数来导统更制审温提口*#※-=共＊＃＝－")
_MOST_BEYOND = 1000
TOTAL_LINE = _("合计行")
REPEATED_HEADER = _("重复的表头")
NOTE_LINE = _("说明文字")
HIDDEN_ROW = _("隐藏的行")


@dataclass(frozen=True)
class Left:
    """A row that is left out, and what it is taken for."""

    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Refused:
    """A row whose cells cannot be told apart for certain."""

    row: int
    column: str
    sentence: str


def _is_total(text: str) -> bool:
    return (
        len(text) < 24
        and not text.isdecimal()
        and _MAY_BE_TOTAL.search(text) is not None
        and _TOTAL.fullmatch(folded(text)) is not None
    )


class Rows:
    """The rows of one sheet in order, each as data or as what it is instead."""

    def __init__(
        self, sheet: Sheet, layout: Layout, labels: Sequence[int], *, hidden: str | None
    ) -> None:
        """`labels` are the columns of keys and names, where a total line says what it is.
        `hidden` is the answer to whether hidden rows count: yes, no, or None for unasked."""
        self._sheet = sheet
        self._layout = layout
        self._labels = labels
        self._hidden = hidden
        titled = {column.index for column in layout.columns}
        self._last_titled = max(titled, default=-1)
        self._titles = len(titled)
        width = max(layout.width + 1, self._last_titled + 1)
        self._untitled = [i for i in range(width) if i not in titled]
        self._first_titles = {next(filter(str.strip, line), "") for line in layout.lines}
        self._has_gaps = any(i < self._last_titled for i in self._untitled)
        self.hidden = 0
        self.beyond: list[int] = []

    def __iter__(self) -> Iterator[Row | Left | Refused]:
        last, strict = self._layout.last, self._sheet.strict
        for row in self._sheet.rows():
            number, cells, styles, hidden = row
            if number <= last or not cells:
                continue
            first = cells[0]
            if not first or first.isspace():
                first = next(filter(str.strip, cells), "")
                if not first and not styles:
                    continue
            if hidden:
                self.hidden += 1
                if self._hidden != "yes":
                    yield Left(number, HIDDEN_ROW, first)
                    continue
            if why := self._instead_of_data(row, first):
                yield Left(number, why, first)
            elif strict:
                yield self._misfit(row) or row
            else:
                self._look_beyond(row)
                yield row

    def _instead_of_data(self, row: Row, first: str) -> str:
        if first in self._first_titles and self._repeats_header(row):
            return REPEATED_HEADER
        if _is_total(first):
            return TOTAL_LINE
        for i in self._labels:
            if _is_total(row.cell(i)):
                return TOTAL_LINE
        if first[:1] in _NOTE_BEGINS and _NOTE.match(folded(first)):
            filled = sum(bool(cell.strip()) for cell in row.cells)
            if filled == 1 or (filled == 2 and self._titles > 2):
                return NOTE_LINE
        return ""

    def _repeats_header(self, row: Row) -> bool:
        cells = [folded(cell) for cell in row.cells if cell.strip()]
        return any(
            cells == [folded(title) for title in line if title.strip()]
            for line in self._layout.lines
        )

    def _misfit(self, row: Row) -> Refused | None:
        """In a text file a cell too many or too few puts every later one in a wrong column."""
        cells, width = row.cells, self._layout.width
        n = len(cells)
        if n == width or (n == width + 1 and not cells[-1].strip()):
            for i in self._untitled:
                if i < n and cells[i].strip():
                    return self._in_no_column(row, i)
            return None
        if self._last_titled < n < width:
            return None
        return Refused(row.number, *self._why_misfit(cells, n, width))

    def _in_no_column(self, row: Row, i: int) -> Refused:
        text = {"place": i + 1, "text": row.cells[i].strip()[:20]}
        sentence = _("第 %(place)s 格「%(text)s」上面没有列名，这一行可能错位了") % text
        return Refused(row.number, "", sentence)

    def _why_misfit(self, cells: Sequence[str], n: int, width: int) -> tuple[str, str]:
        said: dict[str, object] = {"n": n, "width": width}
        if n > width:
            for i in range(n - 1):
                if re.fullmatch(r"\D{0,2}[0-9]{1,3}", cells[i].strip()) and re.fullmatch(
                    r"[0-9]{3}(\.[0-9]+)?\D{0,2}", cells[i + 1].strip()
                ):
                    said |= {"a": cells[i].strip(), "b": cells[i + 1].strip()}
                    title = next((c.heading.text for c in self._layout.columns if c.index == i), "")
                    sentence = _(
                        "这一行有 %(n)s 格，表头是 %(width)s 格：「%(a)s」和「%(b)s」"
                        "像是被千位逗号拆开的一个数"
                    )
                    return title, sentence % said
        return "", _("这一行有 %(n)s 格，表头是 %(width)s 格，各格对不上列名") % said

    def _look_beyond(self, row: Row) -> None:
        """Note rows with something under no title, as rows have whose cells are shifted."""
        cells, n = row.cells, len(row.cells)
        if n <= self._last_titled + 1 and not self._has_gaps:
            return
        places = [*self._untitled, *range(self._last_titled + 1, n)]
        shown = (i for i in places if i < n and i not in self._sheet.hidden_columns)
        if len(self.beyond) < _MOST_BEYOND and any(cells[i].strip() for i in shown):
            self.beyond.append(row.number)


class Merged:
    """Fills merged cells downwards for keys, names and days, never for measured values."""

    def __init__(self, merges: Sequence[Merge], columns: Sequence[int]) -> None:
        self._by_column: dict[int, tuple[list[int], list[Merge]]] = {}
        for column in columns:
            reaching = sorted(
                merge
                for merge in merges
                if merge.left <= column <= merge.right and merge.bottom > merge.top
            )
            if reaching:
                self._by_column[column] = [merge.top for merge in reaching], reaching
        self._held: dict[int, tuple[Merge, str, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_column)

    def filled(self, row: Row, column: int) -> tuple[str, int]:
        """The cell's text and style, taken from the first row of the cells merged with it."""
        tops_merges = self._by_column.get(column)
        if tops_merges is not None:
            tops, merges = tops_merges
            at = bisect_right(tops, row.number) - 1
            if at >= 0 and row.number <= merges[at].bottom:
                held = self._held.get(column)
                if row.number == merges[at].top or held is None or held[0] is not merges[at]:
                    self._held[column] = merges[at], row.cell(column), row.style(column)
                return self._held[column][1:]
        return row.cell(column), row.style(column)
