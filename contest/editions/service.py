"""Creating contests, carrying them from phase to phase, and what others ask about them."""

import re
from datetime import date, datetime
from typing import Any

from contest.calendar import service as business_calendar
from contest.calendar.rules import notice_end
from contest.editions import store
from contest.editions.phase_conditions import PhaseGate
from contest.editions.rules.contest import Contest, Entrant, Phase
from contest.editions.rules.phases import PHASE_NAMES
from contest.notices import store as store_objections
from contest.rulebooks.rules.rulebook import Rulebook, RulebookError, parse_rulebook
from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


async def get_contest(slug: str) -> Contest:
    """The contest at an address. Raises NotFound."""
    return _found(await store.contest_by_slug(slug))


async def contest_by_id(contest_id: int) -> Contest:
    """Raises NotFound."""
    return _found(await store.contest_by_id(contest_id))


async def lock_contest(contest_id: int) -> Contest:
    """The contest, kept from changing until the unit of work ends. Raises NotFound."""
    return _found(await store.lock_contest(contest_id))


async def public_contest(slug: str) -> Contest:
    """As `get_contest`, but a draft is not there for the public. Raises NotFound."""
    contest = await get_contest(slug)
    if not contest.public:
        raise _no_contest()
    return contest


async def list_contests() -> list[Contest]:
    """Every contest, drafts included, newest first."""
    return await store.all_contests()


async def entrants(contest_id: int) -> list[Entrant]:
    """Everyone who was ever let in, by code; the withdrawn are flagged, not left out."""
    return await store.entrants(contest_id)


def _found(contest: Contest | None) -> Contest:
    if contest is None:
        raise _no_contest()
    return contest


def _no_contest() -> NotFound:
    return NotFound("no_such_contest", _("没有这个评选活动"))


def read_rulebook(text: str) -> Rulebook:
    """The rulebook in `text`; Invalid with every one of its errors if it is not one."""
    try:
        return parse_rulebook(text)
    except RulebookError as error:
        raise Invalid(
            "invalid_rulebook",
            _("规则文件有 %(n)s 处错误") % {"n": len(error.errors)},
            errors=[
                FieldError("rulebook_text", f"{path}：{sentence}" if path else sentence)
                for path, sentence in error.errors
            ],
        ) from error


async def create_contest(
    slug: str, rulebook_text: str, actor: Actor, now: datetime, *, edition: str = ""
) -> Contest:
    """A new contest in draft, named and ruled by its rulebook.

    `slug` is its place in addresses: 1 to 60 small letters, digits and inner hyphens.
    Raises Invalid with every error of the address and the rulebook.
    """
    errors = [*_slug_errors(slug)]
    rulebook = None
    try:
        rulebook = read_rulebook(rulebook_text)
    except Invalid as problem:
        errors += problem.errors
    if not errors and await store.slug_taken(slug):
        errors.append(FieldError("slug", _("这个地址已经有别的评选在用")))
    if errors or rulebook is None:
        raise Invalid("invalid_contest", _("请更正标出的内容后再提交"), errors=errors)
    async with db.unit_of_work():
        edition = edition or str(rulebook.effective_on.year)
        contest_id = await store.add_contest(slug, edition, rulebook, now)
        await store.add_rulebook(contest_id, 1, rulebook, actor, now)
        details = {"slug": slug, "digest": rulebook.digest}
        await audit.record(actor, "contest.created", "contest", contest_id, now, details)
    return await contest_by_id(contest_id)


def _slug_errors(slug: str) -> list[FieldError]:
    if _SLUG.fullmatch(slug):
        return []
    return [FieldError("slug", _("网址名只能用小写字母、数字和中间的连字符，最多60个"))]


async def revise_rulebook(contest_id: int, text: str, actor: Actor, now: datetime) -> Contest:
    """Put a new version of the rules in force; only while the contest is a draft.

    Raises Invalid with every error of the rulebook, Conflict after the draft.
    """
    rulebook = read_rulebook(text)
    async with db.unit_of_work():
        contest = await lock_contest(contest_id)
        if contest.phase is not Phase.DRAFT:
            raise Conflict("rulebook_fixed", _("评选已经开始，规则不能再改"))
        if rulebook.digest == contest.rulebook.digest:
            return contest
        number = contest.rulebook_number + 1
        await store.add_rulebook(contest_id, number, rulebook, actor, now)
        await store.update_contest(contest_id, {"title": rulebook.title, "series": rulebook.id})
        details = {"number": number, "digest": rulebook.digest}
        await audit.record(actor, "contest.rulebook_revised", "contest", contest_id, now, details)
    return await contest_by_id(contest_id)


