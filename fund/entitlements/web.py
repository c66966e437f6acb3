"""The list of what is owed, on the page and as a table."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.files.workbooks import Cell, download
from core.i18n import _
from core.web.forms import page_number
from core.web.openapi import asks
from core.web.pages import AnyRequest, page
from fund.entitlements import service
from fund.entitlements.service import Filters
from fund.entitlements.withholding import shipped
from fund.rules.states import STATE_NAMES, State
from fund.web_support import PAGE_LENGTH, asked_number, asked_words

_LIST = "fund/entitlements/entitlements.html"
_MOST_ROWS = 20_000
_ASKS = ("year", "state", "measure", "words", "page")


def _filters(request: AnyRequest) -> Filters:
    state = str(request.query_params.get("state", ""))
    return Filters(
        year=asked_number(request, "year"),
        state=state if state in {*State, "held"} else "",
        measure=asked_words(request, "measure"),
        words=asked_words(request, "words"),
    )


@get("/fund/entitlements", operation_class=asks(*_ASKS))
async def entitlements_page(request: AnyRequest) -> Template:
    """What is owed, newest first, narrowed by year, state, measure and words."""
    filters = _filters(request)
    number = page_number(request.query_params.get("page"))
    totals = await service.totals(filters)
    years, measures = await service.years_and_measures()
    return page(
        request,
        _LIST,
        found=await service.find(filters, PAGE_LENGTH, (number - 1) * PAGE_LENGTH),
        totals=totals,
        number=number,
        pages=max(1, -(-totals["n"] // PAGE_LENGTH)),
        years=[(str(year), str(year)) for year in years],
        measures=measures,
        state_names=STATE_NAMES,
        narrowed=filters != Filters(),
    )


@get("/fund/entitlements.xlsx", operation_class=asks(*_ASKS))
async def entitlements_table(request: AnyRequest, now: NamedDependency[datetime]) -> Response[Any]:
    """The award list: gross, category, tax and net of what the same filters leave."""
    categories = shipped().categories
    rows: list[list[Cell]] = [
        [
            one.code,
            one.beneficiary,
            one.title,
            one.measure_name,
            Decimal(one.amounts.gross) / 100,
            categories[one.tax_category].name,
            Decimal(one.amounts.tax) / 100,
            Decimal(one.amounts.net) / 100,
            STATE_NAMES[one.standing.state or State.QUEUED],
            _("暂缓支付") if one.standing.held else "",
            one.approved_at,
            one.source.title,
            one.source.digest,
        ]
        for one in await service.find(_filters(request), _MOST_ROWS, 0)
    ]
    head = [
        *(_("编号"), _("收款人"), _("奖项或补贴"), _("政策措施"), _("应发金额（元）")),
        *(_("计税类别"), _("代扣税款（元）"), _("实发金额（元）"), _("状态"), _("暂缓")),
        *(_("核准时间"), _("依据"), _("依据摘要")),
    ]
    return download("entitlements", _("应付款清单"), head, rows, now)


ROUTES = (entitlements_page, entitlements_table)
