"""The fraud review's pages, with good input and bad."""

from datetime import timedelta

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from core.clock import SettableClock
from tests.support.fraud import OPENED, fill
from tests.support.people import post_form, runtime_of, sign_in_as
from tests.support.voting import Poll, open_poll
from voting.ledger.rules.sequences import written
from voting.review.cases import service as cases
from voting.review.changes import service as changes

PAGE = {"accept": "text/html"}


@pytest.fixture
async def poll(client: httpx.AsyncClient, redis: Redis, clock: SettableClock) -> Poll:
    clock.set(OPENED + timedelta(days=1, hours=15))
    poll = await open_poll(runtime_of(client).keys, redis, OPENED)
    await fill(poll)
    await sign_in_as(client, Role.ORGANISER, name="主办甲")
    return poll


async def get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.get(path, headers=PAGE)


async def send(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await post_form(client, path, fields, headers=PAGE)


async def first_case(client: httpx.AsyncClient, poll: Poll) -> tuple[str, int]:
    base = f"/organiser/c/{poll.contest.slug}"
    answer = await send(client, f"{base}/cases/look")
    assert answer.headers["location"] == f"{base}/cases?looked=1"
    (case,) = await cases.of_contest(poll.contest.id)
    return f"{base}/cases/{case.id}", case.id


async def test_looking_lists_the_case_with_its_signs(client: httpx.AsyncClient, poll: Poll) -> None:
    base = f"/organiser/c/{poll.contest.slug}/cases"
    assert "没有案件" in (await get(client, base)).text
    path, _id = await first_case(client, poll)
    listed = await get(client, f"{base}?looked=1")
    assert listed.status_code == 200
    assert "短时突增" in listed.text
    assert path in listed.text
    assert "新发现 1 个案件" in listed.text


async def test_case_page_shows_charts_and_no_raw_signal(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    path, _id = await first_case(client, poll)
    page = await get(client, path)
    assert page.status_code == 200
    assert page.text.count("<svg") == 2
    for words in ("应有票数", "超过即少见", "来自网段 A", "这些票算与不算", "奖项不变"):
        assert words in page.text
    assert (900).to_bytes(8, "big").hex() not in page.text


async def test_auditor_reads_and_can_do_nothing(client: httpx.AsyncClient, poll: Poll) -> None:
    path, _id = await first_case(client, poll)
    await sign_in_as(client, Role.AUDITOR)
    page = await get(client, path)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert (await send(client, f"{path}/dismiss", why="不")).status_code == 403


async def test_dismissal_needs_a_reason_and_keeps_what_was_typed(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    path, _id = await first_case(client, poll)
    refused = await send(client, f"{path}/dismiss", why="  ")
    assert refused.status_code == 422
    assert "请填写不予处理的理由" in refused.text
    long = await send(client, f"{path}/dismiss", why="长" * 1001)
    assert long.status_code == 422
    assert "长" * 100 in long.text
    done = await send(client, f"{path}/dismiss", why="是镇上的电视节目<b>")
    assert done.headers["location"] == path
    page = await get(client, path)
    assert "是镇上的电视节目&lt;b&gt;" in page.text
    again = await send(client, f"{path}/dismiss", why="又一次")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ballots": "十二", "rule": "规", "reason": "由"}, "选票序号应当形如"),
        ({"ballots": "999999", "rule": "规", "reason": "由"}, "账本里没有这些选票"),
        ({"ballots": "1", "rule": "", "reason": ""}, "请填写所依据的规则"),
    ],
)
async def test_bad_proposal_is_told_on_the_case_page(
    client: httpx.AsyncClient, poll: Poll, fields: dict[str, str], words: str
) -> None:
    path, _id = await first_case(client, poll)
    answer = await send(client, f"{path}/propose", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert await changes.voids(poll.contest.id) == []


async def test_from_case_to_void_to_restoration_by_two_people(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    path, case_id = await first_case(client, poll)
    case = await cases.get_case(poll.contest.id, case_id)
    ballots = written(list((await cases.ballots_of(case)).countable))
    proposed = await send(client, f"{path}/propose", ballots=ballots, rule="规八", reason="突增")
    void = proposed.headers["location"]
    weighed = (await get(client, void)).text
    for words in ("这些票算与不算", f"/cases/{case_id}", "002", "得票名次"):
        assert words in weighed
    assert "核验中，等待决定" in (await get(client, path)).text
    own = await send(client, f"{void}/decision", decision="approve", decision_reason="")
    assert own.status_code == 403
    await sign_in_as(client, Role.AUDITOR, name="审计乙")
    await send(client, f"{void}/decision", decision="approve", decision_reason="")
    await sign_in_as(client, Role.ORGANISER, name="主办甲")
    form = await get(client, f"{void}/restore")
    assert ballots in form.text
    bad = await send(client, f"{void}/restore", ballots="x", rule="", reason="")
    assert bad.status_code == 422
    assert "有 3 处需要更正" in bad.text
    asked = await send(client, f"{void}/restore", ballots=ballots, rule="规十", reason="查明")
    shown = asked.headers["location"]
    page = (await get(client, shown)).text
    for words in ("须由另一位", "这些票算与不算", "突增"):
        assert words in page
    await sign_in_as(client, Role.AUDITOR, name="审计乙")
    unsure = await send(client, f"{shown}/decision", decision="reject", decision_reason="")
    assert (unsure.status_code, "不同意时请写明原因" in unsure.text) == (422, True)
    nothing = await send(client, f"{shown}/decision", decision_reason="")
    assert (nothing.status_code, "请选择决定" in nothing.text) == (422, True)
    assert "不同意时请写明原因" not in nothing.text
    await send(client, f"{shown}/decision", decision="approve", decision_reason="")
    assert "已恢复" in (await get(client, shown)).text
    assert "现在仍有 0 张作废" in (await get(client, void)).text
    for told in (path, path.rpartition("/")[0]):
        assert "已全部恢复" in (await get(client, told)).text
    (one,) = await changes.restorations(poll.contest.id)
    assert one.approved is True


async def test_things_that_do_not_exist(client: httpx.AsyncClient, poll: Poll) -> None:
    base = f"/organiser/c/{poll.contest.slug}"
    for path in ("cases/999999", "restorations/999999", "voids/999999/restore"):
        assert (await get(client, f"{base}/{path}")).status_code == 404
