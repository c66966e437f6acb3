"""Reading a table of platform figures as a platform exports it: columns, units, and every error."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from contest.entrants.rules.rows import RowError
from contest.figures.rules.needed import FigureNeeded
from core.i18n import _

_CODE_TITLES = frozenset({"编号", "候选人编号", "code"})
_BRACKETS = re.compile(r"[(（【\[].*?[)）】\]]")
_UNITS = {"万亿": 12, "亿": 8, "万": 4, "w": 4}
_COLUMN_UNITS = {"分": -2, "千": 3, "千元": 3, "亿": 8, "亿元": 8} | {
    f"万{what}": 4 for what in ("", "元", "次", "人", "人次", "件", "单", "个")
}
_MOST_DIGITS = 27
_LARGEST = Decimal(10) ** 15
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class NewFigure:
    """One figure of one entrant: `line` is the row of the sheet it stands in, from 1."""

    code: str
    figure_id: str
    value: Decimal
    line: int


@dataclass(frozen=True)
class _Column:
    figure: FigureNeeded
    title: str
    power: int


def read_figures(
    rows: Sequence[Sequence[str]], needed: Sequence[FigureNeeded], codes: frozenset[str]
) -> tuple[list[NewFigure], list[RowError]]:
    """The figures of a sheet whose first row names the columns, and all its errors.

    A column belongs to the figure whose id or name it bears, else to the one of that name
    without what stands in brackets; 「成交额(分)」 and 「成交额（万元）」 are turned into the unit
    of the rulebook, 元. Given points have no unit: 「才艺（分）」 is left as it is. Columns of
    other names are an export's own and are left alone. An empty cell is an error only where
    every entrant must have the figure. `codes` are the contest's.
    """
    if not rows or not any(rows[0]):
        return [], [RowError(1, "", _("第一行应当是列名，至少要有「编号」和一列数据"))]
    code_at, columns, errors = _columns(rows[0], needed)
    if errors:
        return [], errors
    figures: list[NewFigure] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        code = _code(row[code_at] if code_at < len(row) else "")
        if code not in codes:
            errors.append(RowError(line, rows[0][code_at], _("没有这个编号的候选人")))
        elif code in seen:
            sentence = _("编号 %(code)s 与第 %(n)s 行重复") % {"code": code, "n": seen[code]}
            errors.append(RowError(line, rows[0][code_at], sentence))
        seen.setdefault(code, line)
        figures += _row_figures(row, line, code, columns, errors)
    if not figures and not errors:
        errors.append(RowError(2, "", _("表格里没有数据")))
    return figures, errors


def _columns(
    head: Sequence[str], needed: Sequence[FigureNeeded]
) -> tuple[int, dict[int, _Column], list[RowError]]:
    whole = {key: figure for figure in needed for key in (figure.id, figure.name)}
    bare = {_bare(figure.name): figure for figure in needed}
    code_at = next((i for i, title in enumerate(head) if title.strip() in _CODE_TITLES), -1)
    columns = {}
    for i, title in enumerate(head):
        figure = whole.get(title.strip()) or whole.get(_bare(title)) or bare.get(_bare(title))
        if figure is not None:
            columns[i] = _Column(figure, title, 0 if figure.signed else _power(title))
    errors = []
    if code_at < 0:
        errors.append(RowError(1, "", _("缺少「编号」一列")))
    if not columns:
        names = "、".join(_bare(figure.name) for figure in needed)
        errors.append(
            RowError(1, "", _("没有一列是需要的数据，应有：%(names)s") % {"names": names})
        )
    ids = [column.figure.id for column in columns.values()]
    errors += [
        RowError(1, column.title, _("这项数据出现在不止一列"))
        for column in columns.values()
        if ids.count(column.figure.id) > 1
    ]
    return code_at, columns, errors


def _bare(title: str) -> str:
    return _BRACKETS.sub("", title).strip()


def _power(title: str) -> int:
    """The power of ten between the unit in a column's brackets and the rulebook's.

    The unit must be the whole of it: 「停留（分钟）」 is not in 分.
    """
    units = [found[1:-1].removeprefix("单位").lstrip(":： ") for found in _BRACKETS.findall(title)]
    return next((_COLUMN_UNITS[unit.strip()] for unit in units if unit.strip() in _COLUMN_UNITS), 0)


def _code(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    return text.zfill(3) if text.isdigit() and len(text) <= 3 else text


def _row_figures(
    row: Sequence[str],
    line: int,
    code: str,
    columns: Mapping[int, _Column],
    errors: list[RowError],
) -> list[NewFigure]:
    figures = []
    for i, column in columns.items():
        text = row[i] if i < len(row) else ""
        value = read_figure(text, column.power)
        if not text.strip():
            if column.figure.required:
                errors.append(RowError(line, column.title, _("没有填写")))
        elif value is None:
            sentence = _("「%(text)s」不是数字") % {"text": text[:40]}
            errors.append(RowError(line, column.title, sentence))
        elif value < 0 and not column.figure.signed:
            errors.append(RowError(line, column.title, _("不能是负数")))
        else:
            figures.append(NewFigure(code, column.figure.id, value, line))
    return figures


def read_figure(text: str, power: int = 0) -> Decimal | None:
    """12,345.6, 1.2万, 3亿, ¥8.00, full-width digits, times ten to the `power` of its column.

    None when it is no such figure, or none that can be kept exactly: below 10^15, with at
    most six decimals.
    """
    typed = unicodedata.normalize("NFKC", text).strip().lower().replace(",", "")
    typed = typed.removeprefix("¥").removesuffix("元").strip()
    for unit, zeros in _UNITS.items():
        if typed.endswith(unit):
            typed, power = typed.removesuffix(unit).strip(), power + zeros
            break
    if len(typed) > 40 or "_" in typed:
        return None
    try:
        value = Decimal(typed)
    except InvalidOperation:
        return None
    digits = value.as_tuple().digits
    if not value.is_finite() or len(digits) > _MOST_DIGITS or abs(value.adjusted()) > 40:
        return None
    value = value.scaleb(power)
    exponent = value.normalize().as_tuple().exponent
    too_fine = isinstance(exponent, int) and -exponent > _MOST_DECIMALS
    return None if too_fine or abs(value) >= _LARGEST else value
