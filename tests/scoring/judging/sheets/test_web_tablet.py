"""The tablet over HTTP: pages, JSON, and what must not leak."""

import httpx
import pytest

from accounts.people.rules import Role
from core.audit import SYSTEM
from core.clock import SettableClock
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import service as sheets
from tests.conftest import START
from tests.support.judging import MARKS, JudgingContest, judging_contest
from tests.support.people import post_form, send_json, sign_in_account, sign_in_as

PAGE = {"accept": "text/html"}


@pytest.fixture
async def given(client: httpx.AsyncClient, clock: SettableClock) -> JudgingContest:
    """A contest whose host has 001 open; judge 1 is signed in on `client`."""
    clock.set(START)
    made = await judging_contest(START)
    clock.set(made.now)
    await floor.open_entrant(made.contest, "001", SYSTEM, made.now)
    await sign_in_account(client, made.judges[0].seat.account_id)
    return made


def _address(given: JudgingContest, rest: str = "") -> str:
    return f"/judge/{given.contest.slug}{rest}"


async def test_tablet_shows_the_open_entrant(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    answer = await client.get(_address(given), headers=PAGE)
    assert answer.status_code == 200
    assert 'data-code="001"' in answer.text
    assert 'name="influence"' in answer.text


async def test_marks_by_json_answer_with_total_and_what_is_missing(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/entrants/001/marks")
    answer = await send_json(client, "PUT", path, {"influence": 30.5, "conduct": "20"})
    assert answer.status_code == 200
    assert answer.json() == {
        "round": "main",
        "code": "001",
        "name": "候选人1",
        "status": "draft",
        "marks": {"influence": "30.5", "conduct": "20"},
        "total": "50.5",
        "missing": ["content"],
        "sequence": 1,
    }


async def test_late_retry_over_http_keeps_the_newer_mark(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/entrants/001/marks")
    for value, sequence in (("35", 200), ("30", 100)):
        answer = await send_json(client, "PUT", f"{path}?sequence={sequence}", {"content": "1"})
        answer = await send_json(
            client, "PUT", f"{path}?sequence={sequence}&round=main", {"influence": value}
        )
    assert answer.json()["marks"]["influence"] == "35"


async def test_form_without_javascript_saves_and_submits(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/entrants/001/marks")
    fields = {**MARKS, "round": "main", "act": "submit"}
    answer = await post_form(client, path, fields, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, _address(given))
    state = (await client.get(_address(given, "/state"))).json()
    assert state["current"]["status"] == "submitted"


async def test_form_with_errors_keeps_what_was_typed(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    path = _address(given, "/entrants/001/marks")
    fields = {"influence": "99", "content": "20.25", "conduct": "12", "act": "save"}
    answer = await post_form(client, path, fields, headers=PAGE)
    assert answer.status_code == 422
    for typed in ('value="99"', 'value="20.25"', 'value="12"'):
        assert typed in answer.text
    assert answer.text.count('aria-invalid="true"') == 2


@pytest.mark.parametrize("body", [b"[1]", b"{", b'"x"', b'{"influence": {"a": 1}}', b"\x00"])
async def test_odd_json_is_refused_without_a_crash(
    client: httpx.AsyncClient, given: JudgingContest, body: bytes
) -> None:
    await client.get("/healthz")
    answer = await client.put(
        _address(given, "/entrants/001/marks"),
        content=body,
        headers={"content-type": "application/json", "x-csrftoken": client.cookies["csrftoken"]},
    )
    assert answer.status_code in (400, 422)


async def test_no_surface_of_a_judge_shows_a_colleagues_marks(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    leak = {"influence": "38.5", "content": "28.5", "conduct": "29.5"}
    other = given.judges[1]
    await sheets.save_marks(given.contest, other, "001", leak, given.now)
    await sheets.submit(given.contest, other, "001", given.actor(2), given.now)
    for rest in ("", "/state", "/sheet", "/sign", "/conflicts"):
        answer = await client.get(_address(given, rest), headers=PAGE)
        assert answer.status_code == 200
        for secret in (*leak.values(), "96.5", other.name):
            assert secret not in answer.text, (rest, secret)


async def test_host_sees_who_is_missing_but_no_mark(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    secret = {"influence": "38.5", "content": "28.5", "conduct": "29.5"}
    await sheets.save_marks(given.contest, given.judges[0], "001", secret, given.now)
    await sheets.submit(given.contest, given.judges[0], "001", given.actor(1), given.now)
    await sign_in_as(client, Role.HOST)
    state = (await client.get(f"/host/{given.contest.slug}/state")).json()
    assert state["waiting_for"] == ["评委2", "评委3", "评委4", "评委5"]
    assert state["next"] == {"act": "close", "round": "main", "code": "001"}
    shown = await client.get(f"/host/{given.contest.slug}", headers=PAGE)
    for mark in (*secret.values(), "96.5"):
        assert mark not in shown.text


async def test_judge_of_another_panel_is_refused(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await sign_in_as(client, Role.JUDGE)
    answer = await client.get(_address(given, "/state"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_on_panel")


async def test_recusal_needs_a_reason(client: httpx.AsyncClient, given: JudgingContest) -> None:
    path = _address(given, "/entrants/001/recuse")
    refused = await post_form(client, path, {"reason": "  "}, headers=PAGE)
    assert refused.status_code == 422
    answer = await post_form(client, path, {"reason": "亲属关系"})
    assert answer.json()["status"] == "recused"


async def test_host_opens_and_closes_over_http(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await sign_in_as(client, Role.HOST)
    base = f"/host/{given.contest.slug}"
    asked = await post_form(client, f"{base}/close", headers=PAGE)
    assert asked.status_code == 422
    assert "评委1、评委2、评委3、评委4、评委5" in asked.text
    closed = await send_json(client, "POST", f"{base}/close", {"confirmed": True})
    assert closed.json()["next"] == {"act": "open", "round": "main", "code": "002"}
    refused = await send_json(client, "POST", f"{base}/open", {"code": "001"})
    assert [error["field"] for error in refused.json()["errors"]] == ["reason"]
    answer = await send_json(client, "POST", f"{base}/open", {"code": "001", "reason": "断网"})
    assert answer.json()["current"] == "001"


async def test_order_of_the_show_is_the_hosts(
    client: httpx.AsyncClient, given: JudgingContest
) -> None:
    await sign_in_as(client, Role.HOST)
    path = f"/host/{given.contest.slug}/order"
    refused = await post_form(client, path, {"round": "main", "codes": "003 003 009"}, headers=PAGE)
    assert refused.status_code == 422
    for sentence in ("没有编号为 009 的选手", "003 号出现了不止一次", "缺少 001 号", "缺少 002 号"):
        assert sentence in refused.text
    order = ["003", "002", "001"]
    answer = await send_json(client, "POST", path, {"round": "main", "codes": order})
    assert [turn["code"] for turn in answer.json()["turns"]] == order


async def test_conflicts_are_declared_before_anything_else(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    clock.set(START)
    made = await judging_contest(START, declare=False)
    await sign_in_account(client, made.judges[0].seat.account_id)
    base = f"/judge/{made.contest.slug}"
    led = await client.get(base, headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (303, f"{base}/conflicts")
    refused = await post_form(client, f"{base}/conflicts", {"conflict_002": "1"}, headers=PAGE)
    assert refused.status_code == 422
    fields = {"conflict_002": "1", "reason_002": "同一单位", "declared": "1"}
    answer = await post_form(client, f"{base}/conflicts", fields, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, base)
    again = await post_form(client, f"{base}/conflicts", {"declared": "1"})
    assert (again.status_code, again.json()["code"]) == (409, "already_declared")
