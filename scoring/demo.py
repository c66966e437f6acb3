"""The demo contest's panel: the demo judges, seated and free of conflicts."""

from accounts import service as accounts
from accounts.demo import PEOPLE
from accounts.rules.people import Role
from contest import service as contests
from contest.demo import SLUG
from core.audit import SYSTEM
from core.runtime import Runtime
from scoring import panel


async def seed(runtime: Runtime) -> None:
    """Seat the demo judges and take down that they declare no conflict; once."""
    contest = await contests.get_contest(SLUG)
    if await panel.panel(contest.id):
        return
    names = [person.name for person in PEOPLE if person.role is Role.JUDGE]
    judges = {one.name: one.id for one in await accounts.accounts_with_role(Role.JUDGE)}
    now = runtime.clock.now()
    await panel.appoint(contest, [judges[name] for name in names], SYSTEM, now)
    for judge in await panel.panel(contest.id):
        await panel.declare_conflicts(contest, judge, {}, SYSTEM, now)
