"""The organiser's figures: all errors of a form and of a sheet, with what was typed kept."""

from datetime import timedelta

import httpx

from accounts.people.rules import Role
from contest.editions.rules.contest import Contest, Phase
from contest.figures import service as figures
from core.clock import SettableClock
from tests.contest.figures.test_service import SHEET, VIDEO
from tests.support.contests import contest_in, rulebook_text
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def made(client: httpx.AsyncClient, clock: SettableClock, slug: str) -> Contest:
    now = clock.now()
    text = rulebook_text(opens_at=now, closes_at=now + timedelta(days=10), base=VIDEO)
    contest, _ = await contest_in(Phase.VOTING, slug, now, rulebook=text, entrants=2)
    await sign_in_as(client, Role.ORGANISER)
    return contest


async def send(
    client: httpx.AsyncClient, slug: str, content: bytes, **typed: str
) -> httpx.Response:
    files = {"table": ("导出.csv", content)}
    path = f"/organiser/c/{slug}/figures"
    return await post_form(client, path, typed, files=files, headers=HTML)


async def test_empty_form_names_both_fields_and_keeps_the_note(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await made(client, clock, "empty")
    answer = await send(client, "empty", b"", note="九月导出")
    assert answer.status_code == 422
    for said in ("请填写数据截止时间", "请选择数据文件", "九月导出", 'href="#as_of"'):
        assert said in answer.text, said


async def test_moment_must_be_a_possible_one_that_has_passed(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    contest = await made(client, clock, "moments")
    for typed, said in (
        ("昨天", "应当是形如"),
        ("0001-01-01T00:00", "应当在2000年到2100年之间"),
        ("2026-03-02T09:01", "不能晚于现在"),
    ):
        answer = await send(client, "moments", SHEET.encode(), as_of=typed)
        assert (answer.status_code, said in answer.text) == (422, True), typed
        assert typed in answer.text
    answer = await send(client, "moments", SHEET.encode(), as_of="2026-03-02T09:00")
    assert answer.status_code == 303
    (row,) = await figures.imports(contest.id)
    assert row["as_of"] == clock.now()


async def test_sheet_with_errors_names_each_by_its_place(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await made(client, clock, "sheet")
    content = SHEET.replace("300", "三百").replace("8000", "-1").encode("gb18030")
    answer = await send(client, "sheet", content, as_of="2026-03-01T18:00")
    assert answer.status_code == 422
    assert "第 2 行「点赞量」列：「三百」不是数字" in answer.text
    assert "第 3 行「播放量」列：不能是负数" in answer.text
    assert "2026-03-01T18:00" in answer.text


async def test_uploader_is_told_that_another_must_verify(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await made(client, clock, "own")
    answer = await send(client, "own", SHEET.encode(), as_of="2026-03-01T18:00")
    path = str(answer.headers["location"])
    assert "须由另一人核验" in (await client.get(path, headers=HTML)).text
    answer = await post_form(client, f"{path}/decision", {"verdict": "verified"}, headers=HTML)
    assert (answer.status_code, "数据核验须由上传人以外的另一人决定" in answer.text) == (403, True)
    await sign_in_as(client, Role.ORGANISER)
    answer = await post_form(client, f"{path}/decision", {"verdict": "verified"})
    assert answer.status_code == 303


async def test_file_of_another_contest_is_not_found(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await made(client, clock, "other")
    await made(client, clock, "mine")
    answer = await send(client, "mine", SHEET.encode(), as_of="2026-03-01T18:00")
    number = str(answer.headers["location"]).rpartition("/")[2]
    for path in (f"/organiser/c/other/figures/{number}", f"/organiser/c/mine/figures/{number}9"):
        assert (await client.get(path, headers=HTML)).status_code == 404
        assert (await client.get(f"{path}/source")).status_code == 404
