"""The host's page: whom to call, who still marks, and never a mark."""

import httpx
import pytest

from accounts.people.rules import Role
from core.clock import SettableClock
from scoring.judging.sheets import service as sheets
from tests.conftest import START
from tests.support.judging import MARKS, JudgingContest, judging_contest
from tests.support.people import post_form, send_json, sign_in_as

PAGE = {"accept": "text/html"}


@pytest.fixture
async def given(client: httpx.AsyncClient, clock: SettableClock) -> JudgingContest:
    """A contest in judging with nobody open; a host is signed in on `client`."""
    clock.set(START)
    made = await judging_contest(START)
    clock.set(made.now)
    await sign_in_as(client, Role.HOST)
    return made


def _address(given: JudgingContest, rest: str = "") -> str:
    return f"/host/{given.contest.slug}{rest}"


async def test_opening_tells_whom_the_room_waits_for(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    before = (await client.get(_address(given, "/state"))).json()
    assert (before["current"], before["next"]["code"], before["judges"]) == (None, "001", 5)
    opened = await send_json(client, "POST", _address(given, "/open"), {"code": "001"})
    assert opened.status_code == 200
    assert opened.json()["current"] == "001"
    assert opened.json()["waiting_for"] == [judge.name for judge in given.judges]


async def test_host_sees_who_has_handed_in_and_never_a_mark(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await send_json(client, "POST", _address(given, "/open"), {"code": "001"})
    judge = given.judges[0]
    await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
    await sheets.submit(given.contest, judge, "001", given.actor(1), given.now)
    state = await client.get(_address(given, "/state"))
    page = await client.get(_address(given), headers=PAGE)
    assert judge.name not in state.json()["waiting_for"]
    assert page.status_code == 200
    assert not any("75.5" in text or "25.5" in text for text in (state.text, page.text))


async def test_closing_while_judges_mark_asks_first(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await send_json(client, "POST", _address(given, "/open"), {"code": "001"})
    path = _address(given, "/close")
    refused = await send_json(client, "POST", path, {"code": "001"})
    assert refused.status_code == 422
    assert given.judges[4].name in refused.text
    assert (await client.get(_address(given, "/state"))).json()["current"] == "001"
    closed = await send_json(client, "POST", path, {"code": "001", "confirmed": "1"})
    assert (closed.status_code, closed.json()["current"]) == (200, None)


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        ({}, {422}),
        ({"code": ""}, {422}),
        ({"code": "999"}, {404, 409, 422}),
        ({"code": "001", "round": "no-such"}, {404, 409, 422}),
        ({"code": "001", "reason": "长" * 501}, {422}),
    ],
)
async def test_opening_nobody_in_particular_is_refused_and_opens_nobody(
    sent: dict[str, str],
    statuses: set[int],
    client: httpx.AsyncClient,
    given: JudgingContest,
) -> None:
    answer = await send_json(client, "POST", _address(given, "/open"), sent)
    assert answer.status_code in statuses
    assert answer.json()["title"]
    assert (await client.get(_address(given, "/state"))).json()["current"] is None


async def test_refused_form_comes_back_with_what_was_typed_as_text(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    typed = {"code": "", "reason": "<i>换人</i>"}
    answer = await post_form(client, _address(given, "/open"), typed, headers=PAGE)
    assert answer.status_code == 422
    assert "选手编号" in answer.text
    assert "<i>换人" not in answer.text


async def test_order_must_name_every_entrant_once(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/order")
    for codes in ([], ["001"], ["001", "001", "002"], ["001", "002", "999"]):
        answer = await send_json(client, "POST", path, {"round": "main", "codes": codes})
        assert answer.status_code == 422, codes
    good = await send_json(client, "POST", path, {"round": "main", "codes": ["003", "001", "002"]})
    assert [turn["code"] for turn in good.json()["turns"]] == ["003", "001", "002"]


@pytest.mark.parametrize("role", [Role.JUDGE, Role.VOTER])
async def test_others_may_not_open(
    role: Role, client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await sign_in_as(client, role)
    answer = await send_json(client, "POST", _address(given, "/open"), {"code": "001"})
    assert answer.status_code == 403
