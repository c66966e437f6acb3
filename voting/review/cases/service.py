"""Fraud cases: what the detectors found, put before a person, who dismisses or proposes.

Nothing here voids a ballot. The most that a case leads to is a void, which is proposed by one
person and decided by another.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from contest.editions.rules.contest import Contest
from core import audit
from core.audit import SYSTEM, Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, NotFound
from voting.ledger.rules.sequences import MOST, written
from voting.review.cases import store as store_cases
from voting.review.cases.store import FraudCase, NewCase
from voting.review.changes import impact as impacts
from voting.review.changes import service as changes
from voting.review.changes.impact import AwardChange, Impact
from voting.review.changes.rules import Proposal

if TYPE_CHECKING:
    from voting.review.cases.observing import Observation
    from voting.review.detectors.cases import CaseDraft

LEAST_NEW = 40
"""Ballots that no case about the entrant holds yet: fewer are no new case."""


@dataclass(frozen=True)
class CaseBallots:
    """The ballots of a case as people write them; `countable` are those that count still."""

    all: str
    countable: tuple[int, ...]
    more: int


async def look(contest: Contest, now: datetime, actor: Actor = SYSTEM) -> int:
    """Run every detector on the votes as they stand; how many cases are new.

    The computing is done in a thread, beside the requests. Its libraries take a second to load,
    so that is done when they are first used and not when the server starts.
    """
    from voting.review.cases.observing import observe

    observation = await observe(contest, now)
    drafts = await asyncio.to_thread(_drafts, observation)
    async with db.unit_of_work() as tx:
        await store_cases.one_look_at_a_time(tx, contest.id)
        made = []
        for new in drafts:
            known = await store_cases.known_ballots(contest.id, new.entrant_id)
            if len(set(new.sequences) - known) >= LEAST_NEW:
                made.append(await store_cases.add_case(tx, contest.id, new, now))
        if made:
            details = {"cases": made}
            await audit.record(actor, "fraud.cases_opened", "contest", contest.id, now, details)
    return len(made)


def _drafts(observation: "Observation") -> list[NewCase]:
    from voting.review.detectors.cases import detect

    return [_new_case(observation, draft) for draft in detect(observation.seen)]


def _new_case(observation: "Observation", draft: "CaseDraft") -> NewCase:
    from voting.review.cases.rules.evidence import chart_numbers, finding_numbers

    seen = observation.seen
    seconds = seen.second[draft.rows]
    chart = {**chart_numbers(seen, draft), "beginning": observation.beginning.isoformat()}
    return NewCase(
        entrant_id=observation.entrants[draft.entrant],
        first_at=observation.beginning + timedelta(seconds=int(seconds.min())),
        last_at=observation.beginning + timedelta(seconds=int(seconds.max())),
        urgency=draft.urgency,
        findings=[dict(finding_numbers(seen, one)) for one in draft.findings],
        chart=chart,
        sequences=sorted({int(one) for one in seen.sequence[draft.rows]}),
    )


async def of_contest(contest_id: int) -> list[FraudCase]:
    """Every case, open ones first, the most urgent first."""
    return await store_cases.cases(contest_id)


async def get_case(contest_id: int, case_id: int) -> FraudCase:
    """Raises NotFound."""
    found = await store_cases.case_by_id(case_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound("no_such_case", _("没有这个案件"))
    return found


async def case_of_void(void_id: int) -> int | None:
    """The id of the case that a void was proposed from, if it was from one."""
    found = await store_cases.case_of_void(void_id)
    return None if found is None else found.id


async def ballots_of(case: FraudCase) -> CaseBallots:
    ballots = await store_cases.sequences_of(case.id)
    countable = [sequence for sequence, state in ballots if state is None]
    return CaseBallots(
        all=written([sequence for sequence, _state in ballots]),
        countable=tuple(countable[:MOST]),
        more=max(0, len(countable) - MOST),
    )


async def impacts_of(
    contest: Contest, found: Sequence[FraudCase], ask: AwardChange
) -> dict[int, Impact]:
    """The impact of voiding the ballots of each case, by its id."""
    sets = [await _sequences(case) for case in found]
    answers = await impacts.impacts_of(contest, sets, ask)
    return {case.id: answer for case, answer in zip(found, answers, strict=True)}


async def _sequences(case: FraudCase) -> list[int]:
    return [sequence for sequence, _state in await store_cases.sequences_of(case.id)]


async def dismiss(contest: Contest, case_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Close a case without proposing anything. Raises Conflict when it is closed already."""
    async with db.unit_of_work() as tx:
        case = await get_case(contest.id, case_id)
        await _close(tx, case, None, reason, actor, now)
        details = {"case": case.id, "reason": reason}
        await audit.record(actor, "fraud.case_dismissed", "contest", contest.id, now, details)


async def propose(
    contest: Contest, case_id: int, proposal: Proposal, actor: Actor, now: datetime
) -> int:
    """Propose a void from a case, which closes it; the void's id.

    Raises Conflict when the case is closed already, and what `changes.propose_void` raises.
    """
    async with db.unit_of_work() as tx:
        case = await get_case(contest.id, case_id)
        void_id = await changes.propose_void_within(tx, contest, proposal, actor, now)
        await _close(tx, case, void_id, "", actor, now)
        details = {"case": case.id, "void": void_id}
        await audit.record(actor, "fraud.case_proposed", "contest", contest.id, now, details)
    return void_id


async def _close(
    tx: object, case: FraudCase, void_id: int | None, reason: str, actor: Actor, now: datetime
) -> None:
    if not case.open or not await store_cases.add_outcome(tx, case.id, void_id, reason, actor, now):
        raise _closed(case)


def _closed(case: FraudCase) -> Conflict:
    name = case.closed_by_name or _("别人")
    return Conflict("case_closed", _("这个案件已经由%(name)s处理") % {"name": name})
