"""The pages of finance: the whole way by three people, every form's errors, every page read."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from accounts.people.rules import Principal, Role
from core.clock import SettableClock
from core.crypto import KeyRing
from core.files.spreadsheets import read_rows
from fund.budget import service as budget
from fund.entitlements import service as entitlements
from fund.in_kind import service as in_kind
from fund.rules.entitlement import Entitlement
from tests.fund.money import (
    MAKER,
    NOW,
    PARTS,
    PRIZE,
    answer,
    answered,
    appropriated,
    batch_of,
    entitled,
    order,
    sent,
    with_accounts,
)
from tests.support.crawl import crawl
from tests.support.people import post_form, runtime_of, sign_in_account, sign_in_as

HTML = {"accept": "text/html"}


@pytest.fixture
def keys(client: httpx.AsyncClient) -> KeyRing:
    return runtime_of(client).keys


async def three_people(client: httpx.AsyncClient) -> list[Principal]:
    return [await sign_in_as(client, Role.FINANCE, name=f"财务{n}") for n in "甲乙丙"]


async def send(
    client: httpx.AsyncClient, path: str, data: dict[str, Any] | None = None, **extra: object
) -> httpx.Response:
    return await post_form(client, path, data, headers=HTML, **extra)


async def text_of(client: httpx.AsyncClient, path: str) -> str:
    answered = await client.get(path, headers=HTML)
    assert answered.status_code == 200, (path, answered.text[-2000:])
    return unescape(answered.text)


async def test_whole_way_from_the_budget_to_the_money_by_three_people(
    client: httpx.AsyncClient, clock: SettableClock, keys: KeyRing
) -> None:
    one, two, three = await three_people(client)
    await sign_in_account(client, one.account_id)
    assert "还没有预算" in await text_of(client, "/fund?year=2026")
    line = (
        await send(
            client,
            "/fund/lines",
            {"year": "2026", "name": "专项资金", "source": "city", "document": "同财预1号"},
        )
    ).headers["location"]
    await send(client, f"{line}/appropriations", {"amount": "２０，０００.00", "document": "拨1号"})
    page = await text_of(client, line)
    assert "须由另一人复核" in page
    (waiting,) = await budget.waiting()
    decision = f"/fund/appropriations/{waiting['id']}/decision"
    assert (await send(client, decision, {"verdict": "approve"})).status_code == 403
    found = await entitlements.entitle([order(2026, in_kind=PARTS)] * 2, MAKER, NOW)
    assert found[0] == found[1]
    (late,) = await entitled(2026, 1)
    await sign_in_account(client, two.account_id)
    assert "¥0.00 → ¥20,000.00" in await text_of(client, line)
    assert (await send(client, decision, {"verdict": "approve"})).headers["location"] == line
    overview = await text_of(client, "/fund?year=2026")
    assert "有 1 笔应付款因资金不足在排队，共 ¥20,000.00" in overview
    assert "<svg" in overview
    assert "前面还有 0 笔" in await text_of(client, f"/fund/entitlements/{late.id}")
    await pay(client, found[0], (one, two, three))


async def pay(
    client: httpx.AsyncClient, owed: Entitlement, people: tuple[Principal, Principal, Principal]
) -> None:
    one, two, three = people
    own = f"/fund/entitlements/{owed.id}"
    await sign_in_account(client, one.account_id)
    bank = {"holder": "王一", "bank": "建行同江支行", "number": "6227 0000 0000 0001"}
    answered = await send(client, f"{own}/account", {**bank, "number_again": "6227000000000001"})
    assert answered.status_code == 303
    page = await text_of(client, own)
    assert ("**** 0001" in page, "6227000000000001" in page) == (True, False)
    assert "壹万陆仟元整" in page
    batch = (await send(client, "/fund/batches", {"entitlements": str(owed.id)})).headers[
        "location"
    ]
    assert (await send(client, f"{batch}/decision", {"verdict": "approve"})).status_code == 403
    await sign_in_account(client, two.account_id)
    await send(client, f"{batch}/decision", {"verdict": "approve"})
    assert "制单人和审批人以外" in (await send(client, f"{batch}/send")).text
    assert (await client.get(f"{batch}/payments.xlsx")).status_code == 409
    await sign_in_account(client, three.account_id)
    assert (await send(client, f"{batch}/send")).status_code == 303
    assert (await send(client, f"{batch}/send")).status_code == 409
    files = [(await client.get(f"{batch}/payments.xlsx")).content for _ in range(2)]
    assert files[0] == files[1]
    assert read_rows(files[0], "f")[1][6] == "6227000000000001"
    content = answer([(owed.code, "成功"), ("F2026-999999", "成功")])
    for location in (f"{batch}#results", f"{batch}?again=1#results"):
        answered = await send(client, f"{batch}/result", files={"result": ("回单.csv", content)})
        assert answered.headers["location"] == location
    page = await text_of(client, f"{batch}?again=1")
    assert "支付编号“F2026-999999”不在本批次" in page
    assert "全部付款成功" in page
    assert "没有重复登记" in page
    assert "已付到账" in await text_of(client, own)


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("lines", {"year": "1999", "name": "", "source": "x", "document": "甲"}, 3),
        ("lines", {"year": "2052", "name": "专项资金", "source": "city", "document": "甲"}, 1),
        ("lines/{line}/appropriations", {"amount": "-5", "document": "甲"}, 1),
        ("lines/{line}/appropriations", {"amount": "0.001", "document": ""}, 2),
        ("lines/{line}/appropriations", {"amount": "1.005", "document": "甲"}, 1),
        ("lines/{line}/appropriations", {"amount": "一万", "document": "甲"}, 1),
        ("appropriations/{waiting}/decision", {"verdict": "", "reason": "甲"}, 1),
        ("appropriations/{waiting}/decision", {"verdict": "refuse", "reason": ""}, 1),
        ("entitlements/{owed}/account", {"holder": "甲", "number": "12", "number_again": ""}, 3),
        (
            "entitlements/{owed}/account",
            {"holder": "甲", "bank": "乙", "number": "6227000000000001", "number_again": "62"},
            1,
        ),
        ("entitlements/{owed}/hold", {"hold_reason": ""}, 1),
        ("entitlements/{owed}/release", {"release_reason": "甲"}, 1),
        ("entitlements/{owed}/corrections", {"correction_reason": "甲"}, 1),
        ("batches", {"note": "甲"}, 1),
        ("batches", {"entitlements": "999999", "note": "甲"}, 1),
        ("batches", {"entitlements": "{owed}", "note": "长" * 300}, 1),
        ("batches/{batch}/decision", {"verdict": "refuse", "reason": ""}, 1),
        ("batches/{batch}/result", {}, 1),
        ("in-kind/{part}/arrangement", {"place": "甲", "starts_on": "2026-02-30"}, 1),
        (
            "in-kind/{part}/arrangement",
            {"place": "甲", "starts_on": "2026-03-02", "ends_on": "2026-03-01"},
            1,
        ),
        ("in-kind/{part}/done", {"done_on": "2099-01-01", "evidence": "甲"}, 1),
        ("in-kind/{part}/done", {"done_on": "", "evidence": "甲"}, 1),
    ],
)
async def test_form_tells_every_error_and_keeps_what_was_typed(
    client: httpx.AsyncClient,
    keys: KeyRing,
    shared: dict[str, int],
    path: str,
    typed: dict[str, str],
    said: int,
) -> None:
    await stock(shared, keys)
    await sign_in_as(client, Role.FINANCE)
    data = {name: value.format(**shared) for name, value in typed.items()}
    answered = await send(client, f"/fund/{path.format(**shared)}", data)
    assert answered.status_code in (409, 422), answered.text[-1500:]
    page = unescape(answered.text)
    # an act that does not fit any more has no form on the page
    shows_form = answered.status_code == 422
    (summary,) = re.findall(r'id="error-summary".*?</ul>', page, re.DOTALL)
    assert summary.count("<li>") == said, summary
    for name in data.keys() - {"verdict", "entitlements", "source"} if shows_form else ():
        assert not data[name] or data[name] in page, name


@pytest.fixture(scope="module")
def shared() -> dict[str, int]:
    """The ids of what `stock` has made."""
    return {}


async def stock(shared: dict[str, int], keys: KeyRing) -> None:
    """An entitlement, a batch, a part in kind and a waiting appropriation, once a module."""
    if shared:
        return
    shared["line"] = await appropriated(2052, 9 * PRIZE, name="专项资金")
    shared["waiting"] = await budget.propose(shared["line"], 100, "拨2号", MAKER, NOW)
    orders = [order(2052, in_kind=PARTS), order(2052), order(2052)]
    owed, other, ready = await entitlements.entitle(orders, MAKER, NOW)
    await with_accounts([other, ready], keys)
    shared["owed"], shared["batch"] = owed.id, await batch_of([other], keys)
    shared["part"] = (await in_kind.of_entitlement(owed.id))[0].id


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.DEPARTMENT_OFFICER])
async def test_every_page_opens_and_readers_find_nothing_to_press(
    client: httpx.AsyncClient, keys: KeyRing, role: Role
) -> None:
    await states(keys, 2053)
    await sign_in_as(client, role)
    start = "/fund?year=2053" if role is not Role.DEPARTMENT_OFFICER else "/fund/in-kind"
    seen = set()
    async for visit in crawl(client, f"{client.base_url}".rstrip("/") + start, 60):
        path = httpx.URL(visit.address).path
        if not path.startswith("/fund"):
            continue
        seen.add(re.sub(r"\d+", "*", path))
        assert visit.answer.status_code == 200, (visit.address, visit.came_from)
        actions = {httpx.URL(form.action).path for form in visit.forms if form.method == "post"}
        if role is Role.AUDITOR:
            assert {one for one in actions if one.startswith("/fund")} == set(), visit.address
    expected = {"/fund/in-kind", "/fund/in-kind/*"}
    if role is not Role.DEPARTMENT_OFFICER:
        expected |= {"/fund", "/fund/lines/*", "/fund/postings", "/fund/entitlements/*"}
        expected |= {"/fund/batches", "/fund/batches/*", "/fund/entitlements"}
    assert expected <= seen


async def states(keys: KeyRing, year: int) -> None:
    """Entitlements in every state of a year, with what belongs to each."""
    if await budget.lines(year):
        return
    await appropriated(year, 8 * PRIZE)
    found = await entitled(year, 8)
    await entitlements.entitle([order(year, gross=0, in_kind=PARTS), order(year)], MAKER, NOW)
    await answered(await sent(found[:1], keys), found[:1], "成功", keys, note=f"{year}a")
    await answered(await sent(found[1:2], keys), found[1:2], "失败", keys, note=f"{year}b")
    await sent(found[2:3], keys)
    await with_accounts(found[3:6], keys)
    await batch_of(found[3:4], keys)
    await entitlements.hold(found[4].id, "有异议", MAKER, NOW)


async def test_tables_hold_figures_and_the_filters_narrow_them(
    client: httpx.AsyncClient, keys: KeyRing
) -> None:
    await states(keys, 2054)
    await sign_in_as(client, Role.AUDITOR)
    table = (await client.get("/fund/entitlements.xlsx?year=2054&state=paid")).content
    head, row = read_rows(table, "f")
    shown = dict(zip(head, row, strict=False))
    assert (shown["应发金额（元）"], shown["代扣税款（元）"]) == ("20000", "4000")
    assert (shown["计税类别"], shown["状态"]) == ("偶然所得", "已付到账")
    page = await text_of(client, f"/fund/entitlements?words={shown['编号']}")
    assert "1 笔，应发 ¥20,000.00，代扣税款 ¥4,000.00，实发 ¥16,000.00" in page
    assert "没有符合条件" in await text_of(client, "/fund/entitlements?words=没有这个人")
    assert "暂缓支付" in await text_of(client, "/fund/entitlements?state=held&year=2054")
    line = (await budget.lines(2054))[0]["id"]
    rows = read_rows(
        (await client.get(f"/fund/postings.xlsx?line={line}&account=paid")).content, "f"
    )
    assert [row[4] for row in rows[1:]] == ["16000"]
    for odd in (
        "line=x&account=y",
        "line=99999999999",
        "page=0",
        "year=二〇",
        "words=%00",
        "measure=%00",
    ):
        assert (await client.get(f"/fund/postings?{odd}", headers=HTML)).status_code == 200
        assert (await client.get(f"/fund/entitlements?{odd}", headers=HTML)).status_code == 200
        assert (await client.get(f"/fund?{odd}", headers=HTML)).status_code == 200


async def test_part_in_kind_is_arranged_and_done_by_its_department(
    client: httpx.AsyncClient, keys: KeyRing
) -> None:
    (owed,) = await entitlements.entitle([order(2055, in_kind=PARTS)], MAKER, NOW)
    part = (await in_kind.of_entitlement(owed.id))[0]
    await sign_in_as(client, Role.DEPARTMENT_OFFICER)
    own = f"/fund/in-kind/{part.id}"
    dates = {"starts_on": "2026-03-10", "ends_on": "2026-09-10"}
    await send(client, f"{own}/arrangement", {"place": "通江路站牌", **dates})
    assert "2026-03-10 – 2026-09-10" in await text_of(client, own)
    done = {"done_on": "2026-03-01", "evidence": "已上刊"}
    files = {"file": ("现场.jpg", b"a picture")}
    assert (await send(client, f"{own}/done", done, files=files)).status_code == 303
    assert (await client.get(f"{own}/evidence")).content == b"a picture"
    again = await send(client, f"{own}/done", done)
    assert (again.status_code, "已登记完成" in again.text) == (409, True)
    assert (await send(client, f"{own}/arrangement", {"place": "别处"})).status_code == 409


async def test_correction_is_shown_to_the_second_person_with_its_reason(
    client: httpx.AsyncClient, keys: KeyRing
) -> None:
    await appropriated(2056, PRIZE)
    found = await entitled(2056, 1)
    await answered(await sent(found, keys), found, "成功", keys, note="2056")
    one = await sign_in_as(client, Role.FINANCE)
    own = f"/fund/entitlements/{found[0].id}"
    answer_one = await send(client, f"{own}/corrections", {"correction_reason": "3 月 5 日退汇"})
    assert answer_one.status_code == 303
    assert "须由另一人复核" in await text_of(client, own)
    number = re.search(r"/fund/corrections/(\d+)/", await text_as_other(client, own))
    assert number
    decision = f"/fund/corrections/{number[1]}/decision"
    await send(client, decision, {"verdict": "approve"})
    assert "已冲回待重付" in await text_of(client, own)
    await sign_in_account(client, one.account_id)
    refused = await send(client, decision, {"verdict": "approve"})
    assert refused.status_code == 403


async def text_as_other(client: httpx.AsyncClient, path: str) -> str:
    await sign_in_as(client, Role.FINANCE, name="复核人")
    text = await text_of(client, path)
    assert "3 月 5 日退汇" in text
    return text
