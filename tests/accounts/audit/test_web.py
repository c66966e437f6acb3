"""The audit log as the auditor reads, narrows and downloads it."""

import csv
import io
from datetime import UTC, datetime

import httpx
import pytest

from accounts.audit import search as audit_search
from accounts.audit.words import ACTIONS
from accounts.people.rules import Role
from core.audit import Actor, record
from core.database import db
from tests.support.people import sign_in_as

HTML = {"accept": "text/html"}
WANG = Actor(41, "王管理", "10.0.0.7")
LI = Actor(42, "=李财务()", "10.0.0.8")
# 00:30 of 3 March in Beijing is still 2 March in UTC.
NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
DAY = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def log(client: httpx.AsyncClient) -> None:
    """Three acts, once for this file, before an auditor."""
    async with db.connection() as connection:
        known = await connection.fetchval("SELECT count(*) FROM audit_entry WHERE actor_id = 41")
    if not known:
        async with db.unit_of_work():
            await record(WANG, "account.disabled", "account", 901, NIGHT)
            await record(WANG, "account.unlocked", "account", 902, DAY, {"原因": "忘记密码"})
            await record(LI, "contest.advanced", "contest", 901, DAY, {"to": "voting"})
    await sign_in_as(client, Role.AUDITOR)


async def table(client: httpx.AsyncClient, query: str) -> list[dict[str, str]]:
    answer = await client.get(f"/audit.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("actor=王管", {"account.disabled", "account.unlocked"}),
        ("actor=李财", {"contest.advanced"}),
        ("subject_id=901", {"account.disabled", "contest.advanced"}),
        ("subject_id=901&subject_type=account", {"account.disabled"}),
        ("actor=王管&action=停用", {"account.disabled"}),
        ("actor=王管&action=账号", {"account.disabled"}),
        ("actor=王管&action=account.u", {"account.unlocked"}),
        ("action=没有这种", set()),
        ("actor=管&since=2026-03-03&until=2026-03-03", {"account.disabled"}),
        ("actor=管&until=2026-03-02", set()),
        ("actor=管&since=2026-03-04", {"account.unlocked"}),
    ],
)
async def test_download_and_page_are_narrowed_alike(
    client: httpx.AsyncClient, query: str, codes: set[str]
) -> None:
    assert {row["操作代码"] for row in await table(client, query)} == codes
    page = (await client.get(f"/audit?{query}", headers=HTML)).text
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.count("<tr>") == len(codes)
    assert all(ACTIONS[code] in rows for code in codes)
    assert not any(code in rows for code in ACTIONS)


async def test_line_says_who_did_what_to_what_when_in_beijing_and_from_where(
    client: httpx.AsyncClient,
) -> None:
    (row,) = await table(client, "actor=王管&action=account.unlocked")
    assert row["编号"].isdigit()
    del row["编号"]
    assert row == {
        "时间（北京）": "2026-03-05 12:00:00",
        "账号": "41",
        "姓名": "王管理",
        "操作": "解除锁定",
        "操作代码": "account.unlocked",
        "对象": "账号",
        "对象编号": "902",
        "内容": '{"原因":"忘记密码"}',
        "网络地址": "10.0.0.7",
    }


async def test_name_that_a_spreadsheet_would_run_is_made_harmless(
    client: httpx.AsyncClient,
) -> None:
    (row,) = await table(client, "actor=李财")
    assert row["姓名"].endswith("=李财务()")
    assert not row["姓名"].startswith("=")


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=2026-02-30", "since=0001-01-01", "actor=%00", "until=9999-12-31"],
)
async def test_filter_that_means_nothing_is_told_on_the_page_and_stops_a_download(
    client: httpx.AsyncClient, query: str
) -> None:
    page = await client.get(f"/audit?{query}", headers=HTML)
    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert (await client.get(f"/audit.csv?{query}")).status_code == 422


async def test_download_of_more_than_one_chunk_is_whole_and_in_order(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_search, "_CHUNK", 2)
    every = [int(row["编号"]) for row in await table(client, "")]
    async with db.connection() as connection:
        total = await connection.fetchval("SELECT count(*) FROM audit_entry")
    assert every == sorted(set(every))
    assert len(every) == total > 4


async def test_long_log_is_paged_newest_first(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.audit.web.PAGE_SIZE", 1)
    first = (await client.get("/audit?actor=王管", headers=HTML)).text.partition("<tbody>")[2]
    second = (await client.get("/audit?actor=王管&page=2", headers=HTML)).text.partition("<tbody>")[
        2
    ]
    assert ("解除锁定" in first, "停用账号" in first) == (True, False)
    assert ("解除锁定" in second, "停用账号" in second) == (False, True)
    beyond = await client.get("/audit?actor=王管&page=999999", headers=HTML)
    assert (beyond.status_code, "没有符合条件的记录" in beyond.text) == (200, True)


async def test_auditor_can_press_nothing_that_changes(client: httpx.AsyncClient) -> None:
    page = (await client.get("/audit", headers=HTML)).text
    assert 'method="post"' not in page.partition("<main")[2]
