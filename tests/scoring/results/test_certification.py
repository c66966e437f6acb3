"""Certifying by two people, and what the hall is told before and after it."""

import asyncio

import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import withdraw_entrant
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from core.audit import SYSTEM, Actor
from core.clock import SettableClock
from core.crypto import load_keys
from core.problems import Conflict, NotAllowed
from core.runtime import Runtime
from core.settings import Settings
from live.stage import service as show_service
from live.stage.rules.reveal import Order
from scoring.judging.sheets import signing
from scoring.results import certification, provisional
from tests.conftest import START
from tests.support.judging import PIN, JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("pool")
TOTALS = {"001": 30, "002": 35, "003": 40}


@pytest.fixture
async def runtime(settings: Settings, clock: SettableClock, redis: Redis) -> Runtime:
    return Runtime(settings, clock, load_keys(settings.data_dir), redis)


async def _marked(runtime: Runtime, *, signed: int = 5) -> JudgingContest:
    """Five judges have marked everyone, and the first `signed` of them have signed."""
    given = await judging_contest(START)
    for number in range(1, 6):
        await mark_everyone(given, number, TOTALS)
    for number in range(1, signed + 1):
        hand = given.hand(number, runtime.keys)
        await signing.sign(given.contest, given.judges[number - 1], PIN, hand, confirmed=True)
    return given


async def _tallying(given: JudgingContest) -> Contest:
    return await advance(given.contest.id, Phase.TALLYING, SYSTEM, given.now, PhaseConditions())


def _organisers(given: JudgingContest) -> tuple[Actor, Actor]:
    """Two accounts that the database knows; what they are is not certification's question."""
    return given.actor(1), given.actor(2)


async def test_second_person_approves_the_result_that_was_seen(runtime: Runtime) -> None:
    given = await _marked(runtime)
    contest = await _tallying(given)
    first, second = _organisers(given)
    computed = await certification.propose(contest, first, given.now, runtime)
    with pytest.raises(NotAllowed) as same:
        await certification.approve(contest, first, given.now, runtime)
    with pytest.raises(Conflict) as other:
        await certification.approve(contest, second, given.now, runtime, seen="sha256:other")
    assert (same.value.code, other.value.code) == ("second_person_needed", "proposal_changed")
    certified = await certification.approve(
        contest, second, given.now, runtime, seen=computed.digest
    )
    assert (certified.version, certified.result_digest) == (1, computed.digest)
    assert await certification.newest(contest.id) == certified
    assert certification.bundle_store(runtime).path(certified.bundle) is not None


async def test_two_approvals_at_once_give_one_certificate(runtime: Runtime) -> None:
    given = await _marked(runtime)
    contest = await _tallying(given)
    first, second = _organisers(given)
    await certification.propose(contest, first, given.now, runtime)
    answers = await asyncio.gather(
        certification.approve(contest, second, given.now, runtime),
        certification.approve(contest, given.actor(3), given.now, runtime),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [Conflict]
    assert [one.code for one in refused if isinstance(one, Conflict)] == ["no_proposal"]


async def test_hall_is_told_what_was_certified_whatever_comes_after(runtime: Runtime) -> None:
    given = await _marked(runtime)
    contest = await _tallying(given)
    first, second = _organisers(given)
    assert not (await provisional.current_result(contest)).certified
    await show_service.begin_reveal(contest, Order.FROM_LAST, first, given.now)
    await certification.propose(contest, first, given.now, runtime)
    await certification.approve(contest, second, given.now, runtime)
    assert (await show_service.state_of(contest)).provisional, "begun before it was certified"
    told = await provisional.current_result(contest)
    await withdraw_entrant(given.entrants[0].id, "自愿退出", SYSTEM, given.now)
    assert await provisional.current_result(contest) == told
    assert told.certified
    await show_service.begin_reveal(contest, Order.FROM_LAST, first, given.now)
    assert not (await show_service.state_of(contest)).provisional


async def test_nothing_is_revealed_before_every_judge_has_signed(runtime: Runtime) -> None:
    given = await _marked(runtime, signed=4)
    with pytest.raises(Conflict) as refused:
        await show_service.begin_reveal(given.contest, Order.FROM_LAST, given.actor(1), given.now)
    assert refused.value.code == "sheets_unsigned"
    assert "评委5" in refused.value.message
