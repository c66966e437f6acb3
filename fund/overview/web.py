"""The pages of the fund as a whole: the overview, and the postings behind every figure."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Template
from markupsafe import Markup

from core.audit import Actor
from core.beijing import beijing_day
from core.files.workbooks import Cell, download
from core.i18n import _
from core.web.forms import page_number
from core.web.openapi import asks
from core.web.pages import AnyRequest, page
from fund.books import service as books
from fund.books.service import Narrowed
from fund.budget import service as budget
from fund.overview import service
from fund.overview.rules import year_chart
from fund.rules.books import ACCOUNT_NAMES, Account
from fund.rules.entitlement import entitlement_code
from fund.rules.states import ACT_NAMES, Act
from fund.web_support import PAGE_LENGTH, asked_number, asked_year

_MOST_ROWS = 20_000


@get("/fund", operation_class=asks("year"))
async def overview(
    request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """The lines of a year with what they hold, the year's picture, and what waits."""
    asked = asked_year(request, now)
    found = await service.year(asked, beijing_day(now))
    years = sorted({line["year"] for line in await budget.lines()} | {asked, beijing_day(now).year})
    title = _("%(year)s 年资金使用情况") % {"year": asked}
    return page(
        request,
        "fund/overview/overview.html",
        found=found,
        years=years,
        accounts=Account,
        account_names=ACCOUNT_NAMES,
        tasks=await service.tasks(actor),
        chart=Markup(year_chart(title, found.months)),  # noqa: S704 - escaped there
        code=entitlement_code,
    )


def _narrowed(request: AnyRequest) -> Narrowed:
    account = str(request.query_params.get("account", ""))
    return Narrowed(
        asked_number(request, "line"),
        Account(account) if account in set(Account) else None,
        asked_number(request, "entitlement"),
    )


@get("/fund/postings", operation_class=asks("line", "account", "entitlement", "page"))
async def postings_page(request: AnyRequest) -> Template:
    """The postings of a line, an account, an entitlement, or of all."""
    narrowed = _narrowed(request)
    number = page_number(request.query_params.get("page"))
    rows, total, fen = await books.postings(narrowed, PAGE_LENGTH, (number - 1) * PAGE_LENGTH)
    return page(
        request,
        "fund/overview/postings.html",
        rows=rows,
        total=total,
        fen=fen,
        narrowed=narrowed,
        number=number,
        pages=max(1, -(-total // PAGE_LENGTH)),
        line_options=[
            (line["id"], f"{line['year']} {line['name']}") for line in await budget.lines()
        ],
        account_names=ACCOUNT_NAMES,
        what=_what,
        code=entitlement_code,
    )


def _what(row: dict[str, Any]) -> str:
    """What an entry was made for, as a sentence for people."""
    if row["act"]:
        return ACT_NAMES[Act(row["act"])]
    return _("预算拨款（%(document)s）") % {"document": row["document"]}


@get("/fund/postings.xlsx", operation_class=asks("line", "account", "entitlement"))
async def postings_table(request: AnyRequest, now: NamedDependency[datetime]) -> Response[Any]:
    """The same postings as a table, the newest 20,000 of them."""
    found, _total, _fen = await books.postings(_narrowed(request), _MOST_ROWS, 0)
    rows: list[list[Cell]] = [
        [
            row["entry"],
            row["at"],
            f"{row['year']} {row['line_name']}",
            ACCOUNT_NAMES[Account(row["account"])],
            Decimal(row["amount"]) / 100,
            entitlement_code(row["owed_year"], row["entitlement"]) if row["entitlement"] else "",
            row["beneficiary"] or "",
            _what(row),
            row["by_name"],
        ]
        for row in found
    ]
    head = [
        *(_("凭证号"), _("时间"), _("预算"), _("科目"), _("金额（元）"), _("编号")),
        *(_("收款人"), _("事由"), _("经办人")),
    ]
    return download("postings", _("资金明细账"), head, rows, now)


ROUTES = (overview, postings_page, postings_table)
