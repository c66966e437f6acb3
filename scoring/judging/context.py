"""What every handler of a judge, a host or an organiser starts from."""

from dataclasses import dataclass
from datetime import datetime

from litestar.di import NamedDependency
from litestar.params import FromPath

from accounts.people.rules import Principal
from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from core.audit import Actor
from core.runtime import Runtime
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import Judge
from scoring.judging.sheets.signing import Hand


@dataclass(frozen=True)
class ContestContext:
    """A contest, who acts in it, and when."""

    contest: Contest
    actor: Actor
    runtime: Runtime
    now: datetime

    @property
    def hand(self) -> Hand:
        return Hand(self.actor, self.runtime.keys, self.now)


@dataclass(frozen=True)
class JudgeContext(ContestContext):
    """The same for one of the contest's own judges."""

    judge: Judge


async def provide_contest_context(
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> ContestContext:
    """The dependency `context`. Raises NotFound."""
    return ContestContext(await contests.get_contest(slug), actor, runtime, now)


async def provide_judge_context(
    slug: FromPath[str],
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> JudgeContext:
    """The dependency `context`. Raises NotFound, and NotAllowed for a person who is not on the
    panel."""
    contest = await contests.get_contest(slug)
    judge = await panel.judge_of(contest, me)
    return JudgeContext(contest=contest, actor=actor, runtime=runtime, now=now, judge=judge)
