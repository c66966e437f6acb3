"""Voids and restorations, proposed and decided in one line each."""

from collections.abc import Sequence
from datetime import datetime

from contest.editions.rules.contest import Contest
from core.audit import Actor
from voting.review.changes import service as changes
from voting.review.changes import store
from voting.review.changes.rules import Proposal


async def propose_void(
    contest: Contest, ballots: Sequence[int], rule: str, reason: str, actor: Actor, now: datetime
) -> int:
    proposal = Proposal(tuple(ballots), rule, reason)
    return await changes.propose_void(contest, proposal, actor, now)


async def propose_restoration(
    contest: Contest,
    void_id: int,
    ballots: Sequence[int],
    rule: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    proposal = Proposal(tuple(ballots), rule, reason)
    return await changes.propose_restoration(contest, void_id, proposal, actor, now)


async def decide(
    contest: Contest,
    change_id: int,
    *,
    approved: bool,
    reason: str,
    decider: Actor,
    now: datetime,
) -> None:
    """Decide a void or a restoration that is there."""
    change = await store.by_id(change_id)
    assert change is not None
    await changes.decide(
        contest, change, approved=approved, reason=reason, decider=decider, now=now
    )
