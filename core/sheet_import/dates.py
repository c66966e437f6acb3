"""Days, moments and durations in the shapes that exports write, and serial numbers."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from core.beijing import BEIJING
from core.exact import Rounding
from core.i18n import _
from core.sheet_import.numbers import NO_DATA
from core.sheet_import.text import BadCell, plain

_DAY = (
    r"(?:(?P<y>20[0-9]{2}|19[0-9]{2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
    r"|(?P<y2>20[0-9]{2}|19[0-9]{2})年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})日"
    r"|(?P<y3>20[0-9]{2}|19[0-9]{2})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_TIME = (
    r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:\.(?P<f>[0-9]{1,9}))?)?"
    r"(?:\s?(?P<zone>\+08:?00))?"
    r"|(?P<H2>[0-9]{1,2})[时点](?P<M2>[0-9]{1,2})分(?:(?P<S2>[0-9]{1,2})秒)?"
)
_MOMENT = re.compile(rf"{_DAY}(?:(?:\s+|T)(?:{_TIME}))?")
_QUICK = re.compile(r"20[0-9]{2}(?:-[0-9]{2}-|/[0-9]{2}/)[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_SPAN = re.compile(r"\s*(?:~|至|到|——|—|–| - |--)\s*")
_WORDS = re.compile(
    r"(?:(?P<d>[0-9]+)天)?(?:(?P<h>[0-9]+)(?:小时|时))?(?:(?P<m>[0-9]+)(?:分钟|分))?"
    r"(?:(?P<s>[0-9]+(?:\.[0-9]+)?)秒)?"
)
_CLOCK = re.compile(r"(?P<h>[0-9]{1,4}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9])")
_SERIALS = range(25_569, 73_415)
"""Serial numbers of 1970 to 2100. Smaller and larger ones are no dates of an export."""


def read_moment(text: str) -> datetime | None:
    """A moment in Beijing time, or None where the cell says that there is none.

    A day without a time of day is refused: midnight would be a guess. Raises BadCell.
    """
    if _QUICK.fullmatch(text):
        try:
            return datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=BEIJING)
        except ValueError:
            raise _no_date(text) from None
    read = plain(text)
    if not read or read in NO_DATA:
        return None
    moment, has_time = _parsed(read)
    if not has_time:
        raise BadCell(_("「%(text)s」只有日期，没有时间") % {"text": read[:40]})
    return moment


def read_day(text: str) -> date | None:
    """The day; a time of day behind it is left out. Raises BadCell."""
    read = plain(text)
    if not read or read in NO_DATA:
        return None
    return _parsed(read)[0].date()


def read_span(text: str) -> tuple[datetime, datetime] | None:
    """Two moments in one cell; the second may name its time of day alone. Raises BadCell."""
    read = plain(text)
    if not read or read in NO_DATA:
        return None
    parts = [part for part in _SPAN.split(read) if part]
    if len(parts) != 2:
        raise BadCell(_("「%(text)s」不是一段时间") % {"text": read[:60]})
    begin, has_time = _parsed(parts[0])
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", parts[1]):
        parts[1] = f"{begin:%Y-%m-%d} {parts[1]}"
    end, end_has_time = _parsed(parts[1])
    if not has_time or not end_has_time or end < begin:
        raise BadCell(_("「%(text)s」不是一段时间") % {"text": read[:60]})
    return begin, end


def _parsed(read: str) -> tuple[datetime, bool]:
    found = _MOMENT.fullmatch(read)
    if found is None:
        raise _no_date(read)
    part = found.groupdict()

    def number(*names: str) -> int:
        return int(next((part[name] for name in names if part[name]), 0))

    has_time = bool(part["H"] or part["H2"])
    micros = int((part["f"] or "").ljust(6, "0")[:6] or 0)
    try:
        moment = datetime(
            number("y", "y2", "y3"), number("m", "m2", "m3"), number("d", "d2", "d3"),
            number("H", "H2"), number("M", "M2"), number("S", "S2"), micros, tzinfo=BEIJING,
        )  # fmt: skip
    except ValueError:
        raise _no_date(read) from None
    return moment, has_time


def _no_date(read: str) -> BadCell:
    sentence = _("「%(text)s」不是认得的日期，请写成 2026-08-11 23:59:37 的样子")
    return BadCell(sentence % {"text": read[:40]})


def moment_of_serial(value: Decimal, *, epoch_1904: bool = False) -> datetime:
    """The moment that a workbook stores as days since 1899-12-30, to the second.

    Raises BadCell where no export can have been made on such a day.
    """
    days = Fraction(value) + (1462 if epoch_1904 else 0)
    if int(days) not in _SERIALS:
        raise BadCell(_("「%(text)s」不是日期") % {"text": f"{value:f}"[:40]})
    seconds = int(Rounding(0).apply(days * 86400))
    return datetime(1899, 12, 30, tzinfo=BEIJING) + timedelta(seconds=seconds)


def read_duration(text: str) -> Fraction | None:
    """Seconds of 1小时2分5秒 or 01:02:05; None if the text has neither shape.

    12:30 is refused: it may be minutes and seconds, or hours and minutes. Raises BadCell.
    """
    read = plain(text).replace(" ", "")
    if re.fullmatch(r"[0-9]+:[0-9]+", read):
        sentence = _("「%(text)s」看不出是时:分还是分:秒")
        raise BadCell(sentence % {"text": read[:40]})
    found = _CLOCK.fullmatch(read) or _WORDS.fullmatch(read)
    if found is None or not any(found.groups()):
        return None
    part = {name: Fraction(value or 0) for name, value in found.groupdict().items()}
    days = part.get("d", Fraction(0))
    return ((days * 24 + part["h"]) * 60 + part["m"]) * 60 + part["s"]
