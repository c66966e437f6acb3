"""Reads TOML tables strictly and gathers every error instead of stopping at the first.

A reader that finds something wrong notes it and returns a harmless value, so that the rest
of the rulebook is still checked; the caller raises once at the end.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

from core.exact import fraction_of_decimal
from core.i18n import _

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_LONGEST_TEXT = 2000
_YEARS = range(2000, 2101)
NO_MOMENT = datetime.max.replace(tzinfo=UTC)
"""Stands in for a moment that could not be read."""

Errors = list[tuple[str, str]]


class Table:
    """One TOML table being read. `path` is how errors name it, e.g. `awards[0]`."""

    def __init__(self, data: Mapping[str, object], path: str, errors: Errors) -> None:
        self.path = path
        self._data = data
        self._errors = errors
        self._known: set[str] = set()

    def error(self, key: str, sentence: str) -> None:
        """Note an error at `key` of this table (at the table itself if key is empty)."""
        self._errors.append((self.at(key), sentence))

    def at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def has(self, key: str) -> bool:
        return key in self._data

    def refuse_unknown(self) -> None:
        """Note an error for every key that no reader asked for: it is misspelt or has no effect."""
        for key in self._data:
            if key not in self._known:
                self.error(key, _("不认识的键，请检查拼写"))

    def _take(self, key: str, *, required: bool) -> object | None:
        self._known.add(key)
        if key not in self._data:
            if required:
                self.error(key, _("缺少这一项"))
            return None
        return self._data[key]

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, required=default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT:
            self.error(key, _("应为不空的文字，不超过 2000 字"))
            return default or ""
        return value.strip()

    def id(self, key: str = "id") -> str:
        value = self.text(key)
        if value and not ID_PATTERN.fullmatch(value):
            self.error(key, _("标识只能用小写字母、数字、下划线和连字符，且以字母或数字开头"))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.error(key, _("应为文字的列表"))
            return ()
        return tuple(value)

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self._take(key, required=default is None)
        if value is None:
            return default or choices[0]
        if value not in choices:
            self.error(key, _("只能是：%(choices)s") % {"choices": "、".join(choices)})
            return default or choices[0]
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self._take(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.error(key, _("只能是 true 或 false"))
            return default
        return value

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._take(key, required=default is None)
        if value is None:
            return low if default is None else default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.error(key, _("应为 %(low)s 到 %(high)s 的整数") % {"low": low, "high": high})
            return low if default is None else default
        return value

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        return self.integer(key, low, high) if self._is_given(key) else None

    def number(self, key: str, default: Fraction | None = None) -> Fraction:
        value = self._take(key, required=default is None)
        if value is None:
            return Fraction(0) if default is None else default
        return self._exact(key, value)

    def optional_number(self, key: str) -> Fraction | None:
        return self.number(key) if self._is_given(key) else None

    def numbers(self, key: str) -> tuple[Fraction, ...]:
        value = self._take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or len(value) > 1000:
            self.error(key, _("应为数的列表，1 到 1000 个"))
            return ()
        return tuple(self._exact(f"{key}[{i}]", one) for i, one in enumerate(value))

    def _exact(self, key: str, value: object) -> Fraction:
        exact = None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            exact = fraction_of_decimal(Decimal(value))
        if exact is None:
            self.error(key, _("应为普通的数"))
            return Fraction(0)
        return exact

    def _is_given(self, key: str) -> bool:
        self._known.add(key)
        return key in self._data

    def day(self, key: str) -> date:
        value = self._take(key, required=True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.error(key, _("应为日期，例如 2026-06-01"))
        return date.min

    def moment(self, key: str) -> datetime:
        value = self._take(key, required=True)
        if isinstance(value, datetime) and value.tzinfo is not None:
            if value.year in _YEARS:
                return value
            self.error(key, _("年份应在 2000 到 2100 之间"))
            return NO_MOMENT
        if value is not None:
            self.error(key, _("应为带时区的时间，例如 2026-06-01T08:00:00+08:00"))
        return NO_MOMENT

    def clock_time(self, key: str) -> time:
        value = self.text(key)
        match = _CLOCK.fullmatch(value)
        if match:
            return time(int(match[1]), int(match[2]))
        if value:
            self.error(key, _("应为一天中的时刻，例如 18:00"))
        return time.min

    def table(self, key: str, *, required: bool = False) -> "Table | None":
        value = self._take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.error(key, _("应为一个表"))
            return None
        return Table(value, self.at(key), self._errors)

    def tables(self, key: str) -> list["Table"]:
        value = self._take(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.error(key, _("应为表的列表"))
            return []
        return [Table(one, self.at(f"{key}[{i}]"), self._errors) for i, one in enumerate(value)]
