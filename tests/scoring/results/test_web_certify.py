"""The organiser's pages of a result, before there is anything to certify."""

from itertools import count

import httpx
import pytest

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from core.clock import SettableClock
from tests.conftest import START
from tests.support.contests import contest_in
from tests.support.people import send_json, sign_in_as

PAGE = {"accept": "text/html"}
_numbers = count(1)


@pytest.fixture
async def base(client: httpx.AsyncClient, clock: SettableClock) -> str:
    """The address of a contest that has no entrants yet; an organiser is signed in."""
    clock.set(START)
    slug = f"nobody-yet-{next(_numbers)}"
    contest, _people = await contest_in(Phase.NOMINATION, slug, START, entrants=0)
    await sign_in_as(client, Role.ORGANISER)
    return f"/organiser/c/{contest.slug}"


@pytest.mark.parametrize("place", ["/result", "/diagnostics", "/diagnostics?stability=1"])
async def test_contest_without_entrants_says_what_will_be_here(
    place: str, client: httpx.AsyncClient, base: str
) -> None:
    answer = await client.get(base + place, headers=PAGE)
    assert answer.status_code == 200
    assert "还没有可以计分的候选人" in answer.text


async def test_result_without_entrants_cannot_be_proposed(
    client: httpx.AsyncClient, base: str
) -> None:
    answer = await send_json(client, "POST", f"{base}/result/propose", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_entrants")
