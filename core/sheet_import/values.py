"""One cell becomes one value of its field, or is refused, or is a doubt for a person."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core.i18n import _
from core.sheet_import import dates, text
from core.sheet_import.cells import FAULT, NO_VALUE, TEXT, TRUTH, Sheet
from core.sheet_import.fields import MEASURED, Field, Kind
from core.sheet_import.formats.number_formats import NotShown, is_date, is_elapsed, is_plain, shown
from core.sheet_import.mapping import Mapping
from core.sheet_import.numbers import (
    NO_DATA,
    Written,
    check_size,
    has_decimals,
    read_written,
    scaled,
    stored_number,
    to_grain,
)
from core.sheet_import.plan import Reading
from core.sheet_import.questions import Choice, Question
from core.sheet_import.text import BadCell, plain
from core.sheet_import.units import Unit, unit_for

Value = Decimal | int | datetime | date | tuple[datetime, datetime] | str | None
Reader = Callable[[str, int], Value]

_UNIT_CHOICES = {
    Kind.MONEY: (("元", _("元")), ("分", _("分")), ("千元", _("千元")), ("万元", _("万元"))),
    Kind.DURATION: (("秒", _("秒")), ("分钟", _("分钟")), ("小时", _("小时"))),
    Kind.PERCENT: (("1", _("比例：0.35 就是 35%")), ("%", _("百分数：0.35 就是 0.35%"))),
}
# Most amounts: 元 with two decimals at most. Everything else goes the longer way.
_YUAN = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.([0-9]{1,2}))?")
_CENTS = (".00", "0", "")


class Doubt(Exception):
    """The cell can be read once its question is answered."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.id)
        self.question = question


def cell_reader(reading: Reading, sheet: Sheet, mapping: Mapping) -> Reader:
    """The function that reads the cells of one column: (text, style) → value.

    It returns None where the cell says that there is nothing, and raises BadCell or Doubt.
    """
    if reading.field.kind in MEASURED:
        return _Measured(reading, sheet, mapping).read
    if reading.field.kind in (Kind.MOMENT, Kind.DAY, Kind.SPAN):
        return _Dated(reading.field, sheet).read
    return _Worded(reading.field, sheet).read


def seen(cell: str, style: int, formats: Sequence[str]) -> str:
    """The cell as a person sees it, as far as that can be told."""
    if style == NO_VALUE:
        return _("（公式，没有结果）")
    if style < 0 or style >= len(formats) or is_plain(formats[style]):
        return cell
    try:
        return shown(formats[style], stored_number(cell))
    except (NotShown, BadCell):
        return cell


def _check_kept(style: int, cell: str) -> None:
    """Refuse what is neither text nor a number, unless it is a mark for no data."""
    if style == NO_VALUE:
        sentence = _("公式没有存下结果，请在表格程序里打开、保存后再上传")
        raise BadCell(sentence)
    if style == FAULT and cell not in NO_DATA:
        raise BadCell(_("「%(text)s」是公式的错误") % {"text": cell[:20]})


