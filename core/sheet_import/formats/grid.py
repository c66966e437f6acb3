"""Rows of markup tables, where a cell may reach over several columns and rows."""

from core.i18n import _
from core.sheet_import.cells import Merge, Row, Unreadable
from core.sheet_import.limits import MOST_COLUMNS, MOST_MERGES, MOST_ROWS


class Grid:
    """Places cells as a browser does: each takes the next place that none reaches into."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._taken: dict[int, int] = {}
        self._number = 0
        self._cells: list[str] = []
        self._styles: list[int] = []
        self._hidden = False
        self._letters = 0

    def begin_row(self, *, number: int | None = None, hidden: bool = False) -> None:
        self._number = number if number and number > self._number else self._number + 1
        if self._number > MOST_ROWS:
            raise Unreadable(_("表格的行数超过一百一十万，请只留需要的数据"))
        self._cells, self._styles, self._hidden = [], [], hidden

    def add(
        self, text: str, style: int, *, across: int = 1, down: int = 1, at: int | None = None
    ) -> None:
        """One cell; `at` is its column where the file says it."""
        column = len(self._cells) if at is None else max(at, len(self._cells))
        while at is None and self._taken.get(column, 0) >= self._number:
            column += 1
        across, down = max(1, min(across, MOST_COLUMNS)), max(1, min(down, MOST_ROWS))
        if column + across > MOST_COLUMNS:
            raise Unreadable(_("表格的列数超过 1000，请只留需要的列"))
        self._fill_to(column)
        self._cells += [text] + [""] * (across - 1)
        self._styles += [style] + [-1] * (across - 1)
        if across > 1 or down > 1:
            bottom = self._number + down - 1
            self.merges.append(Merge(self._number, bottom, column, column + across - 1))
            self._taken.update(dict.fromkeys(range(column, column + across), bottom))
        self._letters += len(text)
        if len(self.merges) > MOST_MERGES or self._letters > 64 * 1024 * 1024:
            raise Unreadable(_("表格里的文字太多，请另存为 .csv 再上传"))

    def end_row(self) -> None:
        if any(self._cells) or any(style < -1 for style in self._styles):
            self.rows.append(Row(self._number, self._cells, self._styles, self._hidden))
        self._cells, self._styles = [], []

    def _fill_to(self, column: int) -> None:
        missing = column - len(self._cells)
        self._cells += [""] * missing
        self._styles += [-1] * missing
