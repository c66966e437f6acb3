"""Boards: publishing the next snapshot, freezing, and reading what was published.

Every count that the public sees comes from `snapshot`; nothing else reads counts for the public.
"""

from collections.abc import Mapping
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from core import audit
from core.audit import Actor
from core.database import db
from core.exact import aligned
from live.boards import store
from live.boards.frames import Frame, encode, frame
from live.boards.rules import (
    PLACES_SHOWN,
    Audience,
    BoardInput,
    Place,
    Snapshot,
    Votes,
    next_snapshot,
    worth_publishing,
)
from scoring.results import provisional
from voting.casting import service as voting

_ON_THE_BOARD = (
    Phase.VOTING,
    Phase.JUDGING,
    Phase.TALLYING,
    Phase.PUBLIC_NOTICE,
    Phase.FINAL,
)
_SCORED = (Phase.JUDGING, Phase.TALLYING, Phase.PUBLIC_NOTICE, Phase.FINAL)


async def snapshot(contest_id: int) -> Snapshot | None:
    """The newest published board; None before there is one."""
    return await store.read_snapshot(contest_id)


async def is_frozen(contest_id: int) -> bool:
    """Whether the public board is frozen."""
    return await store.is_frozen(contest_id)


async def staff_snapshot(contest: Contest, now: datetime) -> Snapshot:
    """The votes and ranks at this moment, for staff who may see them, whether the board is frozen
    or not."""
    given = await _board_input(contest, now, Audience.STAFF)
    return next_snapshot(None, given, Audience.STAFF, frozen=False)


async def publish(contest: Contest, now: datetime) -> Frame | None:
    """Make the next public board; None when readers would see no difference."""
    if contest.phase not in _ON_THE_BOARD:
        return None
    async with db.unit_of_work():
        locked = await store.lock_board(contest.id)
        if locked.frozen and locked.snapshot is not None:
            return None
        new = await _next_public(contest, locked, now, frozen=locked.frozen)
        if not worth_publishing(locked.snapshot, new):
            return None
        return await _save(new)


async def freeze(contest: Contest, actor: Actor, now: datetime) -> Frame | None:
    """Keep the board as everyone sees it now, everywhere; None when it is frozen already."""
    async with db.unit_of_work():
        locked = await store.lock_board(contest.id)
        if locked.frozen:
            return None
        await store.set_frozen(contest.id, now)
        await audit.record(actor, "board.frozen", "contest", contest.id, now)
        return await _save(await _next_public(contest, locked, now, frozen=True))


async def unfreeze(contest: Contest, actor: Actor, now: datetime) -> Frame | None:
    """Let the board follow the counts again; None when it is not frozen."""
    async with db.unit_of_work():
        locked = await store.lock_board(contest.id)
        if not locked.frozen:
            return None
        await store.set_frozen(contest.id, None)
        await audit.record(actor, "board.unfrozen", "contest", contest.id, now)
        return await _save(await _next_public(contest, locked, now, frozen=False))


async def _save(new: Snapshot) -> Frame:
    body = encode(new)
    await store.save_board(new, body)
    return frame(new.version, body)


async def _next_public(
    contest: Contest, locked: store.LockedBoard, now: datetime, *, frozen: bool
) -> Snapshot:
    given = await _board_input(contest, now, Audience.PUBLIC)
    return next_snapshot(locked.snapshot, given, Audience.PUBLIC, frozen=frozen)


async def _board_input(contest: Contest, now: datetime, audience: Audience) -> BoardInput:
    entrants = tuple(await entrants_of(contest.id))
    counts = await voting.tally(contest.id)
    return BoardInput(
        contest=contest,
        entrants=entrants,
        votes={
            entrant_id: Votes(count.valid, count.under_review, count.void)
            for entrant_id, count in counts.items()
        },
        places=await _places(contest, entrants, audience),
        now=now,
    )


async def _places(
    contest: Contest, entrants: tuple[Entrant, ...], audience: Audience
) -> Mapping[int, Place]:
    """Ranks and composite scores, if this audience may see any: for the public those of the
    certified result, for staff those of this moment."""
    staff = audience is Audience.STAFF
    if contest.phase not in (_SCORED if staff else (Phase.PUBLIC_NOTICE, Phase.FINAL)):
        return {}
    ids = {one.code: one.id for one in entrants}
    if staff:
        result = await provisional.provisional_result(contest)
    else:
        result = (await provisional.current_result(contest)).result
    totals = aligned([one.total for one in result.entrants], PLACES_SHOWN)
    return {
        ids[one.code]: Place(one.rank, total)
        for one, total in zip(result.entrants, totals, strict=True)
        if one.rank is not None and one.code in ids
    }
