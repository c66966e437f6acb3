"""Numbers as people and exports write them: read exactly, or refused.

No float takes part. What is not plainly one of the accepted shapes is refused, since every
lenient reading (8,5 as 85, 1.234,56 as 1.23456) makes another number of somebody's.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from core.exact import Rounding
from core.i18n import _
from core.sheet_import.text import BadCell, plain
from core.sheet_import.units import is_foreign

_MARKS = """
- -- --- — —— – / \\ \\N #N/A #DIV/0! N/A n/a NA null NULL None nan NaN
无 暂无 无数据 暂无数据 未统计
"""
NO_DATA = frozenset(_MARKS.split())
"""What exports write where they know nothing, which is not 0."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<currency>[^0-9\s.,+-]{0,4})\s?(?P<inner>[+-]?)"
    r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,28})"
    r"(?:\.(?P<decimals>[0-9]{1,40}))?"
    r"(?:[eE](?P<exponent>-?[0-9]{1,2}))?"
    r"\s?(?P<unit>[^0-9\s.,+-][^0-9\s,]{0,7})?",
)
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?")
_YUAN = frozenset(("¥", "cny", "rmb", "人民币"))
_FLOAT_DIGITS = 15
"""A float has 15 reliable digits; what is written with more ends in an accident."""
_FIFTEEN = Context(prec=_FLOAT_DIGITS, rounding=ROUND_HALF_UP)
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: its value before any unit, and the unit it bears, "" for none."""

    value: Decimal
    unit: str = ""
    has_float_tail: bool = False


def read_written(text: str) -> Written | None:
    """The number in a cell, or None where the cell says that there is none.

    Raises BadCell.
    """
    if _PLAIN.fullmatch(text):
        return Written(Decimal(text))
    read = plain(text)
    if not read or read in NO_DATA:
        return None
    found = _NUMBER.fullmatch(read)
    if found is None or (found["sign"] and found["inner"]):
        raise BadCell(_why_not(read))
    unit = (found["unit"] or "").casefold()
    if found["currency"]:
        unit = _with_currency(found["currency"].casefold(), unit, read)
    if unit and is_foreign(unit):
        raise _foreign(read)
    return _exact(found, unit)


def _exact(found: re.Match[str], unit: str) -> Written:
    whole = found["whole"].replace(",", "")
    decimals = found["decimals"] or ""
    exponent = int(found["exponent"] or 0)
    if exponent > 20 or exponent < -20:
        raise BadCell(_why_not(found[0]))
    sign = found["sign"] or found["inner"]
    value = Decimal(
        f"{sign}{whole}.{decimals}E{exponent}" if decimals else f"{sign}{whole}E{exponent}"
    )
    digits = (whole + decimals).strip("0") if decimals else ""
    return Written(value, unit, len(digits) >= _FLOAT_DIGITS)


def _with_currency(currency: str, unit: str, read: str) -> str:
    """¥ before a number says what 元 behind it says; with 万 behind, it is 万元."""
    if is_foreign(currency):
        raise _foreign(read)
    if currency not in _YUAN:
        raise BadCell(_why_not(read))
    return unit if unit.endswith("元") else unit + "元"


def _foreign(read: str) -> BadCell:
    return BadCell(_("「%(text)s」是外币，没有注明日期的汇率，不能折算成元") % {"text": read[:40]})


def _why_not(read: str) -> str:
    text = {"text": read[:40]}
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?[eE]\+[0-9]+", read):
        return _("「%(text)s」是科学记数法，末尾的数字看不出来，请改为普通数字") % text
    if "," in read and re.fullmatch(r"[^0-9]*[0-9.,]+[^0-9]*", read):
        return _("「%(text)s」里的逗号不是千位分隔，看不出是多少") % text
    return _("「%(text)s」不是数字") % text


def stored_number(raw: str) -> Decimal:
    """The number that a workbook stores. More than 15 digits are rounded to 15.

    No spreadsheet program shows more, and the rest comes of the number's binary form:
    2.6749999999999998 is 2.675 to everybody who sees it. Raises BadCell.
    """
    try:
        value = Decimal(raw)
    except ArithmeticError:
        raise BadCell(_("「%(text)s」不是数字") % {"text": raw[:40]}) from None
    if not value.is_finite() or abs(value.adjusted()) > 40:
        raise BadCell(_("「%(text)s」不是数字") % {"text": raw[:40]})
    if len(value.as_tuple().digits) > _FLOAT_DIGITS:
        value = _FIFTEEN.plus(value)
    return value


def scaled(value: Decimal, factor: Fraction) -> Fraction:
    return Fraction(value) * factor


def has_decimals(value: Fraction, decimals: int) -> bool:
    """Whether a value is a whole number of its grain."""
    return bool((value * 10**decimals).denominator == 1)


def to_grain(value: Fraction, decimals: int) -> Decimal:
    """Rounded half up to the grain, with exactly that many decimals."""
    scaled_up = Rounding(0).apply(value * 10**decimals)
    return Decimal(int(scaled_up)).scaleb(-decimals, _WIDE)


_WIDE = Context(prec=60)


def check_size(value: Fraction) -> None:
    if abs(value) >= _LARGEST:
        raise BadCell(_("数字过大（应小于一千万亿）"))
