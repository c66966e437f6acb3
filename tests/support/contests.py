"""Contests for the tests of every package above."""

import re
from datetime import UTC, datetime, timedelta

from contest.editions import service
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import importing as entrant_import
from contest.entrants.rules.entrant import Entrant, NewEntrant
from contest.entrants.service import entrants_of
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from contest.rulebooks.service import BUNDLED
from core.audit import SYSTEM

RULES = (BUNDLED / "top_ten_2026.toml").read_text(encoding="utf-8")
LIFE = tuple(Phase)


def rulebook_text(
    *, opens_at: datetime, closes_at: datetime, base: str = RULES, **replace: str
) -> str:
    """A shipped rulebook with another voting window; `replace` sets whole `key = value` lines."""
    values = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat(), **replace}
    for key, value in values.items():
        base, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", base)
        assert count, f"the rulebook has no line {key} ="
    return base


async def contest_in(
    phase: Phase,
    slug: str,
    now: datetime,
    *,
    rulebook: str | None = None,
    entrants: int = 3,
) -> tuple[Contest, list[Entrant]]:
    """A contest that has reached `phase`, with entrants 001, 002 … who have codes.

    Without `rulebook` it is the 十佳 one, its window opening now and closing in ten days;
    for a phase after voting the steps are taken at the window's end or after the notice.
    """
    text = rulebook or rulebook_text(opens_at=now, closes_at=now + timedelta(days=10))
    contest = await service.create_contest(slug, text, SYSTEM, now)
    people = [
        NewEntrant(f"候选人{n}", f"{n:03d}", "同江镇", "同江镇", "简介", "案例报告")
        for n in range(1, entrants + 1)
    ]
    if people:
        await entrant_import.add_entrants(contest.id, people, SYSTEM, now)
    await service.record_approval_document(contest.id, "同政发〔2026〕1号", SYSTEM, now)
    conditions = PhaseConditions()
    for step in LIFE[1 : LIFE.index(phase) + 1]:
        at = now
        if contest.closes_at is not None and LIFE.index(step) > LIFE.index(Phase.VOTING):
            at = max(now, contest.closes_at)
        if step is Phase.FINAL and contest.notice_ends_on is not None:
            at = datetime.combine(contest.notice_ends_on, datetime.max.time(), UTC)
        contest = await advance(contest.id, step, SYSTEM, at, conditions)
    return contest, await entrants_of(contest.id)