class _Measured:
    """Money, counts, numbers, shares and durations."""

    def __init__(self, reading: Reading, sheet: Sheet, mapping: Mapping) -> None:
        self._field = reading.field
        self._heading_unit = reading.unit
        self._formats = sheet.number_formats
        self._unit = self._unit_unsaid(mapping)
        one = reading.unit.factor if reading.unit else self._unit
        self._is_plain_yuan = self._field.kind is Kind.MONEY and one == 1
        self._fine = mapping.answer(f"fine:{self._field.id}")
        self._dash = mapping.answer(f"dash_zero:{self._field.id}")

    def read(self, cell: str, style: int) -> Value:
        if style == TEXT and self._is_plain_yuan and (found := _YUAN.fullmatch(cell)):
            yuan = cell.replace(",", "")
            return Decimal(yuan + _CENTS[len(found[1] or "")])
        if style in (TEXT, FAULT):
            _check_kept(style, cell)
            amount = self._of_text(cell)
        elif style == TRUTH:
            raise BadCell(_("「%(text)s」不是数字") % {"text": cell})
        else:
            _check_kept(style, cell)
            amount = self._of_number(cell, style)
        if amount is None:
            return None
        value, has_tail = amount
        check_size(value)
        if value < 0 and not self._field.signed:
            raise BadCell(_("不能是负数"))
        return self._at_grain(value, cell, has_tail)

    def _of_text(self, cell: str) -> tuple[Fraction, bool] | None:
        if self._field.kind is Kind.DURATION:
            seconds = dates.read_duration(cell)
            if seconds is not None:
                return seconds, False
        written = read_written(cell)
        if written is None:
            return None
        return scaled(written.value, self._factor(written)), written.has_float_tail

    def _of_number(self, raw: str, style: int) -> tuple[Fraction, bool] | None:
        """A stored number, in the size in which its number format shows it."""
        stored = stored_number(raw)
        has_tail = len(Decimal(raw).as_tuple().digits) >= 15
        code = self._formats[style] if style < len(self._formats) else "?"
        if is_plain(code):
            return scaled(stored, self._factor(Written(stored))), has_tail
        if is_date(code):
            if self._field.kind is Kind.DURATION and is_elapsed(code):
                return Fraction(to_grain(Fraction(stored) * 86_400, 0)), False
            raise BadCell(_("这一格是日期，不是数字"))
        return self._of_shown(stored, code, has_tail)

    def _of_shown(self, stored: Decimal, code: str, has_tail: bool) -> tuple[Fraction, bool] | None:
        try:
            what = shown(code, stored)
        except NotShown:
            sentence = _("数字格式「%(code)s」看不出显示成什么，请改为普通数字")
            raise BadCell(sentence % {"code": code[:40]}) from None
        if what.startswith("(") and what.endswith(")"):
            what = "-" + what[1:-1]
        if self._field.kind is Kind.DURATION and (seconds := dates.read_duration(what)) is not None:
            return seconds, False
        written = read_written(what)
        if written is None:
            return self._of_dash(what)
        cell_unit = self._cell_unit(written)
        size = cell_unit.factor if cell_unit else Fraction(1)
        near = Fraction(1, 2) * Fraction(Decimal(1).scaleb(_exponent(written.value)))
        if abs(Fraction(written.value) - Fraction(stored)) <= near:
            return scaled(stored, self._factor(written)), has_tail
        if size != 1 and abs(Fraction(written.value) * size - Fraction(stored)) <= near * size:
            # The format makes the number smaller and says so: 125000 is shown as 12.5万.
            self._factor(written)
            return Fraction(stored), has_tail
        text = {"shown": what[:40], "stored": f"{stored:f}"[:40]}
        raise BadCell(_("显示成「%(shown)s」，存的却是 %(stored)s") % text)

    def _of_dash(self, what: str) -> tuple[Fraction, bool] | None:
        """A zero that its number format shows as a dash."""
        if self._dash is None:
            sentence = _("「%(name)s」有些格存的是 0，显示成「%(shown)s」：是 0，还是没有数据？")
            choices = (Choice("0", _("是 0")), Choice("none", _("没有数据")))
            text = {"name": self._field.name, "shown": what or " "}
            raise Doubt(Question(f"dash_zero:{self._field.id}", sentence % text, choices))
        return (Fraction(0), False) if self._dash == "0" else None

    def _cell_unit(self, written: Written) -> Unit | None:
        if not written.unit:
            return None
        unit = unit_for(written.unit, self._field.kind)
        if unit is None:
            sentence = _("单位「%(unit)s」不是这项数据的单位")
            raise BadCell(sentence % {"unit": written.unit})
        return unit

    def _factor(self, written: Written) -> Fraction:
        """The unit of the number, said by the heading, the cell, both, or nobody.

        A heading in 元 or 次 and a cell in 万 agree: the one names the thing, the other how
        many of it.
        """
        head, cell = self._heading_unit, self._cell_unit(written)
        if head and cell:
            if head.factor == cell.factor:
                return head.factor
            if head.factor == 1 and cell.said in ("", head.said) and cell.factor > 1:
                return cell.factor
            raise BadCell(_("列名的单位与单元格的单位「%(unit)s」不一致") % {"unit": written.unit})
        if head or cell:
            return (head or cell or Unit(Fraction(1), "")).factor
        return self._unsaid()

    def _unit_unsaid(self, mapping: Mapping) -> Fraction | None:
        field = self._field
        if field.kind in (Kind.COUNT, Kind.NUMBER):
            return Fraction(1)
        said = mapping.answer(f"unit:{field.id}") or field.unit
        if said == "1":
            return Fraction(1)
        unit = unit_for(said, field.kind) if said else None
        return unit.factor if unit else None

    def _unsaid(self) -> Fraction:
        if self._unit is not None:
            return self._unit
        sentence = _("「%(name)s」没有写明单位，是什么？") % {"name": self._field.name}
        choices = tuple(Choice(*pair) for pair in _UNIT_CHOICES[self._field.kind])
        raise Doubt(Question(f"unit:{self._field.id}", sentence, choices))

    def _at_grain(self, value: Fraction, cell: str, has_tail: bool) -> Decimal | int:
        field = self._field
        if not has_decimals(value, field.grain) and not has_tail:
            if field.kind is Kind.COUNT:
                raise BadCell(_("「%(text)s」不是整数") % {"text": cell[:40]})
            self._settle_fine(cell)
        rounded = to_grain(value, field.grain)
        return int(rounded) if field.kind is Kind.COUNT else rounded

    def _settle_fine(self, cell: str) -> None:
        """A value finer than its grain is rounded only if a person says so."""
        text = {"name": self._field.name, "text": cell[:40]}
        if self._fine == "refuse":
            raise BadCell(_("「%(text)s」的小数位太多") % text)
        if self._fine != "round":
            sentence = _("「%(name)s」里有小数位过多的数（如 %(text)s），四舍五入吗？")
            if self._field.kind is Kind.MONEY:
                sentence = _("「%(name)s」里有不到一分的金额（如 %(text)s），四舍五入到分吗？")
            choices = (Choice("round", _("四舍五入")), Choice("refuse", _("不，退回改正")))
            raise Doubt(Question(f"fine:{self._field.id}", sentence % text, choices))


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


