"""The tables of this package's pages as .xlsx, for officers who work on in a spreadsheet.

Personal data is masked as on the lists: nobody's number leaves by a table.
"""

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from contest.editions import service
from contest.editions.phase_conditions import PhaseGate
from contest.editions.rules.phases import PHASE_NAMES, next_deadline, next_phase
from contest.figures import service as figures
from contest.figures.rules.needed import figures_needed
from contest.nominations import service as nominations
from contest.nominations.rules import STATUS_NAMES
from contest.notices import service as objections
from core.files.workbooks import Cell, download
from core.i18n import _
from core.numbers import beijing, masked_phone
from core.runtime import Runtime


@get("/organiser/contests.xlsx")
async def contests_table(
    now: NamedDependency[datetime], phase_gate: NamedDependency[PhaseGate]
) -> Response[Any]:
    """Every contest with its phase, next deadline, and what blocks the next phase."""
    rows: list[list[Cell]] = []
    for contest in await service.list_contests():
        following = next_phase(contest)
        blockers = await phase_gate.blockers(contest, following, now) if following else []
        deadline = next_deadline(contest, now)
        due = deadline.at if deadline else None
        rows.append(
            [
                contest.title,
                contest.slug,
                contest.edition,
                PHASE_NAMES[contest.phase],
                deadline.what if deadline else "",
                beijing(due) if isinstance(due, datetime) else str(due or ""),
                PHASE_NAMES[following] if following else "",
                "；".join(blocker.message for blocker in blockers),
                contest.rulebook.digest,
            ]
        )
    head = [
        *(_("评选"), _("网址名"), _("届次"), _("阶段"), _("下一个期限"), _("时间")),
        *(_("下一阶段"), _("还差什么"), _("规则摘要")),
    ]
    return download("contests", _("全部评选"), head, rows, now)


@get("/organiser/c/{slug:str}/entrants.xlsx")
async def entrants_table(slug: FromPath[str], now: NamedDependency[datetime]) -> Response[Any]:
    """Everyone who was ever let in, the withdrawn with their reason."""
    contest = await service.get_contest(slug)
    rows: list[list[Cell]] = [
        [
            one.code,
            one.name,
            one.nominator,
            one.township,
            one.summary,
            one.case_report,
            _("是") if one.first_time else _("否"),
            _("已退出") if one.withdrawn else _("参评"),
            one.withdrawn_at,
            one.withdrawn_reason,
        ]
        for one in await service.entrants(contest.id)
    ]
    head = [
        *(_("编号"), _("姓名"), _("推荐单位"), _("乡镇"), _("简介"), _("案例报告")),
        *(_("首次参赛"), _("状态"), _("退出时间"), _("退出原因")),
    ]
    return download(f"{slug}-entrants", contest.title, head, rows, now)


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


@get("/organiser/c/{slug:str}/figures.xlsx")
async def figures_table(slug: FromPath[str], now: NamedDependency[datetime]) -> Response[Any]:
    """The figures that count now, each with its file, its moment and the two people."""
    contest = await service.get_contest(slug)
    names = {figure.id: figure.name for figure in figures_needed(contest.rulebook)}
    entrants = {one.id: one for one in await service.entrants(contest.id)}
    rows: list[list[Cell]] = [
        [
            entrants[row["entrant"]].code,
            entrants[row["entrant"]].name,
            names.get(row["figure_id"], row["figure_id"]),
            row["value"],
            row["as_of"],
            row["file_name"],
            row["line"],
            row["file_digest"],
            row["uploaded_by_name"],
            row["decided_by_name"],
        ]
        for row in await figures.effective(contest.id)
    ]
    head = [
        *(_("编号"), _("姓名"), _("数据"), _("数值"), _("数据截止"), _("文件"), _("行")),
        *("SHA-256", _("上传人"), _("核验人")),
    ]
    return download(f"{slug}-figures", contest.title, head, rows, now)


@get("/organiser/c/{slug:str}/objections.xlsx")
async def objections_table(
    slug: FromPath[str], now: NamedDependency[datetime], runtime: NamedDependency[Runtime]
) -> Response[Any]:
    """Objections and answers by their reference; who filed them stays on the page."""
    contest = await service.get_contest(slug)
    rows: list[list[Cell]] = [
        [
            one.reference,
            one.filed_at,
            one.about,
            one.body,
            objections.OUTCOMES.get(one.outcome, _("待答复")),
            one.answer,
            one.answered_at,
        ]
        for one in await objections.of_contest(contest.id, runtime.keys)
    ]
    head = [
        *(_("回执编号"), _("收到"), _("异议对象"), _("异议内容")),
        *(_("处理结论"), _("书面答复"), _("答复时间")),
    ]
    return download(f"{slug}-objections", contest.title, head, rows, now)


ROUTES = [contests_table, entrants_table, nominations_table, figures_table, objections_table]
