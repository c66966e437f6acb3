"""The demo's judging and results: panels, signed sheets, certified results, a notice."""

from datetime import datetime, timedelta

from accounts import service as accounts
from accounts.people.rules import Role
from contest.calendar import service as business_calendar
from contest.calendar.rules import HolidayArrangement
from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.notices import service as objections
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from core.runtime import Runtime
from demo import judging as demo_show
from demo.contests import EARLIER_SLUG, SALES_SLUG, SLUG, VIDEO_SLUG, opening
from demo.people import PEOPLE, demo_actor
from scoring.judging import service as judging
from scoring.judging.panel import service as panel
from scoring.results import certification
from voting.phase_conditions import check as voting_check

_CONDITIONS = PhaseConditions((voting_check, judging.phase_check, certification.phase_check))
_APPROVAL = "同政发〔%s〕演示1号"


async def seed(runtime: Runtime) -> None:
    """Carry each contest on to where the demo shows it; once."""
    await _seat(await contests.get_contest(SLUG), 7)
    earlier = await contests.get_contest(EARLIER_SLUG)
    if earlier.phase is Phase.VOTING:
        await _finish_earlier(runtime, earlier)
    sales = await contests.get_contest(SALES_SLUG)
    if sales.phase is Phase.REVIEW:
        await _judge_sales(runtime, sales)
    video = await contests.get_contest(VIDEO_SLUG)
    if video.phase is Phase.VOTING:
        await _publish_video(runtime, video)


async def _seat(contest: Contest, count: int) -> None:
    """Seat the first demo judges, who declare no conflict; nothing where a panel sits."""
    if await panel.panel(contest.id):
        return
    names = [person.name for person in PEOPLE if person.role is Role.JUDGE][:count]
    judges = {one.name: one.id for one in await accounts.accounts_with_role(Role.JUDGE)}
    organiser, at = await demo_actor("organiser"), contest.phase_since
    await panel.appoint(contest, [judges[name] for name in names], organiser, at)
    for judge in await panel.panel(contest.id):
        actor = demo_show.actor_of(judge)
        await panel.declare_conflicts(contest, judge, {}, actor, at)


async def _advance(contest: Contest, to: Phase, at: datetime) -> Contest:
    return await advance(contest.id, to, await demo_actor("organiser"), at, _CONDITIONS)


async def _finish_earlier(runtime: Runtime, contest: Contest) -> None:
    """Last year's contest to its end: judged, certified, objected to, final."""
    assert contest.closes_at is not None, "the earlier contest had a vote"
    organiser = await demo_actor("organiser")
    await _seat(contest, 7)
    at = contest.closes_at + timedelta(hours=15)
    contest = await _advance(contest, Phase.JUDGING, at)
    codes = [entrant.code for entrant in await entrants_of(contest.id)]
    at = await demo_show.judge(contest, codes, at)
    await demo_show.sign(contest, runtime.keys, at)
    await contests.record_approval_document(contest.id, _APPROVAL % contest.edition, organiser, at)
    contest = await _publish(runtime, contest, at + timedelta(hours=1))
    await _object(runtime, contest, at + timedelta(days=1, hours=2), answered=True)
    assert contest.notice_ends_on is not None, "the notice has begun"
    days = (
        (contest.notice_ends_on - contest.notice_starts_on).days if contest.notice_starts_on else 0
    )
    await _advance(contest, Phase.FINAL, at + timedelta(days=days + 2))


async def _publish(runtime: Runtime, contest: Contest, at: datetime) -> Contest:
    """Tallied, certified by two people, put into public notice."""
    contest = await _advance(contest, Phase.TALLYING, at)
    await certification.propose(contest, await demo_actor("organiser"), at, runtime)
    await certification.approve(contest, await demo_actor("organiser2"), at, runtime)
    await _know_holidays(at)
    return await _advance(contest, Phase.PUBLIC_NOTICE, at + timedelta(hours=1))


async def _know_holidays(at: datetime) -> None:
    """Enter a year whose holidays the library does not know yet, so that a notice can end."""
    entered = {one.year for one in await business_calendar.entered_years()}
    for year in {at.year, (at + timedelta(days=20)).year} - entered:
        if not business_calendar.known_to_library(year):
            plain = HolidayArrangement(year, frozenset(), frozenset())
            await business_calendar.record_year(plain, await demo_actor("organiser"), at)


async def _object(runtime: Runtime, contest: Contest, at: datetime, *, answered: bool) -> None:
    """One objection of a fictional citizen."""
    await objections.file_objection(
        contest,
        "邹敬之",
        "0454-0000003",
        "003",
        "公示材料里写带动农户的数字与我了解的不一致，请主办单位核对收购台账。",
        runtime.keys,
        at,
    )
    if answered:
        (waiting,) = await objections.of_contest(contest.id, runtime.keys)
        await objections.answer_objection(
            contest.id,
            waiting.id,
            "dismissed",
            "经查阅收购台账和村委会证明，公示数字与台账一致，结果不变。台账可到主办单位查阅。",
            await demo_actor("organiser"),
            at + timedelta(hours=20),
        )


async def _judge_sales(runtime: Runtime, contest: Contest) -> None:
    """A show under way: three have been judged, the fourth is open to five judges."""
    await _seat(contest, 5)
    at = opening(0, runtime.clock.now())
    contest = await _advance(contest, Phase.JUDGING, at)
    codes = [entrant.code for entrant in await entrants_of(contest.id)]
    at = await demo_show.judge(contest, codes[:3], at)
    await demo_show.leave_open(contest, codes[3], 2, at)


async def _publish_video(runtime: Runtime, contest: Contest) -> None:
    """A result in its public notice, with an objection that waits for its answer."""
    at = opening(1, runtime.clock.now()) + timedelta(hours=9)
    contest = await _publish(runtime, contest, at)
    await _object(runtime, contest, at + timedelta(hours=5), answered=False)
