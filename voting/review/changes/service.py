"""Voiding ballots, and counting voided ones again: one person proposes, another decides.

A ballot is never removed or changed. While a void is proposed its ballots are under review; an
approved void becomes a further leaf of the ledger, with its reason and both names. Nor is a void
taken back: a restoration is a further leaf again, which names the void and the ballots of it
that count from there on.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from contest.editions.phase_lock import lock_phase
from contest.editions.rules.contest import Contest
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.two_people import already_decided, require_second_person
from voting.ledger import store as store_ledger
from voting.ledger.rules.leaves import cut_to_minute
from voting.ledger.rules.merkle import leaf_hash
from voting.ledger.rules.sequences import written
from voting.review.changes import impact as impacts
from voting.review.changes import store
from voting.review.changes.impact import AwardChange, Impact
from voting.review.changes.rules import (
    Change,
    Kind,
    Proposal,
    check_phase,
    check_restorable,
    check_voidable,
    leaf_of,
    name_told_apart,
    no_such,
)


async def voids(contest_id: int) -> list[Change]:
    """Every void of a contest, newest first."""
    return await store.of_contest(contest_id, Kind.VOID)


async def restorations(contest_id: int) -> list[Change]:
    """Every restoration of a contest, newest first."""
    return await store.of_contest(contest_id, Kind.RESTORE)


async def restorations_of(void: Change) -> list[Change]:
    """Every restoration of ballots of this void, newest first."""
    return await store.restorations_of(void.id)


async def get_void(contest_id: int, void_id: int) -> Change:
    """Raises NotFound."""
    return await _get(contest_id, Kind.VOID, void_id)


async def get_restoration(contest_id: int, restoration_id: int) -> Change:
    """Raises NotFound."""
    return await _get(contest_id, Kind.RESTORE, restoration_id)


async def _get(contest_id: int, kind: Kind, change_id: int) -> Change:
    found = await store.by_id(change_id)
    if found is None or (found.contest_id, found.kind) != (contest_id, kind):
        raise no_such(kind)
    return found


async def void_of_ballot(contest_id: int, sequence: int) -> Change | None:
    """The void by which a ballot is under review or void now."""
    return await store.void_of_ballot(contest_id, sequence)


async def history_of(contest_id: int, sequence: int) -> list[Change]:
    """The approved changes that ever named a ballot, in the order of the ledger."""
    return await store.approved_with(contest_id, sequence)


async def impact_of(contest: Contest, change: Change, ask: AwardChange) -> Impact:
    return await impacts.impact_of(contest, await store.sequences_of(change.id), ask)


async def numbers_of(changes: Iterable[Change]) -> dict[int, str]:
    """The ballots of each change by its id, as people write them: "12, 15-20"."""
    named = await store.sequences_of_each([one.id for one in changes])
    return {change_id: written(sequences) for change_id, sequences in named.items()}


async def void_now(void: Change) -> str:
    """The ballots that this void keeps from counting now, as people write them."""
    return written(await store.void_now(void.id))


async def propose_void(contest: Contest, proposal: Proposal, proposer: Actor, now: datetime) -> int:
    """Propose to void ballots; the void's id. They are under review from now on.

    Raises Invalid naming every ballot that is not there or already in a void, Conflict once
    the result is announced.
    """
    async with db.unit_of_work() as tx:
        return await propose_void_within(tx, contest, proposal, proposer, now)


async def propose_void_within(
    tx: Any, contest: Contest, proposal: Proposal, proposer: Actor, now: datetime
) -> int:
    """`propose_void` as a part of the caller's unit of work."""
    await _lock(tx, contest, Kind.VOID)
    stored = await store_ledger.ballots_numbered(contest.id, proposal.ballots)
    check_voidable(proposal.ballots, {one.sequence: one.state for one in stored})
    return await _add(tx, contest, None, proposal, proposer, now)


async def propose_restoration(
    contest: Contest, void_id: int, proposal: Proposal, proposer: Actor, now: datetime
) -> int:
    """Propose that ballots of a void count again; the restoration's id. They stay void until
    another person agrees.

    Raises Invalid naming the ballots that are not void by this void or already proposed,
    Conflict once the result is final.
    """
    async with db.unit_of_work() as tx:
        await _lock(tx, contest, Kind.RESTORE)
        void = await get_void(contest.id, void_id)
        waiting = [one.id for one in await restorations_of(void) if one.approved is None]
        named = (await store.sequences_of_each(waiting)).values()
        check_restorable(
            proposal.ballots,
            set(await store.void_now(void.id)),
            {number for numbers in named for number in numbers},
        )
        return await _add(tx, contest, void.id, proposal, proposer, now)


async def _add(
    tx: Any,
    contest: Contest,
    void_id: int | None,
    proposal: Proposal,
    proposer: Actor,
    now: datetime,
) -> int:
    change_id = await store.add(tx, contest.id, void_id, proposal, proposer, now)
    kind = Kind.VOID if void_id is None else Kind.RESTORE
    details: dict[str, object] = {kind.noun: change_id}
    if void_id is not None:
        details["void"] = void_id
    details |= {"ballots": len(proposal.ballots), "rule": proposal.rule, "reason": proposal.reason}
    await audit.record(proposer, f"{kind.noun}.proposed", "contest", contest.id, now, details)
    return change_id


async def decide(
    contest: Contest,
    change: Change,
    *,
    approved: bool,
    reason: str,
    decider: Actor,
    now: datetime,
) -> None:
    """Give the second person's decision. Approval writes the change into the ledger.

    Raises NotAllowed for the proposer, Conflict when it was decided already.
    """
    async with db.unit_of_work() as tx:
        kind = change.kind
        size = await _lock(tx, contest, kind)
        change = await _get(contest.id, kind, change.id)
        if change.approved is not None:
            assert change.decided_by_name is not None
            raise already_decided(kind.act, change.decided_by_name)
        require_second_person(kind.act, decider, {_("提议人"): change.proposed_by})
        name = name_told_apart(decider.name, decider.account_id, change.proposed_by_name)
        decider = replace(decider, name=name)
        await store.add_decision(
            tx, change, approved=approved, reason=reason, decider=decider, now=now
        )
        if approved:
            await _append(tx, contest, change, size + 1, decider.name, now)
        outcome = "approved" if approved else "rejected"
        details = {kind.noun: change.id, "ballots": change.ballots, "decision_reason": reason}
        action = f"{kind.noun}.{outcome}"
        await audit.record(decider, action, "contest", contest.id, now, details)


async def _append(
    tx: Any, contest: Contest, change: Change, sequence: int, approved_by: str, now: datetime
) -> None:
    minute = cut_to_minute(now)
    ballots = await store.sequences_of(change.id)
    leaf = leaf_of(change, contest.slug, sequence, ballots, approved_by, minute)
    await store.add_entry(tx, change, sequence, minute, leaf_hash(leaf.line()))


async def _lock(tx: Any, contest: Contest, kind: Kind) -> int:
    """Lock the ledger and then the phase; the number of leaves. Raises Conflict."""
    size = await store_ledger.lock_ledger(tx, contest.id)
    check_phase(kind, await lock_phase(tx, contest.id))
    return size
