"""The organiser's pages of entrants."""

import httpx

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from contest.entrants.service import entrants_of
from core.clock import SettableClock
from tests.support.contests import contest_in
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def test_import_with_errors_keeps_the_pasted_table(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.ORGANISER)
    contest, _entrants = await contest_in(Phase.DRAFT, "bad-import", clock.now(), entrants=0)
    typed = {"table_text": "姓名,颜色\n甲,红\n"}
    path = "/organiser/c/bad-import/entrants/import"
    answer = await post_form(client, path, typed, headers=HTML)
    assert answer.status_code == 422
    assert "不认识列名「颜色」" in answer.text
    assert "甲,红" in answer.text
    assert await entrants_of(contest.id) == []


async def test_entrant_is_withdrawn_with_a_reason(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.ORGANISER)
    _contest, (entrant, *_rest) = await contest_in(Phase.VOTING, "leaving", clock.now())
    path = f"/organiser/c/leaving/entrants/{entrant.id}"
    answer = await post_form(client, f"{path}/withdraw", {"confirmed": "1"})
    assert [error["field"] for error in answer.json()["errors"]] == ["reason"]
    answer = await post_form(client, f"{path}/withdraw", {"confirmed": "1", "reason": "本人申请"})
    assert answer.status_code == 303
    page = await client.get(path, headers=HTML)
    assert "本人申请" in page.text
