"""Contests in judging, with a panel whose judges have declared, for tests above `contest`."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher

from accounts import service as accounts
from accounts.people.rules import Role
from accounts.sign_in.staff import store as credential_store
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from core.audit import SYSTEM, Actor
from core.crypto import KeyRing
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import Judge
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets.signing import Hand
from tests.support.contests import contest_in

_slugs = itertools.count(1)
PIN = "258036"
MARKS = {"influence": "30", "content": "20", "conduct": "25.5"}
"""Marks of a whole entrant under the shipped 十佳 rulebook; 75.5 together."""


@dataclass(frozen=True)
class JudgingContest:
    """A contest in its judging phase, at the moment `now`."""

    contest: Contest
    entrants: list[Entrant]
    judges: list[Judge]
    now: datetime

    def actor(self, number: int) -> Actor:
        """The judge of this number, from 1, as an actor."""
        judge = self.judges[number - 1]
        return Actor(judge.seat.account_id, judge.name)

    def hand(self, number: int, keys: KeyRing) -> Hand:
        return Hand(self.actor(number), keys, self.now)


async def judge_accounts(count: int, now: datetime) -> list[int]:
    """Accounts of 评委1, 评委2 …, who sign with PIN."""
    ids = []
    for n in range(1, count + 1):
        ids.append(await accounts.create_account(f"评委{n}", [Role.JUDGE], actor=SYSTEM, now=now))
        await credential_store.set_login(ids[-1], None)
        await credential_store.set_judge_secrets(
            ids[-1], pin_hash=_quick_hash(), device_digest=secrets.token_bytes(32)
        )
    return ids


@cache
def _quick_hash() -> str:
    """The PIN's hash at argon2's least cost: the check itself is what signs, not its price."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)


async def judging_contest(
    now: datetime,
    *,
    judges: int = 5,
    entrants: int = 3,
    conflicts: dict[int, dict[str, str]] | None = None,
    rulebook: str | None = None,
    declare: bool = True,
) -> JudgingContest:
    """A contest whose judges have declared; `conflicts` gives reasons by number and code."""
    contest, people = await contest_in(
        Phase.REVIEW, f"judged-{next(_slugs)}", now, entrants=entrants, rulebook=rulebook
    )
    await panel.appoint(contest, await judge_accounts(judges, now), SYSTEM, now)
    for judge in await panel.panel(contest.id) if declare else []:
        reasons = (conflicts or {}).get(judge.seat.number, {})
        await panel.declare_conflicts(contest, judge, reasons, SYSTEM, now)
    for phase in (Phase.VOTING, Phase.JUDGING):
        now = max(now, contest.closes_at or now) if phase is Phase.JUDGING else now
        contest = await advance(contest.id, phase, SYSTEM, now, PhaseConditions())
    return JudgingContest(contest, people, await panel.panel(contest.id), now)


async def mark_everyone(given: JudgingContest, number: int, totals: dict[str, int]) -> None:
    """Judge `number` marks and submits every entrant named, host's openings included."""
    judge, actor = given.judges[number - 1], given.actor(number)
    for code, total in totals.items():
        await _open(given, code)
        marks = {"influence": str(total), "content": "0", "conduct": "0"}
        await sheets.save_marks(given.contest, judge, code, marks, given.now)
        await sheets.submit(given.contest, judge, code, actor, given.now)


async def _open(given: JudgingContest, code: str) -> None:
    await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True)
    await floor.open_entrant(given.contest, code, SYSTEM, given.now, reason="测试")
