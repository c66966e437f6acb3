"""The contests that browser tests look at: one for every state that changes a public page.

They are made through services, into the database and data folder that the server then serves.
"""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from PIL import Image

from accounts import service as accounts
from accounts.people.rules import Role
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.photos import photo_store, store_photo
from contest.entrants.rules.entrant import NewEntrant
from contest.entrants.service import entrants_of
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from contest.rulebooks.service import BUNDLED
from core.audit import SYSTEM, Actor
from core.beijing import BEIJING
from core.runtime import Runtime
from scoring.judging.panel import service as panel
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import signing
from scoring.results import certification
from tests.support.contests import contest_in, rulebook_text
from tests.support.judging import PIN, JudgingContest, judge_accounts, mark_everyone
from voting.casting import service as voting
from voting.casting.ballot_box import BallotBox
from voting.casting.service import Accepted

_SHORT_VIDEO = (BUNDLED / "short_video_2026.toml").read_text("utf-8")
_LASTS = timedelta(days=10)
_MARKS = {"001": 30, "002": 34, "003": 28, "004": 22}
LONG_NAME = "阿不都热合曼·买买提艾力·赫哲渔歌传承队"


async def make_contests(runtime: Runtime, now: datetime) -> dict[str, Contest]:
    """Every contest under its slug."""
    live = '{ mode = "live" }'
    made = [
        await _voting("single", now),
        await _voting("moving", now),
        await _voting(
            "several",
            now,
            base=_SHORT_VIDEO,
            daily_hours='{ from = "00:00", to = "23:59" }',
            count_display=live,
        ),
        await _voting("night", now, base=_SHORT_VIDEO, daily_hours=_other_hours(now)),
        await _voting("later", now, opens_in=timedelta(days=3)),
        await _voting("hidden", now, count_display='{ mode = "hidden" }'),
        await _voting("daily", now, count_display='{ mode = "daily_snapshot", at = "18:00" }'),
        await _in_phase(Phase.DRAFT, "draft", now),
        await _in_phase(Phase.NOMINATION, "nominating", now),
        await _in_phase(Phase.REVIEW, "reviewing", now),
        await _crowd(runtime, now),
        await _evening(runtime, now),
        await _ended(runtime, "judging", now, Phase.JUDGING),
        await _ended(runtime, "tallying", now, Phase.TALLYING),
        await _ended(runtime, "noticed", now, Phase.PUBLIC_NOTICE),
        await _ended(runtime, "finished", now - timedelta(days=30), Phase.FINAL),
    ]
    return {one.slug: one for one in made}


async def _voting(
    slug: str, now: datetime, *, opens_in: timedelta = timedelta(0), **rules: str
) -> Contest:
    opens_at = now + opens_in - timedelta(minutes=5)
    text = rulebook_text(opens_at=opens_at, closes_at=opens_at + _LASTS, **rules)
    contest, people = await contest_in(Phase.VOTING, slug, now, rulebook=text, entrants=12)
    await entrants.withdraw_entrant(people[10].id, "本人申请", SYSTEM, now)
    return contest


def _other_hours(now: datetime) -> str:
    """Hours of the day that are far from this one."""
    late = time(12) > now.astimezone(BEIJING).time()
    return '{ from = "22:00", to = "23:00" }' if late else '{ from = "01:00", to = "02:00" }'


async def _in_phase(phase: Phase, slug: str, now: datetime) -> Contest:
    opens_at = now + timedelta(days=20)
    text = rulebook_text(opens_at=opens_at, closes_at=opens_at + _LASTS)
    count = 0 if phase is Phase.NOMINATION else 3
    return (await contest_in(phase, slug, now, rulebook=text, entrants=count))[0]


async def _crowd(runtime: Runtime, now: datetime) -> Contest:
    """A hundred candidates, with the longest and the shortest names, and photos for some."""
    text = rulebook_text(opens_at=now - timedelta(minutes=5), closes_at=now + _LASTS)
    contest, _none = await contest_in(Phase.NOMINATION, "crowd", now, rulebook=text, entrants=0)
    names = [LONG_NAME, "鹤", *(f"候选人{n}" for n in range(3, 101))]
    people = [
        NewEntrant(name, f"{n:03d}", "街津口赫哲族乡", "街津口赫哲族乡", "简介", "案例报告")
        for n, name in enumerate(names, start=1)
    ]
    await entrant_import.add_entrants(contest.id, people, SYSTEM, now)
    for entrant in (await entrants_of(contest.id))[:8]:
        photo = await _photo(runtime, entrant.code)
        await entrants.set_photo(entrant.id, photo, SYSTEM, now)
    for step in (Phase.REVIEW, Phase.VOTING):
        contest = await advance(contest.id, step, SYSTEM, now, PhaseConditions())
    return contest


