"""The organiser's pages: from an empty list to a contest in its last phase."""

from datetime import timedelta

import httpx

from accounts.people.rules import Role
from contest.editions import service
from contest.editions.rules.contest import Phase
from core.clock import SettableClock
from tests.support.contests import RULES, contest_in, rulebook_text
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def test_contest_is_created_from_a_shipped_rulebook(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    assert (await client.get("/organiser", headers=HTML)).status_code == 200
    page = await client.get("/organiser/contests/new", headers=HTML)
    assert "2026 年度十佳同江代言人评选" in page.text
    answer = await post_form(
        client, "/organiser/contests", {"slug": "picked", "rulebook_pick": "top_ten_2026"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/organiser/c/picked")
    assert (await service.get_contest("picked")).rulebook.source == RULES
    assert (await client.get("/organiser/c/picked", headers=HTML)).status_code == 200
    assert (await client.get("/organiser", headers=HTML)).status_code == 200


async def test_pasted_rulebook_with_errors_comes_back_as_typed(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    typed = {"slug": "No!", "edition": "第三届", "rulebook_text": 'format = 1\ntitle = "我写的"\n'}
    answer = await post_form(client, "/organiser/contests", typed, headers=HTML)
    assert answer.status_code == 422
    for kept in ("No!", "第三届", "我写的", "网址名只能用小写字母"):
        assert kept in answer.text
    as_program = await post_form(client, "/organiser/contests", typed)
    fields = {error["field"] for error in as_program.json()["errors"]}
    assert (as_program.status_code, fields) == (422, {"slug", "rulebook_text"})


async def test_uploaded_rulebook_file_is_taken(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    answer = await post_form(
        client,
        "/organiser/contests",
        {"slug": "uploaded"},
        files={"rulebook_file": ("r.toml", RULES.encode())},
    )
    assert answer.status_code == 303
    answer = await post_form(
        client,
        "/organiser/contests",
        {"slug": "binary"},
        files={"rulebook_file": ("r.toml", b"\xff\xfe\x00")},
    )
    assert [error["field"] for error in answer.json()["errors"]] == ["rulebook_file"]


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
    codes = [entrant.code for entrant in await service.entrants(contest.id)]
    assert (contest.phase, contest.approval_document, codes) == (
        Phase.VOTING,
        "同政发〔2026〕8号",
        ["001", "002"],
    )
    for path in ("", "/rulebook", "/entrants", "/nominations", "/figures", "/notices"):
        page = await client.get(base + path, headers=HTML)
        assert page.status_code == 200, path


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
    assert await service.entrants(contest.id) == []


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


async def test_holidays_are_entered_with_all_slips_named(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    typed = {"year": "2027", "days_off": "2027-02-08, 2027-02-06 二月", "makeup_days": "2027-02-09"}
    answer = await post_form(client, "/organiser/calendar", typed)
    assert [error["field"] for error in answer.json()["errors"]] == ["days_off"]
    typed["days_off"] = "2027-02-08, 2027-02-06"
    answer = await post_form(client, "/organiser/calendar", typed, headers=HTML)
    assert answer.status_code == 422
    assert "2027-02-06 是周末，不必列出" in answer.text
    assert "2027-02-09 不是周末，无须补班" in answer.text
    typed = {"year": "2027", "days_off": "2027-02-08", "makeup_days": "2027-02-07"}
    answer = await post_form(client, "/organiser/calendar", typed)
    assert answer.status_code == 303
    assert "已录入" in (await client.get("/organiser/calendar", headers=HTML)).text
