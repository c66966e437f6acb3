"""What people type into this package's forms, read with every error at once."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar.datastructures import UploadFile

from contest.calendar.rules import HolidayArrangement
from contest.nominations.rules import FIELD_NAMES, PLATFORMS, Candidate, Gap
from core.i18n import _
from core.problems import FieldError, Invalid
from core.web.forms import FormReader

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LONGEST_REPORT = 20_000


async def uploaded(form: Mapping[str, Any], field: str) -> tuple[str, bytes]:
    """The name and bytes of an uploaded file; ("", b"") when none was chosen."""
    file = form.get(field)
    if not isinstance(file, UploadFile):
        return "", b""
    name = "".join(c for c in file.filename or "" if c.isprintable())[-200:]
    return name, await file.read()


def read_candidate(form: FormReader, photo: str | None) -> Candidate:
    """A draft as typed: what is missing is no error yet, what cannot be is one."""
    born_on = _optional_day(form, "born_on")
    candidate = Candidate(
        name=form.text("name", FIELD_NAMES["name"], required=False, longest=40),
        born_on=born_on,
        phone=_mobile(form, "phone"),
        platform=form.choice("platform", FIELD_NAMES["platform"], PLATFORMS, required=False),
        account=form.text("account", FIELD_NAMES["account"], required=False, longest=60),
        summary=form.text("summary", FIELD_NAMES["summary"], required=False, longest=120),
        case_report=form.text(
            "case_report", FIELD_NAMES["case_report"], required=False, longest=_LONGEST_REPORT
        ),
        photo=photo,
        first_time=form.flag("first_time"),
        guardian_name=form.text(
            "guardian_name", FIELD_NAMES["guardian_name"], required=False, longest=40
        ),
        guardian_phone=_mobile(form, "guardian_phone"),
        guardian_consent=form.flag("guardian_consent"),
        consent=form.flag("consent"),
    )
    form.finish()
    return candidate


def _mobile(form: FormReader, field: str) -> str:
    typed = form.text(field, FIELD_NAMES[field], required=False, longest=30)
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).removeprefix("+86")
    if number and not _MOBILE.fullmatch(number):
        form.fail(field, _("%(label)s应当是 11 位手机号码") % {"label": FIELD_NAMES[field]})
    return number


def _optional_day(form: FormReader, field: str) -> date | None:
    if not form.text(field, FIELD_NAMES[field], required=False, longest=30):
        return None
    day = form.date(field, FIELD_NAMES[field])
    return None if day == date.min else day


def read_gaps(form: FormReader) -> list[Gap]:
    """The gaps that the bureau names: one optional sentence for each field."""
    found = []
    for field, label in FIELD_NAMES.items():
        message = form.text(f"gap_{field}", label, required=False, longest=300)
        if message:
            found.append(Gap(field, message))
    return found


def read_year(form: FormReader) -> HolidayArrangement:
    """A year's holidays: days separated by blanks or commas, as 2027-02-05."""
    year = form.integer("year", _("年份"), least=2020, most=2100)
    days_off = _days(form, "days_off", _("放假的工作日"))
    makeup_days = _days(form, "makeup_days", _("补班的周末"))
    form.finish()
    return HolidayArrangement(year, days_off, makeup_days)


def _days(form: FormReader, field: str, label: str) -> frozenset[date]:
    typed = form.text(field, label, required=False, longest=2000)
    days = set()
    for word in re.split(r"[\s,，、;；]+", typed):
        try:
            if word:
                days.add(date.fromisoformat(word))
        except ValueError:
            form.fail(field, _("「%(word)s」应当是形如 2027-02-05 的日期") % {"word": word[:20]})
    return frozenset(days)


def rulebook_from(typed: Mapping[str, Any], file: bytes, shipped: Mapping[str, str]) -> str:
    """The rulebook's text: an uploaded file first, then the one picked, then what was pasted.

    Raises Invalid about "rulebook_file" for a file that is not UTF-8 text.
    """
    if file:
        try:
            return file.decode("utf-8")
        except UnicodeDecodeError as error:
            message = _("规则文件应当是 UTF-8 文字")
            raise Invalid(
                "invalid_rulebook", message, errors=[FieldError("rulebook_file", message)]
            ) from error
    picked = str(typed.get("rulebook_pick", ""))
    if picked in shipped:
        return shipped[picked]
    # Browsers send line ends as CRLF; the digest is of the text as its author wrote it.
    return str(typed.get("rulebook_text", "")).replace("\r\n", "\n")
