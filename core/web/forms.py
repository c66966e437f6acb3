"""Reading a form: every field's error at once, nothing typed lost.

msgspec stops at the first bad field; a person filling in a form needs all of them.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.beijing import BEIJING
from core.i18n import _
from core.mobile import mainland_mobile, visible
from core.problems import FieldError, Invalid

# a lone surrogate, which JSON can name, is no text that could be stored
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_YEARS = (2000, 2100)
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=BEIJING)


class FormReader:
    """Takes fields one by one, collecting errors; `finish` raises Invalid if any.

    After an error a reader method returns a harmless value of its type, so that the
    caller may go on to the next field. Labels are the Chinese names of the fields.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.errors: list[FieldError] = []

    def fail(self, field: str, message: str) -> None:
        self.errors.append(FieldError(field, message))

    def finish(self) -> None:
        if self.errors:
            raise Invalid("invalid_form", _("请更正标出的内容后再提交"), errors=self.errors)

    def text(self, field: str, label: str, *, required: bool = True, longest: int = 200) -> str:
        """One line or several, trimmed and NFC; at most `longest` characters."""
        raw = self._data.get(field)
        value = raw if isinstance(raw, str) else ""
        if raw is not None and not isinstance(raw, str):
            self.fail(field, _("%(label)s应当是文字") % {"label": label})
        elif _CONTROL.search(value):
            self.fail(field, _("%(label)s含有不能使用的控制字符") % {"label": label})
        value = unicodedata.normalize("NFC", _CONTROL.sub("", value)).strip()
        if required and not value and not self._failed(field):
            self.fail(field, _("请填写%(label)s") % {"label": label})
        if len(value) > longest:
            self.fail(
                field,
                _("%(label)s最多%(longest)s个字，现在有%(length)s个")
                % {"label": label, "longest": longest, "length": len(value)},
            )
        return value

    def mobile(self, field: str, label: str, *, wrong: str, required: bool = True) -> str:
        """The eleven digits of a mobile number; `wrong` says that something else was typed.

        Invisible characters that were pasted with a number are no error.
        """
        raw = self._data.get(field)
        readable = {field: visible(raw)} if isinstance(raw, str) else self._data
        form = FormReader(readable)
        typed = form.text(field, label, required=required, longest=30)
        number = mainland_mobile(typed)
        if typed and number is None:
            form.fail(field, wrong)
        self.errors += form.errors
        return number or ""

    def choice(
        self, field: str, label: str, options: Collection[str], *, required: bool = True
    ) -> str:
        value = self.text(field, label, required=False)
        if not value and required:
            self.fail(field, _("请选择%(label)s") % {"label": label})
        if value and value not in options:
            self.fail(field, _("%(label)s不在可选范围内") % {"label": label})
        return value

    def integer(
        self, field: str, label: str, *, least: int, most: int, required: bool = True
    ) -> int:
        value = self.decimal(
            field, label, least=Decimal(least), most=Decimal(most), required=required
        )
        if value != int(value):
            self.fail(field, _("%(label)s应当是整数") % {"label": label})
        return int(value)

    def decimal(
        self, field: str, label: str, *, least: Decimal, most: Decimal, required: bool = True
    ) -> Decimal:
        """A plain number; full-width digits and thousands commas are understood."""
        raw = self._data.get(field)
        typed = unicodedata.normalize("NFKC", str(raw if raw is not None else "")).strip()
        if not typed:
            if required:
                self.fail(field, _("请填写%(label)s") % {"label": label})
            return least
        try:
            value = Decimal(typed.replace(",", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or len(typed) > 40:
            self.fail(field, _("%(label)s应当是数字") % {"label": label})
            return least
        if not least <= value <= most:
            self.fail(
                field,
                _("%(label)s应当在%(least)s到%(most)s之间")
                % {"label": label, "least": least, "most": most},
            )
            return least
        return value

    def flag(self, field: str) -> bool:
        return self._data.get(field) in (True, "on", "1", "true", "yes")

    def agreed(self, field: str, message: str) -> None:
        """A box that must be ticked; `message` says what was not agreed to."""
        if not self.flag(field):
            self.fail(field, message)

    def optional_date(self, field: str, label: str) -> date | None:
        """None for an empty field, and for one in which no day was typed: that is an error."""
        if not self.text(field, label, required=False, longest=30):
            return None
        day = self.date(field, label)
        return None if day == date.min else day

    def date(self, field: str, label: str) -> date:
        value = self.text(field, label)
        try:
            return date.fromisoformat(value)
        except ValueError:
            if value:
                self.fail(field, _("%(label)s应当是形如 2026-11-23 的日期") % {"label": label})
            return date.min

    def moment(self, field: str, label: str) -> datetime:
        """A `datetime-local` value, taken as Beijing time unless it names an offset.

        A year that no contest can mean is an error: the database could not keep it in UTC.
        """
        value = self.text(field, label)
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            if value:
                self.fail(
                    field, _("%(label)s应当是形如 2026-11-23 18:00 的时间") % {"label": label}
                )
            return _NO_MOMENT
        if not _YEARS[0] <= parsed.year <= _YEARS[1]:
            self.fail(
                field,
                _("%(label)s应当在%(first)s年到%(last)s年之间")
                % {"label": label, "first": _YEARS[0], "last": _YEARS[1]},
            )
            return _NO_MOMENT
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)

    def _failed(self, field: str) -> bool:
        return any(error.field == field for error in self.errors)


def page_number(typed: object) -> int:
    """A page's number from a query, 1 for anything that is none."""
    text = str(typed or "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
