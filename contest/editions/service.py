"""Creating contests, changing what is fixed in their early phases, and looking them up."""

import re
from datetime import datetime

from contest.editions import store
from contest.editions.rules.contest import Contest, Phase
from contest.rulebooks import store as rulebook_store
from contest.rulebooks.service import read_rulebook
from core import audit
from core.audit import Actor
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


def _found(contest: Contest | None) -> Contest:
    if contest is None:
        raise _no_contest()
    return contest


def _no_contest() -> NotFound:
    return NotFound("no_such_contest", _("没有这个评选活动"))


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
        await rulebook_store.add_version(contest_id, 1, rulebook, actor, now)
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
        await rulebook_store.add_version(contest_id, number, rulebook, actor, now)
        await store.update_contest(contest_id, {"title": rulebook.title, "series": rulebook.id})
        details = {"number": number, "digest": rulebook.digest}
        await audit.record(actor, "contest.rulebook_revised", "contest", contest_id, now, details)
    return await contest_by_id(contest_id)


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
