"""The demo contest: 十佳同江代言人 2026 with fictional candidates, its vote open now."""

import asyncio
import re
from datetime import datetime, timedelta

from contest import entrant_import, entrants, nominations, service
from contest.demo_people import PEOPLE, Person
from contest.demo_pictures import portrait
from contest.phase_gate import PhaseGate
from contest.photos import photo_store, store_photo
from contest.rules.contest import Contest, Phase
from contest.rules.entrant_rows import NewEntrant
from contest.rules.nominations import Candidate
from contest.web_support import shipped_rulebooks
from core.audit import SYSTEM
from core.beijing import BEIJING
from core.problems import NotFound
from core.runtime import Runtime

SLUG = "top-ten-2026"
NEXT_SLUG = "top-ten-2027"
_SEED = "演示抽签 2026"


async def seed(runtime: Runtime) -> None:
    """A contest in voting and one that takes nominations; nothing when they are there."""
    try:
        await service.get_contest(SLUG)
    except NotFound:
        await _voting_contest(runtime)
        await _nominating_contest(runtime)


async def _voting_contest(runtime: Runtime) -> None:
    now = runtime.clock.now()
    text = _with_window(shipped_rulebooks()["top_ten_2026"], now)
    contest = await service.create_contest(SLUG, text, SYSTEM, now)
    gate = PhaseGate()
    await service.advance(contest.id, Phase.NOMINATION, SYSTEM, now, gate)
    await entrant_import.add_entrants(contest.id, [_entrant(p) for p in PEOPLE], SYSTEM, now)
    await service.advance(contest.id, Phase.REVIEW, SYSTEM, now, gate)
    await entrants.assign_codes(contest.id, "random", _SEED, SYSTEM, now)
    by_name = {person.name: person for person in PEOPLE}
    for entrant in await service.entrants(contest.id):
        photo = await _photo(runtime, by_name[entrant.name])
        await entrants.set_photo(entrant.id, photo, SYSTEM, now)
    await service.advance(contest.id, Phase.VOTING, SYSTEM, now, gate)


def _with_window(text: str, now: datetime) -> str:
    """The shipped rules with a vote that opened this morning and lasts fourteen days."""
    opens = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    closes = opens + timedelta(days=14, hours=18)
    text = re.sub(r"(?m)^opens_at = .*$", f"opens_at = {opens.isoformat()}", text)
    return re.sub(r"(?m)^closes_at = .*$", f"closes_at = {closes.isoformat()}", text)


def _entrant(person: Person) -> NewEntrant:
    return NewEntrant(
        name=person.name,
        nominator=person.township,
        township=person.township,
        summary=person.summary,
        case_report=person.report,
        first_time=person.first_time,
    )


async def _photo(runtime: Runtime, person: Person) -> str:
    picture = await asyncio.to_thread(portrait, person)
    return await asyncio.to_thread(store_photo, photo_store(runtime), picture, "photo")


async def _nominating_contest(runtime: Runtime) -> None:
    """The next contest with one nomination waiting and one half filled in."""
    now = runtime.clock.now()
    later = now + timedelta(days=30)
    text = _with_window(shipped_rulebooks()["top_ten_2026"], later).replace(
        "2026 年度", "2027 年度"
    )
    contest = await service.create_contest(NEXT_SLUG, text, SYSTEM, now)
    closes_at = now + timedelta(days=10)
    await service.set_nomination_deadline(contest.id, closes_at, SYSTEM, now)
    contest = await service.advance(contest.id, Phase.NOMINATION, SYSTEM, now, PhaseGate())
    complete, begun = PEOPLE[0], PEOPLE[1]
    await _nominate(runtime, contest, complete, now, submit=True)
    await _nominate(runtime, contest, begun, now, submit=False)


async def _nominate(
    runtime: Runtime, contest: Contest, person: Person, now: datetime, *, submit: bool
) -> None:
    nomination_id = await nominations.begin(contest, person.township, SYSTEM, now)
    candidate = Candidate(name=person.name, platform="抖音", summary=person.summary)
    if submit:
        candidate = Candidate(
            name=person.name,
            born_on=(now - timedelta(days=365 * 30)).date(),
            phone="13900000001",
            platform="抖音",
            account=f"{person.name}在{person.township}",
            summary=person.summary,
            case_report=person.report,
            photo=await _photo(runtime, person),
            consent=True,
        )
    act = nominations.submit if submit else nominations.save
    await act(nomination_id, person.township, candidate, runtime.keys, SYSTEM, now)