class _Dated:
    """Days, moments and spans, as text or as stored serial numbers."""

    def __init__(self, field: Field, sheet: Sheet) -> None:
        self._kind = field.kind
        self._formats = sheet.number_formats
        self._epoch_1904 = sheet.epoch_1904

    def read(self, cell: str, style: int) -> Value:
        _check_kept(style, cell)
        if style >= 0:
            code = self._formats[style] if style < len(self._formats) else "?"
            day_alone = is_date(code) and not _has_time(code)
            return self._of_serial(stored_number(cell), day_alone=day_alone)
        if self._kind is Kind.SPAN:
            return dates.read_span(cell)
        if _is_serial(cell):
            return self._of_serial(stored_number(plain(cell)), day_alone=False)
        return dates.read_moment(cell) if self._kind is Kind.MOMENT else dates.read_day(cell)

    def _of_serial(self, value: Decimal, *, day_alone: bool) -> Value:
        if self._kind is Kind.SPAN:
            raise BadCell(_("这一格是一个时间，不是一段时间"))
        moment = dates.moment_of_serial(value, epoch_1904=self._epoch_1904)
        if self._kind is Kind.DAY:
            return moment.date()
        if day_alone or value == value.to_integral_value():
            raise BadCell(_("「%(text)s」只有日期，没有时间") % {"text": f"{moment:%Y-%m-%d}"})
        return moment


def _has_time(code: str) -> bool:
    return "h" in code.lower() or "时" in code


def _is_serial(cell: str) -> bool:
    read = plain(cell)
    whole, _point, decimals = read.partition(".")
    return (
        len(whole) == 5
        and whole.isdecimal()
        and whole.isascii()
        and (not _point or (decimals.isdecimal() and decimals.isascii()))
    )


class _Worded:
    """Keys, names and longer text."""

    def __init__(self, field: Field, sheet: Sheet) -> None:
        self._field = field
        self._formats = sheet.number_formats
        reads = {Kind.KEY: text.key, Kind.NAME: text.name, Kind.TEXT: text.prose}
        self._read = reads[field.kind]

    def read(self, cell: str, style: int) -> Value:
        _check_kept(style, cell)
        if style >= 0:
            cell = self._of_number(cell, style)
        elif style == FAULT:
            return None
        value = self._read(cell)
        if self._field.longest and len(value) > self._field.longest:
            sentence = _("最多 %(most)s 个字，现在有 %(n)s 个")
            raise BadCell(sentence % {"most": self._field.longest, "n": len(value)})
        if self._field.kind is Kind.KEY and value in NO_DATA:
            return None
        return value or None

    def _of_number(self, raw: str, style: int) -> str:
        """A number where a word is wanted, such as 001 stored as 1 and shown as 001."""
        code = self._formats[style] if style < len(self._formats) else "?"
        stored = stored_number(raw)
        if stored.adjusted() >= 15 or (
            self._field.kind is Kind.KEY and stored != stored.to_integral_value()
        ):
            sentence = _(
                "「%(text)s」存成了数字，末尾几位可能已经丢失，请把这一列设为文本后重新导出"
            )
            raise BadCell(sentence % {"text": raw[:40]})
        if is_date(code):
            raise BadCell(_("这一格是日期，不是文字"))
        if is_plain(code):
            return f"{stored.normalize():f}" if stored else "0"
        try:
            return shown(code, stored)
        except NotShown:
            sentence = _("数字格式「%(code)s」看不出显示成什么，请改为文本")
            raise BadCell(sentence % {"code": code[:40]}) from None
