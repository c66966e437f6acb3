"""All that keeps a contest from its next phase: the rules beside this, and what others add."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.phases import facts as phase_facts
from contest.phases.rules import Blocker, blockers

PhaseCheck = Callable[[Contest, Phase, datetime], Awaitable[list[Blocker]]]


class PhaseConditions:
    """Built once by the composition root from the checks of voting, scoring and live.

    A check is `async (contest, to_phase, now) -> list[Blocker]`; it reads and never writes,
    and opens no unit of work of its own, as `advance` asks it inside one.
    """

    def __init__(self, checks: Sequence[PhaseCheck] = ()) -> None:
        self._checks = tuple(checks)

    async def blockers(self, contest: Contest, to: Phase, now: datetime) -> list[Blocker]:
        """Everything that keeps the contest out of `to` now, from every package."""
        facts = await phase_facts.gather(contest, to, now)
        found = blockers(contest, to, facts, now)
        for check in self._checks:
            found += await check(contest, to, now)
        return found