async def _photo(runtime: Runtime, seed: str) -> str:
    red, green, blue = hashlib.sha256(seed.encode()).digest()[:3]
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), (red, green, blue)).save(out, "JPEG")
    return await asyncio.to_thread(store_photo, photo_store(runtime), out.getvalue(), "photo")


async def _evening(runtime: Runtime, now: datetime) -> Contest:
    """A contest on the day of its judging: the vote is over, and nobody is on the panel yet."""
    opened = now - timedelta(days=12)
    text = rulebook_text(opens_at=opened, closes_at=opened + _LASTS, minimum_panel="4")
    contest, _people = await contest_in(Phase.VOTING, "evening", opened, rulebook=text, entrants=4)
    await _ballots(runtime, contest, opened)
    return contest


async def _ended(runtime: Runtime, slug: str, now: datetime, phase: Phase) -> Contest:
    """A contest whose vote ended two days ago, with ballots, sheets and what the phase needs."""
    opened = now - timedelta(days=12)
    text = rulebook_text(opens_at=opened, closes_at=opened + _LASTS)
    contest, people = await contest_in(Phase.VOTING, slug, opened, rulebook=text, entrants=4)
    await panel.appoint(contest, await judge_accounts(5, opened), SYSTEM, opened)
    for judge in await panel.panel(contest.id):
        await panel.declare_conflicts(contest, judge, {}, SYSTEM, opened)
    await _ballots(runtime, contest, opened)
    closed = opened + _LASTS
    contest = await advance(contest.id, Phase.JUDGING, SYSTEM, closed, PhaseConditions())
    seated = await panel.panel(contest.id)
    given = JudgingContest(contest, people, seated, closed)
    await _judge(runtime, given)
    if phase is Phase.JUDGING:
        return contest
    contest = await advance(contest.id, Phase.TALLYING, SYSTEM, closed, PhaseConditions())
    if phase is Phase.TALLYING:
        return contest
    return await _certify(runtime, contest, phase, closed)


async def _ballots(runtime: Runtime, contest: Contest, now: datetime) -> None:
    box = BallotBox(runtime.keys, runtime.redis)
    for voter, code in enumerate(("001", "001", "002", "003", "001", "002"), start=1):
        key = f"browser-tests-{contest.slug}-{voter}"
        answer = await voting.cast(box, contest, voter, [code], key, now)
        assert isinstance(answer, Accepted), answer


async def _judge(runtime: Runtime, given: JudgingContest) -> None:
    for number in range(1, 6):
        marks = {code: mark + number for code, mark in _MARKS.items()}
        await mark_everyone(given, number, marks)
    await floor.close_entrant(given.contest, SYSTEM, given.now)
    for number, judge in enumerate(given.judges, start=1):
        hand = given.hand(number, runtime.keys)
        await signing.sign(given.contest, judge, PIN, hand, confirmed=True)


async def _certify(runtime: Runtime, contest: Contest, phase: Phase, now: datetime) -> Contest:
    for name, act in (("李主办", certification.propose), ("王复核", certification.approve)):
        account = await accounts.create_account(name, [Role.ORGANISER], actor=SYSTEM, now=now)
        await act(contest, Actor(account, name), now, runtime)
    contest = await advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, now, PhaseConditions())
    if phase is Phase.PUBLIC_NOTICE:
        return contest
    assert contest.notice_ends_on is not None
    over = datetime.combine(contest.notice_ends_on, time.max, UTC)
    return await advance(contest.id, Phase.FINAL, SYSTEM, over, PhaseConditions())


@dataclass(frozen=True)
class Site:
    """The served site: `url` without a slash at its end, and its contests by slug."""

    url: str
    contests: dict[str, Contest]
