"""Many numbers from one network, one number from many networks, and the bill of all."""

import asyncio
from dataclasses import replace
from datetime import datetime

import httpx
import pytest

from accounts.sign_in.sms import service as sms_sign_in
from accounts.sign_in.sms.senders import OutboxSender
from accounts.sign_in.sms.service import CodeRequest, request_code
from core.limits.challenge import NO_ATTEMPT, Attempt, ChallengeNeeded
from core.limits.rate_limit import WithoutRedis, limit
from core.problems import Problem, TooMany
from core.runtime import Runtime
from tests.support.challenges import solution
from tests.support.people import runtime_of

FREE = 9


@pytest.fixture(autouse=True)
def few_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a test can ask for in a second, by the same steps."""
    free = limit("sms_step_0", "9 per 10 minutes", without_redis=WithoutRedis.ALLOW, message="")
    monkeypatch.setattr(sms_sign_in, "FREE_CODES", free)


@pytest.fixture
def runtime(client: httpx.AsyncClient) -> Runtime:
    return runtime_of(client)


async def ask(
    runtime: Runtime, number: int, address: str, attempt: Attempt = NO_ATTEMPT
) -> Problem | None:
    """None when a code was sent to the number."""
    now: datetime = runtime.clock.now()
    wanted = CodeRequest(str(13_700_000_000 + number), as_creator=False, adult_declared=True)
    sender = OutboxSender(runtime)
    try:
        await request_code(
            wanted, sender, runtime, client_address=address, now=now, attempt=attempt
        )
    except Problem as problem:
        return problem
    return None


async def test_a_hundred_numbers_at_once_from_one_network(runtime: Runtime) -> None:
    answers = await asyncio.gather(*(ask(runtime, n, f"203.0.113.{n}") for n in range(100)))
    assert sum(answer is None for answer in answers) == FREE
    refused = [answer for answer in answers if answer is not None]
    assert {type(answer) for answer in refused} == {ChallengeNeeded}
    assert await ask(runtime, 500, "198.51.100.1") is None, "another network is free"


async def test_work_gets_a_code_once_and_the_more_the_dearer(runtime: Runtime) -> None:
    await asyncio.gather(*(ask(runtime, 1000 + n, "203.0.113.1") for n in range(FREE)))
    sizes = []
    for number in range(2000, 2003):
        needed = await ask(runtime, number, "203.0.113.1")
        assert isinstance(needed, ChallengeNeeded)
        sizes.append(needed.challenge.puzzle["maxNumber"])
        solved = Attempt(solution=solution(needed.challenge.puzzle))
        assert await ask(runtime, number, "203.0.113.1", solved) is None
        again = await ask(runtime, number + 500, "203.0.113.1", solved)
        assert isinstance(again, ChallengeNeeded), "one solution, two numbers"
    assert len(set(sizes)) == 1
    for dearer in sms_sign_in.DEARER_CODES:
        while await runtime.limits.within(dearer, "203.0.113.0/24"):
            pass
        needed = await ask(runtime, 3000, "203.0.113.1")
        assert isinstance(needed, ChallengeNeeded)
        sizes.append(needed.challenge.puzzle["maxNumber"])
    assert sizes[-1] > sizes[-2] > sizes[0]


async def test_one_number_from_everywhere_rings_once(runtime: Runtime) -> None:
    answers = await asyncio.gather(*(ask(runtime, 7, f"198.51.{n}.1") for n in range(100)))
    assert sum(answer is None for answer in answers) == 1
    assert {answer.code for answer in answers if answer} == {"too_many_sms_phone"}


async def test_the_citys_bill_has_an_end(runtime: Runtime) -> None:
    poor = replace(runtime, settings=replace(runtime.settings, sms_per_hour=5))
    answers = await asyncio.gather(*(ask(poor, 40 + n, f"192.0.{n}.1") for n in range(30)))
    assert sum(answer is None for answer in answers) == 5
    assert {type(answer) for answer in answers if answer} == {TooMany}
    for _again in range(2 * FREE):
        assert isinstance(await ask(poor, 90, "198.51.100.1"), TooMany)
    assert await runtime.limits.has_room(sms_sign_in.FREE_CODES, "198.51.100.0/24"), "unspent"
