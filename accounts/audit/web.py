"""The audit log for the auditor: filter, pages, download."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get
from litestar.response import Stream

from accounts.audit.search import AuditFilter, AuditLine, count_lines, every_line, find_lines
from accounts.audit.words import SUBJECTS, action_name, subject_name
from core.clock import BEIJING
from core.files.cells import safe_cell
from core.i18n import _
from core.numbers import beijing
from core.problems import Invalid
from core.web.forms import FormReader, page_number
from core.web.openapi import asks
from core.web.pages import AnyRequest, page

PAGE_SIZE = 100
_QUERY = ("actor", "action", "subject_type", "subject_id", "since", "until")
_HEAD = (
    "编号",
    "时间（北京）",
    "账号",
    "姓名",
    "操作",
    "操作代码",
    "对象",
    "对象编号",
    "内容",
    "网络地址",
)


@get("/audit", operation_class=asks(*_QUERY, "page"))
async def audit_page(request: AnyRequest) -> Response[Any]:
    """Query: `actor`, `action`, `subject_type`, `subject_id`, `since`, `until`, `page`."""
    typed = dict(request.query_params)
    errors: Any = ()
    wanted = AuditFilter()
    try:
        wanted = _read_filter(typed)
    except Invalid as problem:
        errors = problem.errors
    number = page_number(typed.get("page"))
    total = await count_lines(wanted)
    lines = await find_lines(wanted, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return page(
        request,
        "accounts/audit/audit.html",
        status=422 if errors else 200,
        errors=errors,
        lines=[(line, _details(line)) for line in lines],
        subjects=list(SUBJECTS.items()),
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE_SIZE)),
        typed=typed,
        query=request.scope["query_string"].decode("latin-1"),
    )


@get("/audit.csv", operation_class=asks(*_QUERY), sync_to_thread=False)
def audit_csv(request: AnyRequest) -> Response[Any]:
    """The same query without pages; UTF-8 with BOM, as spreadsheets here expect."""
    wanted = _read_filter(dict(request.query_params))
    return Stream(
        _csv(wanted),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="audit.csv"'},
    )


def _read_filter(typed: dict[str, Any]) -> AuditFilter:
    """Raises Invalid. `until` is the last day that is included."""
    form = FormReader(typed)
    texts = {
        "actor": form.text("actor", _("姓名"), required=False),
        "action": form.text("action", _("操作"), required=False),
        "subject_type": form.text("subject_type", _("对象"), required=False),
        "subject_id": form.text("subject_id", _("对象编号"), required=False),
    }
    since = _day(form, "since", _("起始日期")) if typed.get("since") else None
    until = _day(form, "until", _("截止日期")) if typed.get("until") else None
    form.finish()
    return AuditFilter(**texts, since=since, until=until + timedelta(days=1) if until else None)


def _day(form: FormReader, field: str, label: str) -> datetime:
    day = form.date(field, label)
    if not 2000 <= day.year < 2200 and not form.errors:
        form.fail(field, _("%(label)s不在合理的范围内") % {"label": label})
    return datetime(max(day.year, 2000), day.month, day.day, tzinfo=BEIJING)


async def _csv(wanted: AuditFilter) -> AsyncIterator[str]:
    yield "\ufeff" + _csv_row(_HEAD)
    async for line in every_line(wanted):
        yield _csv_row(
            (
                line.id,
                beijing(line.at, "%Y-%m-%d %H:%M:%S"),
                line.actor_id or "",
                line.actor_name,
                action_name(line.action),
                line.action,
                subject_name(line.subject_type),
                line.subject_id,
                _details(line),
                line.client_address,
            )
        )


def _csv_row(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(str(cell)) for cell in cells])
    return text.getvalue()


def _details(line: AuditLine) -> str:
    return msgspec.json.encode(line.details).decode() if line.details else ""


handlers = [audit_page, audit_csv]
