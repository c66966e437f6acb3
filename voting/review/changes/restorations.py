"""Counting struck ballots again: the mirror image of a void, with the same two people.

Nothing is taken back from the ledger: a restoration is a further leaf that names the void
batch and the ballots of it that count from there on.
"""

from collections.abc import Sequence
from datetime import datetime

from contest.editions.contest_lock import hold_phase
from contest.editions.rules.contest import Contest, Phase
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotAllowed, NotFound
from voting.casting import store
from voting.ledger.rules.leaves import RestoreLeaf, cut_to_minute, leaf_hash
from voting.ledger.rules.sequences import written
from voting.review.changes import impact as stakes
from voting.review.changes import store_restorations, voids
from voting.review.changes.impact import AwardChange, Stakes
from voting.review.changes.store_restorations import Restoration
from voting.review.changes.store_voids import VoidBatch

# Also while the result is announced: an upheld objection may be about a void.
_PHASES = frozenset({Phase.VOTING, Phase.JUDGING, Phase.TALLYING, Phase.PUBLIC_NOTICE})
_SHOWN = 20


async def of_contest(contest_id: int) -> list[Restoration]:
    """Every restoration asked for, newest first."""
    return await store_restorations.of_contest(contest_id)


async def of_batch(batch: VoidBatch) -> list[Restoration]:
    return [one for one in await of_contest(batch.contest_id) if one.batch == batch.id]


async def history_of(contest_id: int, sequence: int) -> list[Restoration]:
    """The approved restorations that ever made a ballot count again, first to last."""
    return await store_restorations.approved_with(contest_id, sequence)


async def stakes_of(contest: Contest, asked: Restoration, ask: AwardChange) -> Stakes:
    return await stakes.stakes_of(contest, asked.ballots, ask)


async def void_ballots(batch: VoidBatch) -> str:
    """The ballots that this batch keeps from counting now, as people write them."""
    return written(await store_restorations.void_now(batch.id))


async def get_restoration(contest_id: int, restoration_id: int) -> Restoration:
    """Raises NotFound."""
    found = await store_restorations.by_id(restoration_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound("no_such_restoration", _("没有这一次恢复提议"))
    return found


async def propose(
    contest: Contest,
    batch_id: int,
    sequences: Sequence[int],
    rule: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Propose that ballots struck by a batch count again; they stay void until decided.

    Raises Invalid naming the ballots that are not void by this batch or already asked for,
    Conflict once the result is final.
    """
    async with db.unit_of_work() as tx:
        await store.lock_ledger(tx, contest.id)
        await _check_phase(tx, contest.id)
        batch = await voids.get_batch(contest.id, batch_id)
        await _check_ballots(batch, sequences)
        asked = await store_restorations.add(
            tx, contest.id, batch.id, sequences, rule, reason, actor, now
        )
        details: dict[str, object] = {"restoration": asked, "batch": batch.id}
        details |= {"ballots": len(sequences), "rule": rule, "reason": reason}
        await audit.record(actor, "restoration.proposed", "contest", contest.id, now, details)
    return asked


async def decide(
    contest: Contest,
    restoration_id: int,
    *,
    approved: bool,
    word: str,
    actor: Actor,
    now: datetime,
) -> Restoration:
    """Give the second person's decision. Approval writes the restoration into the ledger.

    Raises NotAllowed for the proposer, Conflict when it was decided already.
    """
    async with db.unit_of_work() as tx:
        size = await store.lock_ledger(tx, contest.id)
        await _check_phase(tx, contest.id)
        asked = await get_restoration(contest.id, restoration_id)
        if asked.approved is not None:
            told = _("这一次已经由%(name)s决定") % {"name": asked.decided_by_name}
            raise Conflict("restoration_decided", told)
        if asked.proposed_by == actor.account_id:
            raise NotAllowed("second_person_needed", _("恢复须由提议人以外的另一人决定"))
        actor = voids.told_apart(actor, asked.proposed_by_name)
        await store_restorations.add_decision(
            tx, asked, approved=approved, word=word, actor=actor, now=now
        )
        if approved:
            await _append(tx, contest, asked, size + 1, actor, now)
        verb = "restoration.approved" if approved else "restoration.rejected"
        details = {"restoration": asked.id, "batch": asked.batch, "ballots": len(asked.ballots)}
        await audit.record(actor, verb, "contest", contest.id, now, {**details, "word": word})
    return asked


async def _append(
    tx: object, contest: Contest, asked: Restoration, sequence: int, actor: Actor, now: datetime
) -> None:
    minute = cut_to_minute(now)
    leaf = RestoreLeaf(
        contest=contest.slug,
        sequence=sequence,
        batch=asked.batch,
        ballots=asked.ballots,
        rule=asked.rule,
        reason=asked.reason,
        proposed_by=asked.proposed_by_name,
        approved_by=actor.name,
        minute=minute,
    )
    await store_restorations.add_entry(tx, asked, sequence, minute, leaf_hash(leaf.line()))


async def _check_phase(tx: object, contest_id: int) -> None:
    phase = await hold_phase(tx, contest_id)
    if phase not in _PHASES:
        raise Conflict("restoration_not_now", _("结果正式公布之后不能再恢复选票"))


async def _check_ballots(batch: VoidBatch, sequences: Sequence[int]) -> None:
    void = set(await store_restorations.void_now(batch.id))
    open_ones = [one for one in await of_batch(batch) if one.approved is None]
    asked = {number for one in open_ones for number in one.ballots}
    errors = []
    if other := [number for number in sequences if number not in void]:
        message = _("这些选票不是由这一批作废的：%(numbers)s") % {
            "numbers": written(other[:_SHOWN])
        }
        errors.append(FieldError("ballots", message))
    if twice := [number for number in sequences if number in asked]:
        message = _("这些选票已有恢复提议在等决定：%(numbers)s") % {
            "numbers": written(twice[:_SHOWN])
        }
        errors.append(FieldError("ballots", message))
    if errors:
        raise Invalid("invalid_restoration", _("请更正标出的内容后再提交"), errors=errors)
