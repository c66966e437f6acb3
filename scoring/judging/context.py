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
class Room:
    """A contest, who acts in it, and when."""

    contest: Contest
    actor: Actor
    runtime: Runtime
    now: datetime

    @property
    def hand(self) -> Hand:
        return Hand(self.actor, self.runtime.keys, self.now)


@dataclass(frozen=True)
class Desk(Room):
    """A room as one of the contest's own judges enters it."""

    judge: Judge


async def provide_room(
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Room:
    """The dependency `room`. Raises NotFound."""
    return Room(await contests.get_contest(slug), actor, runtime, now)


async def provide_desk(
    slug: FromPath[str],
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Desk:
    """The dependency `desk`. Raises NotFound; NotAllowed to who is not on the panel."""
    contest = await contests.get_contest(slug)
    judge = await panel.judge_of(contest, me)
    return Desk(contest=contest, actor=actor, runtime=runtime, now=now, judge=judge)
