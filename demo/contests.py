"""The demo's contests, one in every phase worth seeing, with fictional candidates.

Each is carried through the same services as a real one, at moments of its own past. What
votes and judges add to them is in the demos of the packages above.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.editions import service
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.rules.entrant import NewEntrant
from contest.entrants.service import entrants_of
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from contest.rulebooks.service import bundled_rulebooks
from core.audit import Actor
from core.beijing import BEIJING
from core.problems import NotFound
from core.runtime import Runtime
from demo import figures as demo_figures
from demo import nominations as demo_nominations
from demo.candidates import PEOPLE, Person
from demo.more_candidates import EARLIER
from demo.people import demo_actor
from demo.photos import photos_of

SLUG = "top-ten-2026"
NEXT_SLUG = "top-ten-2027"
EARLIER_SLUG = "top-ten-2025"
SALES_SLUG = "livestream-q3-2026"
VIDEO_SLUG = "short-video-2026"
_SEED = "演示抽签"


@dataclass(frozen=True)
class DemoContest:
    """A contest to set up. `age`: how many days ago, by its calendar, its vote opened; the
    vote lasts `days` and closes at `closes` o'clock of the day after them."""

    slug: str
    rulebook: str
    people: Sequence[Person]
    age: int
    days: int
    closes: int = 18
    rename: tuple[str, str] = ("", "")
    works: bool = False


_EARLIER = DemoContest(
    EARLIER_SLUG, "top_ten_2026", EARLIER, 60, 14, rename=("2026 年度", "2025 年度")
)
_VIDEO = DemoContest(VIDEO_SLUG, "short_video_2026", PEOPLE[:8], 25, 10, 22, works=True)
_SALES = DemoContest(
    SALES_SLUG, "livestream_quarterly_2026", PEOPLE[2:10], 20, 0, rename=("季度赛", "第三季度赛")
)
_NOW = DemoContest(SLUG, "top_ten_2026", PEOPLE, 0, 14)
_NEXT = DemoContest(NEXT_SLUG, "top_ten_2026", (), -30, 14, rename=("2026 年度", "2027 年度"))


async def seed(runtime: Runtime) -> None:
    """Set up each contest that is not there yet."""
    for wanted, carry_on in (
        (_EARLIER, _to_voting),
        (_VIDEO, _to_voting),
        (_SALES, _to_review),
        (_NOW, _to_voting),
        (_NEXT, _to_nomination),
    ):
        try:
            await service.get_contest(wanted.slug)
        except NotFound:
            organiser = await demo_actor("organiser")
            contest = await _create(wanted, organiser, runtime.clock.now())
            await carry_on(runtime, wanted, contest, organiser)


async def _create(wanted: DemoContest, actor: Actor, now: datetime) -> Contest:
    opens = opening(wanted.age, now)
    closes = opens + timedelta(days=wanted.days, hours=wanted.closes)
    text = bundled_rulebooks()[wanted.rulebook].replace(*wanted.rename)
    text = re.sub(r"(?m)^opens_at = .*$", f"opens_at = {opens.isoformat()}", text)
    text = re.sub(r"(?m)^closes_at = .*$", f"closes_at = {closes.isoformat()}", text)
    edition = "".join(re.findall(r"20\d\d", wanted.slug))
    made_at = min(opens, now) - timedelta(days=10)
    return await service.create_contest(wanted.slug, text, actor, made_at, edition=edition)


def opening(age: int, now: datetime) -> datetime:
    """Midnight in Beijing so many days ago."""
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=age)


async def _to_review(runtime: Runtime, wanted: DemoContest, contest: Contest, actor: Actor) -> None:
    """Candidates with photos and codes, ready for what follows the review."""
    at = contest.created_at
    conditions = PhaseConditions()
    await advance(contest.id, Phase.NOMINATION, actor, at, conditions)
    await entrant_import.add_entrants(
        contest.id, [_entrant(wanted, p) for p in wanted.people], actor, at
    )
    await advance(contest.id, Phase.REVIEW, actor, at, conditions)
    await entrants.assign_codes(contest.id, "random", f"{_SEED} {contest.edition}", actor, at)
    photos = await photos_of(runtime, wanted.people)
    by_nominator = {(p.township, _name(wanted, p)): photos[p.name] for p in wanted.people}
    for entrant in await entrants_of(contest.id):
        photo = by_nominator[entrant.township, entrant.name]
        await entrants.set_photo(entrant.id, photo, actor, at)
    await demo_figures.seed(runtime, contest)


async def _to_voting(runtime: Runtime, wanted: DemoContest, contest: Contest, actor: Actor) -> None:
    await _to_review(runtime, wanted, contest, actor)
    opens_at = contest.opens_at or contest.created_at
    await advance(contest.id, Phase.VOTING, actor, opens_at, PhaseConditions())


async def _to_nomination(
    runtime: Runtime, _wanted: DemoContest, contest: Contest, actor: Actor
) -> None:
    now = runtime.clock.now()
    deadline = opening(-10, now) + timedelta(hours=18)
    await service.set_nomination_deadline(contest.id, deadline, actor, contest.created_at)
    contest = await advance(
        contest.id, Phase.NOMINATION, actor, contest.created_at, PhaseConditions()
    )
    await demo_nominations.seed(runtime, contest)


def _name(wanted: DemoContest, person: Person) -> str:
    return f"《{person.summary}》" if wanted.works else person.name


def _entrant(wanted: DemoContest, person: Person) -> NewEntrant:
    return NewEntrant(
        name=_name(wanted, person),
        nominator=person.name if wanted.works else person.township,
        township=person.township,
        summary=f"{person.name} 的短视频作品" if wanted.works else person.summary,
        case_report=person.report,
        first_time=person.first_time,
        attributes={"geo_tag": "是"} if wanted.works else {},
    )
