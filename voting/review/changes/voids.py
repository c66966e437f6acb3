"""Striking ballots: one person proposes, another decides, and the ledger tells it.

A ballot is never removed or changed. While a proposal is open its ballots are under review;
an approved one becomes a further leaf of the ledger, with its reason and both names.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from contest.editions.contest_lock import hold_phase
from contest.editions.rules.contest import Contest, Phase
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotAllowed, NotFound
from voting.casting import store
from voting.ledger import store as store_ledger
from voting.ledger.rules.leaves import VoidLeaf, cut_to_minute, leaf_hash
from voting.ledger.rules.sequences import written
from voting.review.changes import impact as stakes
from voting.review.changes import store_voids
from voting.review.changes.impact import AwardChange, Stakes
from voting.review.changes.store_voids import VoidBatch

_PHASES = frozenset({Phase.VOTING, Phase.JUDGING, Phase.TALLYING})
_SHOWN = 20


async def batches(contest_id: int) -> list[VoidBatch]:
    """Every batch of a contest, newest first."""
    return await store_voids.batches(contest_id)


async def get_batch(contest_id: int, batch_id: int) -> VoidBatch:
    """Raises NotFound."""
    batch = await store_voids.batch_by_id(batch_id)
    if batch is None or batch.contest_id != contest_id:
        raise NotFound("no_such_void_batch", _("没有这一批作废提议"))
    return batch


async def batch_holding(contest_id: int, sequence: int) -> VoidBatch | None:
    """The batch by which a ballot is under review or void now."""
    return await store_voids.batch_of_ballot(contest_id, sequence)


async def history_of(contest_id: int, sequence: int) -> list[VoidBatch]:
    """The approved batches that ever struck a ballot, first to last."""
    return await store_voids.approved_with(contest_id, sequence)


async def stakes_of(contest: Contest, batch: VoidBatch, ask: AwardChange) -> Stakes:
    return await stakes.stakes_of(contest, await store_voids.sequences_of(batch.id), ask)


async def numbers_of(batches: Sequence[VoidBatch]) -> dict[int, str]:
    """The ballots of each batch by its id, as people write them."""
    named = await store_voids.sequences_of_each([one.id for one in batches])
    return {batch_id: written(sequences) for batch_id, sequences in named.items()}


async def ballots_of(batch: VoidBatch) -> str:
    """The ballots of a batch as people write them: "12, 15-20"."""
    return written(await store_voids.sequences_of(batch.id))


async def propose(
    contest: Contest, sequences: Sequence[int], rule: str, reason: str, actor: Actor, now: datetime
) -> int:
    """Propose to strike ballots; the batch's id. They are under review from now on.

    `rule` and `reason` are published. Raises Invalid naming every ballot that is not there
    or already in a batch, Conflict once the result is announced.
    """
    async with db.unit_of_work() as tx:
        return await propose_within(tx, contest, sequences, rule, reason, actor, now)


async def propose_within(
    tx: Any,
    contest: Contest,
    sequences: Sequence[int],
    rule: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """`propose` as a part of the caller's unit of work."""
    await store.lock_ledger(tx, contest.id)
    await _check_phase(tx, contest.id)
    stored = await store_ledger.ballots_numbered(contest.id, sequences)
    _check_ballots(sequences, {one.sequence: one.state for one in stored})
    batch_id = await store_voids.add_batch(tx, contest.id, sequences, rule, reason, actor, now)
    details = {"batch": batch_id, "ballots": len(sequences), "rule": rule, "reason": reason}
    await audit.record(actor, "void.proposed", "contest", contest.id, now, details)
    return batch_id


async def decide(
    contest: Contest, batch_id: int, *, approved: bool, word: str, actor: Actor, now: datetime
) -> None:
    """Give the second person's decision. Approval writes the void into the ledger.

    Raises NotAllowed for the proposer, Conflict when it was decided already.
    """
    async with db.unit_of_work() as tx:
        size = await store.lock_ledger(tx, contest.id)
        await _check_phase(tx, contest.id)
        batch = await get_batch(contest.id, batch_id)
        if batch.approved is not None:
            raise Conflict(
                "void_decided", _("这一批已经由%(name)s决定") % {"name": batch.decided_by_name}
            )
        if batch.proposed_by == actor.account_id:
            raise NotAllowed("second_person_needed", _("作废须由提议人以外的另一人决定"))
        actor = told_apart(actor, batch.proposed_by_name)
        await store_voids.add_decision(
            tx, batch, approved=approved, word=word, actor=actor, now=now
        )
        if approved:
            await _append(tx, contest, batch, size + 1, actor, now)
        verb = "void.approved" if approved else "void.rejected"
        details = {"batch": batch_id, "ballots": batch.ballots, "word": word}
        await audit.record(actor, verb, "contest", contest.id, now, details)


def told_apart(actor: Actor, proposer: str) -> Actor:
    """The ledger shows two names for two people, also when they are namesakes."""
    if actor.name != proposer:
        return actor
    return replace(actor, name=f"{actor.name}（{actor.account_id}）")


async def _append(
    tx: object, contest: Contest, batch: VoidBatch, sequence: int, actor: Actor, now: datetime
) -> None:
    minute = cut_to_minute(now)
    leaf = VoidLeaf(
        contest=contest.slug,
        sequence=sequence,
        batch=batch.id,
        ballots=tuple(await store_voids.sequences_of(batch.id)),
        rule=batch.rule,
        reason=batch.reason,
        proposed_by=batch.proposed_by_name,
        approved_by=actor.name,
        minute=minute,
    )
    await store_voids.add_entry(tx, batch, sequence, minute, leaf_hash(leaf.line()))


async def _check_phase(tx: object, contest_id: int) -> None:
    phase = await hold_phase(tx, contest_id)
    if phase not in _PHASES:
        raise Conflict("void_not_now", _("只能在投票开始之后、结果公示之前作废选票"))


def _check_ballots(sequences: Sequence[int], states: dict[int, str | None]) -> None:
    missing = [number for number in sequences if number not in states]
    held = [number for number in sequences if states.get(number) is not None]
    errors = []
    if missing:
        message = _("账本里没有这些选票：%(numbers)s") % {"numbers": written(missing[:_SHOWN])}
        errors.append(FieldError("ballots", message))
    if held:
        message = _("这些选票已在核验或已作废：%(numbers)s") % {"numbers": written(held[:_SHOWN])}
        errors.append(FieldError("ballots", message))
    if errors:
        raise Invalid("invalid_void", _("请更正标出的内容后再提交"), errors=errors)
