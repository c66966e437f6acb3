"""Who stands in a contest, and changes to entrants: codes, photos, withdrawal."""

from datetime import datetime

from contest.editions import service as contests
from contest.editions import store as contest_store
from contest.editions.rules.contest import Phase
from contest.entrants import store
from contest.entrants.rules.codes import CODE_ORDERS, MOST_CODES, new_codes
from contest.entrants.rules.entrant import Entrant
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, NotFound


async def entrants_of(contest_id: int) -> list[Entrant]:
    """Everyone who was ever let in, by code; the withdrawn are flagged, not left out."""
    return await store.of_contest(contest_id)


async def names_by_code(contest_id: int) -> dict[str, str]:
    return {one.code: one.name for one in await entrants_of(contest_id)}


async def codes_and_names(contest_id: int) -> dict[int, tuple[str, str]]:
    """Of every entrant, by id."""
    return {one.id: (one.code, one.name) for one in await entrants_of(contest_id)}


async def assign_codes(
    contest_id: int, order: str, seed: str, actor: Actor, now: datetime
) -> dict[int, str]:
    """Give a code to every entrant who has none; published order and seed are kept.

    Raises Conflict outside the phases before voting, or when 999 codes do not suffice.
    """
    assert order in CODE_ORDERS, order
    async with db.unit_of_work():
        contest = await contests.lock_contest(contest_id)
        if contest.phase not in (Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW):
            raise Conflict("codes_fixed", _("投票已经开始，编号不能再动"))
        try:
            codes = new_codes(await store.of_contest(contest_id), order, seed, _pinyin)
        except ValueError as error:
            raise Conflict(
                "codes_used_up", _("候选人超过 %(most)s 位，三位编号不够用") % {"most": MOST_CODES}
            ) from error
        await store.set_codes(codes)
        await contest_store.update_contest(contest_id, {"code_order": order, "code_seed": seed})
        details = {"order": order, "seed": seed, "count": len(codes)}
        await audit.record(actor, "entrants.codes_assigned", "contest", contest_id, now, details)
    return codes


def _pinyin(name: str) -> str:
    from pypinyin import Style, lazy_pinyin  # whose dictionary loads slowly

    return " ".join(lazy_pinyin(name, style=Style.TONE3))


async def withdraw_entrant(entrant_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take an entrant out of the contest, in whatever phase; the reason is published.

    Raises NotFound, and Conflict for one who has withdrawn already.
    """
    async with db.unit_of_work():
        entrant = await _lock(entrant_id)
        if entrant.withdrawn:
            raise Conflict("already_withdrawn", _("这位候选人已经退出"))
        await store.update(entrant_id, {"withdrawn_at": now, "withdrawn_reason": reason})
        details = {"contest": entrant.contest_id, "code": entrant.code, "reason": reason}
        await audit.record(actor, "entrant.withdrawn", "entrant", entrant_id, now, details)


async def set_photo(entrant_id: int, photo: str, actor: Actor, now: datetime) -> None:
    """Give an entrant another picture, by its digest. Raises NotFound."""
    async with db.unit_of_work():
        entrant = await _lock(entrant_id)
        await store.update(entrant_id, {"photo": photo})
        details = {"contest": entrant.contest_id, "from": entrant.photo, "to": photo}
        await audit.record(actor, "entrant.photo_set", "entrant", entrant_id, now, details)


async def _lock(entrant_id: int) -> Entrant:
    """The entrant, kept from changing until the unit of work ends. Raises NotFound."""
    entrant = await store.lock(entrant_id)
    if entrant is None:
        raise NotFound("no_such_entrant", _("没有这位候选人"))
    return entrant
