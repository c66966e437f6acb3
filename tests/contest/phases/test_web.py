"""The page from which a contest is carried on."""

from datetime import timedelta

import httpx

from accounts.people.rules import Role
from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.entrants.service import entrants_of
from core.clock import SettableClock
from tests.support.contests import contest_in, rulebook_text
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def test_page_shows_what_blocks_the_next_phase(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.ORGANISER)
    await contest_in(Phase.NOMINATION, "blocked", clock.now(), entrants=0)
    page = await client.get("/organiser/c/blocked", headers=HTML)
    assert "还没有收到任何推荐" in page.text
    answer = await post_form(
        client, "/organiser/c/blocked/phase", {"to": "review", "confirmed": "1"}
    )
    errors = [(error["field"], error["message"]) for error in answer.json()["errors"]]
    assert (answer.status_code, errors) == (409, [("nobody_nominated", "还没有收到任何推荐")])
    as_page = await post_form(
        client, "/organiser/c/blocked/phase", {"to": "review", "confirmed": "1"}, headers=HTML
    )
    assert (as_page.status_code, "还没有收到任何推荐" in as_page.text) == (409, True)


async def test_phase_needs_a_confirmation_and_a_known_name(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.ORGANISER)
    await contest_in(Phase.DRAFT, "asked", clock.now())
    answer = await post_form(client, "/organiser/c/asked/phase", {"to": "elsewhere"})
    fields = [error["field"] for error in answer.json()["errors"]]
    assert (answer.status_code, fields) == (422, ["to", "confirmed"])


async def test_whole_contest_is_carried_by_plain_posts(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.ORGANISER)
    now = clock.now()
    base = "/organiser/c/by-http"
    text = rulebook_text(opens_at=now, closes_at=now + timedelta(hours=1))
    await post_form(client, "/organiser/contests", {"slug": "by-http", "rulebook_text": text})
    await post_form(client, f"{base}/phase", {"to": "nomination", "confirmed": "1"})
    answer = await post_form(
        client, f"{base}/entrants/import", {"table_text": "姓名,编号\n甲,1\n乙,\n"}
    )
    assert answer.status_code == 303
    answer = await post_form(client, f"{base}/entrants/codes", {"order": "random", "seed": "一号"})
    assert answer.status_code == 303
    await post_form(client, f"{base}/phase", {"to": "review", "confirmed": "1"})
    await post_form(client, f"{base}/phase", {"to": "voting", "confirmed": "1"})
    await post_form(client, f"{base}/approval", {"approval_document": "同政发〔2026〕8号"})
    contest = await service.get_contest("by-http")
    codes = [entrant.code for entrant in await entrants_of(contest.id)]
    assert (contest.phase, contest.approval_document, codes) == (
        Phase.VOTING,
        "同政发〔2026〕8号",
        ["001", "002"],
    )
    for path in ("", "/rulebook", "/entrants", "/nominations", "/figures", "/notices"):
        page = await client.get(base + path, headers=HTML)
        assert page.status_code == 200, path
