"""The bureau's review: the queue by waiting time, one nomination, the decision on it."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service
from contest.editions.rules.contest import Contest
from contest.figures import service as figures
from contest.nominations import service as nominations
from contest.nominations.forms import read_gaps
from contest.nominations.rules import (
    FIELD_NAMES,
    STATUS_NAMES,
    Nomination,
    NominationStatus,
    age_on,
)
from contest.web_support import again
from core.audit import Actor
from core.beijing import beijing_day
from core.files.workbooks import Cell, download
from core.i18n import _
from core.numbers import masked_phone
from core.problems import Conflict, Invalid
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form

_PAGE = "contest/nominations/review_nomination.html"
DECISIONS = {"pass": _("通过"), "return": _("退回补正"), "reject": _("不予通过")}


@get("/department")
async def queue(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Template:
    """Every nomination and every file of figures that waits, over all contests, the longest
    wait first."""
    waiting: list[tuple[Nomination, Contest]] = []
    contests = await service.list_contests()
    for contest in contests:
        if contest.phase in nominations.OPEN_PHASES:
            submitted = await nominations.of_contest(contest.id, runtime.keys)
            waiting += [
                (one, contest) for one in submitted if one.status is NominationStatus.SUBMITTED
            ]
    waiting.sort(key=lambda pair: (pair[0].submitted_at, pair[0].id))
    by_id = {contest.id: contest for contest in contests}
    return page(
        request,
        "contest/nominations/review_queue.html",
        rows=waiting,
        files=[(file, by_id[file["contest"]]) for file in await figures.waiting()],
        contests=contests,
        status_names=STATUS_NAMES,
    )


@get("/organiser/c/{slug:str}/nominations")
async def contest_nominations(
    request: AnyRequest, slug: FromPath[str], runtime: NamedDependency[Runtime]
) -> Template:
    """All nominations of one contest, decided ones included."""
    contest = await service.get_contest(slug)
    rows = [(one, contest) for one in await nominations.of_contest(contest.id, runtime.keys)]
    return page(
        request,
        "contest/nominations/review_contest.html",
        contest=contest,
        rows=rows,
        status_names=STATUS_NAMES,
        errors=(),
    )


async def _context(nomination: Nomination, now: datetime) -> dict[str, Any]:
    born_on = nomination.candidate.born_on
    return {
        "nomination": nomination,
        "contest": await service.contest_by_id(nomination.contest_id),
        "age": age_on(born_on, beijing_day(now)) if born_on else None,
        "reviews": await nominations.reviews(nomination.id),
        "waiting": nomination.status is NominationStatus.SUBMITTED,
        "status_names": STATUS_NAMES,
        "field_names": FIELD_NAMES,
        "decisions": DECISIONS,
    }


@get("/department/nominations/{nomination_id:int}")
async def nomination_page(
    request: AnyRequest,
    nomination_id: FromPath[int],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Template:
    nomination = await nominations.get(nomination_id, runtime.keys)
    return page(request, _PAGE, values={}, errors=(), **await _context(nomination, now))


@post(
    "/department/nominations/{nomination_id:int}/decision",
    operation_class=takes("decision", "reason", *(f"gap_{name}" for name in FIELD_NAMES)),
)
async def decide(
    request: AnyRequest,
    nomination_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: decision; for "return" gap_<field> sentences; for "reject" a reason."""
    typed = await typed_form(request)
    nomination = await nominations.get(nomination_id, runtime.keys)
    try:
        await _decide(nomination_id, FormReader(typed), runtime, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **await _context(nomination, now))
    return goto(request, "/department")


async def _decide(
    nomination_id: int, form: FormReader, runtime: Runtime, actor: Actor, now: datetime
) -> None:
    decision = form.choice("decision", _("审核决定"), DECISIONS)
    found = read_gaps(form)
    reason = form.text("reason", _("不予通过的理由"), required=decision == "reject", longest=500)
    if decision == "pass" and (found or reason):
        # passing would silently drop an opinion that was meant for the committee
        form.fail("decision", _("写了退回或不予通过的意见，却选了通过：请改选，或清空意见"))
    form.finish()
    match decision:
        case "return":
            await nominations.return_nomination(nomination_id, found, runtime.keys, actor, now)
        case "reject":
            await nominations.reject_nomination(nomination_id, reason, runtime.keys, actor, now)
        case _:
            await nominations.pass_nomination(nomination_id, runtime.keys, actor, now)


@get("/organiser/c/{slug:str}/nominations.xlsx")
async def nominations_table(
    slug: FromPath[str], now: NamedDependency[datetime], runtime: NamedDependency[Runtime]
) -> Response[Any]:
    """Every nomination that was handed in, with its newest decision."""
    contest = await service.get_contest(slug)
    rows: list[list[Cell]] = []
    for one in await nominations.of_contest(contest.id, runtime.keys):
        newest = next(iter(await nominations.reviews(one.id)), None)
        gaps = [gap.message for gap in newest.gaps] if newest else []
        said = [newest.reason, *gaps] if newest else []
        candidate = one.candidate
        rows.append(
            [
                candidate.name,
                one.nominator,
                masked_phone(candidate.phone) if candidate.phone else "",
                candidate.platform,
                candidate.account,
                one.submitted_at,
                STATUS_NAMES[one.status],
                newest.at if newest else None,
                newest.reviewer if newest else "",
                "；".join(part for part in said if part),
            ]
        )
    head = [
        *(_("候选人"), _("推荐单位"), _("手机号码"), _("平台"), _("平台账号"), _("提交时间")),
        *(_("状态"), _("审核时间"), _("审核人"), _("审核意见")),
    ]
    return download(f"{slug}-nominations", contest.title, head, rows, now)


ROUTES = [nominations_table, queue, contest_nominations, nomination_page, decide]