async def advance(
    contest_id: int, to: Phase, actor: Actor, now: datetime, gate: PhaseGate
) -> Contest:
    """Carry the contest into its next phase.

    Raises Conflict "phase_blocked" with every blocker (field = its code) when it may not.
    """
    async with db.unit_of_work():
        contest = await lock_contest(contest_id)
        blockers = await gate.blockers(contest, to, now)
        if blockers:
            raise Conflict(
                "phase_blocked",
                _("还不能进入%(to)s阶段：") % {"to": PHASE_NAMES[to]}
                + "；".join(blocker.message for blocker in blockers),
                errors=[FieldError(blocker.code, blocker.message) for blocker in blockers],
            )
        await store.add_phase_change(contest, to, actor, now)
        await store.update_contest(contest_id, {"phase": to.value, "phase_since": now})
        if to is Phase.PUBLIC_NOTICE:
            await _begin_notice(contest, actor, now)
        details = {"from": contest.phase.value, "to": to.value}
        await audit.record(actor, "contest.advanced", "contest", contest_id, now, details)
    return await contest_by_id(contest_id)


async def _begin_notice(contest: Contest, actor: Actor, now: datetime) -> None:
    notice = contest.rulebook.notice
    if notice is None:
        return
    starts_on = beijing_day(now)
    ends_on = notice_end(starts_on, notice.business_days, await business_calendar.worked_days())
    await store.update_contest(
        contest.id, {"notice_starts_on": starts_on, "notice_ends_on": ends_on}
    )
    await store_objections.add_notice(
        contest.id,
        _("%(title)s结果公示") % {"title": contest.title},
        _(
            "评选结果自%(start)s起公示%(days)s个工作日，至%(end)s止。"
            "公示期内有异议的，请以真实姓名书面提出，主办单位将书面答复。"
        )
        % {
            "start": _chinese_day(starts_on),
            "days": notice.business_days,
            "end": _chinese_day(ends_on),
        },
        actor,
        now,
    )


def _chinese_day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


async def record_approval_document(
    contest_id: int, number: str, actor: Actor, now: datetime
) -> None:
    """File the number of the document that approves the commendation.

    It can be corrected until the result is in public notice. Raises Conflict after that.
    """
    async with db.unit_of_work():
        contest = await lock_contest(contest_id)
        if contest.phase in (Phase.PUBLIC_NOTICE, Phase.FINAL):
            raise Conflict("notice_begun", _("结果已经公示，批准文号不能再改"))
        await store.update_contest(contest_id, {"approval_document": number})
        await audit.record(
            actor, "contest.approval_recorded", "contest", contest_id, now, {"number": number}
        )


async def set_nomination_deadline(
    contest_id: int, closes_at: datetime | None, actor: Actor, now: datetime
) -> None:
    """After this moment no nomination is accepted, though the phase may last on."""
    async with db.unit_of_work():
        contest = await lock_contest(contest_id)
        if contest.phase not in (Phase.DRAFT, Phase.NOMINATION):
            raise Conflict("nomination_over", _("推荐阶段已经结束，不能再改推荐截止时间"))
        await store.update_contest(contest_id, {"nomination_closes_at": closes_at})
        details = {"closes_at": closes_at.isoformat() if closes_at else None}
        await audit.record(actor, "contest.deadline_set", "contest", contest_id, now, details)


async def names_by_code(contest_id: int) -> dict[str, str]:
    return {one.code: one.name for one in await entrants(contest_id)}


async def codes_and_names(contest_id: int) -> dict[int, tuple[str, str]]:
    """Of every entrant, by id."""
    return {one.id: (one.code, one.name) for one in await entrants(contest_id)}


async def rulebook_versions(contest_id: int) -> list[dict[str, Any]]:
    """Every version with its text, newest first."""
    return await store.rulebook_versions(contest_id)


async def phase_history(contest_id: int) -> list[dict[str, Any]]:
    """When each phase began and who began it, oldest first."""
    return await store.phase_changes(contest_id)
