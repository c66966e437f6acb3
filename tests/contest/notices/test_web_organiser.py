"""Notices and objections, as the public files them and the organiser answers them."""

import re
from dataclasses import replace

import httpx
import pytest
from limits import parse

from accounts.people.rules import Role
from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.notices import service as objections
from core.clock import SettableClock
from core.files.spreadsheets import read_rows
from core.limits.rate_limit import WithoutRedis
from tests.support.contests import contest_in
from tests.support.people import post_form, sign_in_as, sign_out

HTML = {"accept": "text/html"}
TWICE = (parse("2 per hour"),)
OBJECTION = {
    "real_name": "张三丰",
    "contact": "13900000003",
    "about": "001",
    "body": "数字与我了解的不符",
    "agree": "1",
}


async def in_notice(clock: SettableClock, slug: str) -> None:
    """A contest whose notice began at the clock's moment."""
    contest, _ = await contest_in(Phase.PUBLIC_NOTICE, slug, clock.now())
    if contest.phase_since > clock.now():
        clock.set(contest.phase_since)


async def test_objection_is_filed_answered_and_read_by_its_reference(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await in_notice(clock, "objected")
    answer = await post_form(client, "/c/objected/objections", OBJECTION)
    assert answer.status_code == 303
    receipt = str(answer.headers["location"])
    page = (await client.get(receipt, headers=HTML)).text
    assert "等待主办单位书面答复" in page
    assert "张三丰" not in page
    assert "13900000003" not in page
    await sign_in_as(client, Role.ORGANISER)
    listed = (await client.get("/organiser/c/objected/notices", headers=HTML)).text
    assert "张三丰" in listed
    number = listed.partition("/objections/")[2].partition("/answer")[0]
    path = f"/organiser/c/objected/objections/{number}/answer"
    answer = await post_form(client, path, {"answer": "写了一半"}, headers=HTML)
    assert answer.status_code == 422
    assert "请选择处理结论" in answer.text
    assert "写了一半" in answer.text
    typed = {"outcome": "dismissed", "answer": "经核对，数字无误"}
    assert (await post_form(client, path, typed)).status_code == 303
    again = await post_form(client, path, typed, headers=HTML)
    assert (again.status_code, "已经答复过" in again.text) == (409, True)
    table = await client.get("/organiser/c/objected/objections.xlsx")
    assert "张三丰" not in str(read_rows(table.content, "table"))
    sign_out(client)
    assert "经核对，数字无误" in (await client.get(receipt, headers=HTML)).text


async def test_objection_with_errors_comes_back_whole(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await in_notice(clock, "wrong")
    typed = {**OBJECTION, "real_name": "", "contact": "长" * 101, "agree": ""}
    answer = await post_form(client, "/c/wrong/objections", typed, headers=HTML)
    assert answer.status_code == 422
    for said in ("请填写真实姓名", "联系方式最多100个字", "请确认以真实姓名提出"):
        assert said in answer.text, said
    assert OBJECTION["body"] in answer.text


async def test_outside_the_notice_the_form_says_so(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await contest_in(Phase.VOTING, "too-early", clock.now())
    page = await client.get("/c/too-early/objections", headers=HTML)
    assert "现在不在公示期内" in page.text
    answer = await post_form(client, "/c/too-early/objections", OBJECTION, headers=HTML)
    assert answer.status_code == 409
    assert (await client.get("/objections/NO-SUCH-ONE", headers=HTML)).status_code == 404


async def test_draft_is_not_there_for_the_public(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await contest_in(Phase.DRAFT, "hidden", clock.now())
    for path in ("/c/hidden/notices", "/c/hidden/objections"):
        assert (await client.get(path, headers=HTML)).status_code == 404


async def test_notice_is_posted_with_all_errors_named_first(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await contest_in(Phase.VOTING, "told", clock.now())
    await sign_in_as(client, Role.ORGANISER)
    path = "/organiser/c/told/notices"
    answer = await post_form(client, path, {"title": "长" * 121, "body": ""}, headers=HTML)
    assert answer.status_code == 422
    assert "标题最多120个字" in answer.text
    assert "请填写正文" in answer.text
    typed = {"title": "候选人名单", "body": "<script>alert(1)</script>"}
    assert (await post_form(client, path, typed)).status_code == 303
    page = (await client.get("/c/told/notices", headers=HTML)).text
    assert "候选人名单" in page
    assert "<script>alert" not in page


async def test_contact_is_masked_until_the_organiser_opens_it_and_always_for_the_auditor(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await in_notice(clock, "masked")
    await post_form(client, "/c/masked/objections", OBJECTION)
    await sign_in_as(client, Role.AUDITOR)
    seen = (await client.get("/organiser/c/masked/notices", headers=HTML)).text
    assert "139****0003" in seen
    assert "13900000003" not in seen
    await sign_in_as(client, Role.ORGANISER)
    opened = (await client.get("/organiser/c/masked/notices", headers=HTML)).text
    closed = re.sub(r"(?s)</summary>.*?</details>", "", opened)
    assert "139****0003" in closed
    assert "13900000003" in opened
    assert "13900000003" not in closed


async def test_objections_without_end_from_one_network_are_slowed_and_keep_what_was_typed(
    client: httpx.AsyncClient, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objections, "PER_NETWORK", replace(objections.PER_NETWORK, rates=TWICE))
    await in_notice(clock, "buried")
    path = "/c/buried/objections"
    assert (await post_form(client, path, {**OBJECTION, "agree": ""})).status_code == 422
    for _turn in range(2):
        assert (await post_form(client, path, OBJECTION)).status_code == 303
    slowed = await post_form(client, path, OBJECTION, headers=HTML)
    assert (slowed.status_code, OBJECTION["body"] in slowed.text) == (429, True)
    assert "这个网络上提交的异议太多" in slowed.text
    refused = await post_form(client, path, OBJECTION)
    assert (refused.json()["code"], int(refused.headers["retry-after"]) > 0) == (
        "too_many_objection_network",
        True,
    )
    assert objections.PER_NETWORK.without_redis is WithoutRedis.ALLOW


async def test_auditor_reads_it_all_and_finds_nothing_to_press(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    _contest, (entrant, *_rest) = await contest_in(Phase.NOMINATION, "audited", clock.now())
    await sign_in_as(client, Role.AUDITOR)
    base = "/organiser/c/audited"
    paths = ["/organiser", "/organiser/calendar", base, f"{base}/entrants/{entrant.id}"]
    tabs = ["rulebook", "nominations", "entrants", "figures", "notices"]
    paths += [f"{base}/{tab}" for tab in tabs]
    for path in paths:
        page = await client.get(path, headers=HTML)
        assert page.status_code == 200, path
        main = page.text.partition("<main")[2]
        assert 'method="post"' not in main, path
    for name in ("contests", "c/audited/entrants", "c/audited/nominations", "c/audited/figures"):
        table = await client.get(f"/organiser/{name}.xlsx")
        assert len(read_rows(table.content, "table")) >= 1, name


async def test_late_act_is_told_on_the_page_with_what_was_typed(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    contest, _ = await contest_in(Phase.VOTING, "late", clock.now())
    await sign_in_as(client, Role.ORGANISER)
    base = "/organiser/c/late"
    for path, typed, said in (
        ("/entrants/import", {"table_text": "姓名\n甲\n"}, "不能再增加候选人"),
        ("/entrants/codes", {"order": "random", "seed": "x"}, "编号不能再动"),
        ("/nomination-deadline", {"nomination_closes_at": ""}, "不能再改推荐截止时间"),
        ("/rulebook", {"rulebook_text": contest.rulebook.source}, "规则不能再改"),
    ):
        answer = await post_form(client, base + path, typed, headers=HTML)
        assert (answer.status_code, said in answer.text) == (409, True), path
        assert "总览" in answer.text, path
    assert (await service.get_contest("late")).phase is Phase.VOTING
