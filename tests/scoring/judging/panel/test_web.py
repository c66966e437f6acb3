"""The organiser's page of the panel: who is seated, what is refused, what was typed stays."""

import httpx
import pytest

from accounts.people.rules import Role
from core.clock import SettableClock
from scoring.judging.panel import service as panel
from tests.conftest import START
from tests.support.judging import JudgingContest, judging_contest
from tests.support.people import post_form, send_json, sign_in_as

PAGE = {"accept": "text/html"}


@pytest.fixture
async def given(client: httpx.AsyncClient, clock: SettableClock) -> JudgingContest:
    """A contest in judging with five judges; an organiser is signed in on `client`."""
    clock.set(START)
    made = await judging_contest(START)
    clock.set(made.now)
    await sign_in_as(client, Role.ORGANISER)
    return made


def _address(given: JudgingContest, rest: str = "") -> str:
    return f"/organiser/c/{given.contest.slug}{rest}"


async def test_page_names_every_judge(client: httpx.AsyncClient, given: JudgingContest) -> None:
    answer = await client.get(_address(given, "/panel"), headers=PAGE)
    assert answer.status_code == 200
    assert all(judge.name in answer.text for judge in given.judges)


@pytest.mark.parametrize("sent", [["9" * 40], ["甲"], ["-1"], ["1.5"], ["0"]])
async def test_who_is_no_judge_is_not_appointed(
    sent: list[str], client: httpx.AsyncClient, given: JudgingContest
) -> None:
    answer = await send_json(client, "POST", _address(given, "/panel"), {"judges": sent})
    assert answer.status_code in (409, 422)
    assert len(await panel.panel(given.contest.id)) == len(given.judges)


async def test_absence_without_round_and_reason_tells_both(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/panel/2/absent")
    answer = await send_json(client, "POST", path, {"code": "001"})
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"round", "reason"}
    typed = {"round": "", "code": "", "reason": "突发急病<i>"}
    page = await post_form(client, path, typed, headers=PAGE)
    assert page.status_code == 422
    assert "轮次" in page.text
    assert "突发急病<i>" not in page.text


async def test_refused_absence_keeps_what_was_typed_in_its_own_form(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    typed = {"round": "main", "code": "0" * 500, "reason": "突发急病<i>"}
    page = await post_form(client, _address(given, "/panel/2/absent"), typed, headers=PAGE)
    assert page.status_code == 422
    assert page.text.count('value="突发急病&lt;i&gt;"') == 1
    assert page.text.count('<details class="confirm" open>') == 1


@pytest.mark.parametrize("code", ["999", "0" * 41])
async def test_absence_for_an_entrant_who_is_not_there_is_refused(
    code: str, client: httpx.AsyncClient, given: JudgingContest
) -> None:
    sent = {"round": "main", "code": code, "reason": "请假"}
    answer = await send_json(client, "POST", _address(given, "/panel/2/absent"), sent)
    assert (answer.status_code, answer.json()["code"]) in (
        (404, "no_such_entrant"),
        (422, "invalid"),
    )


async def test_absence_is_recorded_and_leads_back(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    sent = {"round": "main", "code": "", "reason": "请假"}
    answer = await post_form(client, _address(given, "/panel/2/absent"), sent, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, _address(given, "/panel"))
    sheet = await client.get(_address(given, "/sheets/2"), headers=PAGE)
    assert sheet.status_code == 200
    assert "缺席" in sheet.text


async def test_seat_and_change_that_are_not_there_are_not_found(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    decision = {"decision": "refuse", "reason": "不对"}
    changed = await send_json(client, "POST", _address(given, "/changes/99"), decision)
    sheet = await client.get(_address(given, "/sheets/77"))
    assert (changed.status_code, sheet.status_code) == (404, 404)


async def test_decision_that_is_none_is_refused_with_every_error(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    answer = await send_json(client, "POST", _address(given, "/changes/1"), {"decision": "maybe"})
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"decision", "reason"}


@pytest.mark.parametrize("role", [Role.JUDGE, Role.HOST, Role.VOTER])
async def test_others_may_not_see_the_panel(
    role: Role, client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await sign_in_as(client, role)
    assert (await client.get(_address(given, "/panel"))).status_code == 403
