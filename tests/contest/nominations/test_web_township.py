"""The committee's pages: what was typed is kept, whatever was wrong with it."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from accounts.people.rules import Role
from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.nominations import service as nominations
from contest.nominations.rules import NominationStatus
from core.clock import SettableClock
from tests.support.contests import contest_in
from tests.support.people import post_form, runtime_of, sign_in_as

HTML = {"accept": "text/html"}
COMPLETE = {
    "name": "江小鱼",
    "born_on": "1990-01-01",
    "phone": "139 0000 0001",
    "platform": "抖音",
    "account": "江小鱼在同江",
    "summary": "跟着渔船看江",
    "case_report": "事迹" * 30,
    "consent": "1",
    "action": "submit",
}


def picture(size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#357").save(target, kind)
    return target.getvalue()


async def begun(client: httpx.AsyncClient, clock: SettableClock, slug: str) -> str:
    """A township officer with an empty draft; returns the address of its form."""
    await contest_in(Phase.NOMINATION, slug, clock.now(), entrants=0)
    await sign_in_as(client, Role.TOWNSHIP_OFFICER, township="同江镇")
    answer = await post_form(client, f"/township/c/{slug}/nominations")
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def send(
    client: httpx.AsyncClient, path: str, data: dict[str, Any], photo: bytes | None = None
) -> httpx.Response:
    files = {"photo": ("photo.jpg", photo or b"")}
    return await post_form(client, path, data, files=files, headers=HTML)


async def test_whole_nomination_with_its_photo_is_handed_in(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "whole")
    answer = await send(client, path, COMPLETE, picture())
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = (await client.get(path, headers=HTML)).text
    assert "已提交，等待审核。" in page
    assert "13900000001" not in page
    contest = await service.get_contest("whole")
    (one,) = await nominations.of_contest(contest.id, runtime_of(client).keys)
    assert one.candidate.phone == "13900000001"
    photo = await client.get(f"/files/{one.candidate.photo}/card")
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")


async def test_every_gap_and_all_that_was_typed_come_back_together(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "typed")
    typed = {**COMPLETE, "phone": "12345", "born_on": "1990-13-01", "platform": "电台"}
    answer = await send(client, path, typed)
    assert answer.status_code == 422
    for said in ("手机号码应当是 11 位手机号码", "2026-11-23 的日期", "平台不在可选范围内"):
        assert said in answer.text, said
    for kept in ("江小鱼在同江", "12345", "1990-13-01", "事迹" * 30):
        assert kept in answer.text, kept
    for field in ("phone", "born_on", "platform"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text


async def test_good_photo_is_kept_however_wrong_the_rest_is(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "photo-kept")
    answer = await send(client, path, {**COMPLETE, "phone": "5"}, picture())
    assert answer.status_code == 422
    digest = answer.text.partition('name="photo_kept" value="')[2].partition('"')[0]
    assert len(digest) == 64
    answer = await send(client, path, {**COMPLETE, "photo_kept": digest})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a" + b"\0" * 50, "照片只能是 JPG、PNG 或 WebP 图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "照片只能是 JPG、PNG 或 WebP 图片"),
        (picture() + b"<?php echo 1;", "照片里夹带了其他类型的内容"),
        (picture((100, 100)), "照片太小"),
        (picture()[:-200], "照片文件已损坏"),
        (b"\0" * (8 * 1024 * 1024 + 1), "照片超过 8 MB"),
    ],
    ids=["gif", "svg", "polyglot", "small", "truncated", "large"],
)
async def test_bad_photo_is_refused_by_its_content(
    client: httpx.AsyncClient,
    clock: SettableClock,
    content: bytes,
    said: str,
    request: pytest.FixtureRequest,
) -> None:
    path = await begun(client, clock, f"bad-{request.node.callspec.id}")
    answer = await send(client, path, COMPLETE, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert "江小鱼在同江" in answer.text


async def test_ten_thousand_characters_and_a_nul_byte_are_answered(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "long")
    answer = await send(client, path, {**COMPLETE, "name": "长" * 10_000, "account": "a\0b"})
    assert answer.status_code == 422
    assert "姓名最多40个字，现在有10000个" in answer.text
    assert "平台账号含有不能使用的控制字符" in answer.text


async def test_draft_saves_itself_for_a_program(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "autosave")
    answer = await post_form(client, path, {"name": "江小鱼", "action": "save"})
    assert (answer.status_code, list(answer.json())) == (200, ["saved_at"])
    home = (await client.get("/township", headers=HTML)).text
    assert "江小鱼" in home
    assert "还差 8 项" in home


async def test_correction_after_it_was_decided_says_so_and_keeps_the_text(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "late")
    await send(client, path, COMPLETE, picture())
    answer = await send(client, path, {**COMPLETE, "summary": "改过的介绍"})
    assert answer.status_code == 409
    assert "不能再修改" in answer.text


async def test_withdrawal_needs_a_reason(client: httpx.AsyncClient, clock: SettableClock) -> None:
    path = await begun(client, clock, "withdrawn")
    answer = await post_form(client, f"{path}/withdraw", {"reason": " "}, headers=HTML)
    assert answer.status_code == 422
    assert "请填写撤回原因" in answer.text
    answer = await post_form(client, f"{path}/withdraw", {"reason": "本人不参加"})
    assert answer.status_code == 303
    number = int(path.rpartition("/")[2])
    kept = await nominations.get(number, runtime_of(client).keys)
    assert kept.status is NominationStatus.WITHDRAWN


async def test_another_township_finds_nothing_there(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    path = await begun(client, clock, "foreign")
    await sign_in_as(client, Role.TOWNSHIP_OFFICER, township="乐业镇")
    assert (await client.get(path, headers=HTML)).status_code == 404
    assert (await post_form(client, path, {"action": "save"})).status_code == 404
    home = (await client.get("/township", headers=HTML)).text
    assert "还没有推荐过候选人" in home
