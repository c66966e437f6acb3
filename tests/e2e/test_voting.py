"""A vote from the candidate's card to the receipt, with and without scripts."""

import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Opener
from tests.e2e.contests import Site

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


async def sent_code(site: Site, phone: str) -> str:
    async with httpx.AsyncClient(base_url=site.url) as http:
        messages = (await http.get("/demo/outbox", params={"phone": phone})).json()
    return str(messages[0]["code"])


async def sign_in(page: Page, site: Site, phone: str) -> None:
    """From the sign-in page, by the code in the text message, to wherever it leads."""
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_label("我已阅读并同意个人信息说明").check()
    await page.get_by_label("我声明已年满 18 周岁").check()
    await page.get_by_role("button", name="获取验证码").click()
    await page.get_by_label("验证码", exact=True).fill(await sent_code(site, phone))
    await page.get_by_role("button", name="登录", exact=True).click()


async def shows(page: Page, words: str) -> None:
    """Until the page, perhaps still on its way, shows these words."""
    await page.get_by_text(words, exact=True).first.wait_for()


async def receipt_on(page: Page) -> str:
    await page.get_by_role("heading", name="投票回执").wait_for()
    found = RECEIPT.search(await page.locator("main").inner_text())
    assert found is not None
    return found.group()


@pytest.mark.parametrize(
    ("scripts", "phone"), [(True, "13712340001"), (False, "13712340002")], ids=["scripts", "plain"]
)
async def test_voter_signs_in_by_code_and_then_votes_in_two_taps(
    open_page: Opener, site: Site, phone: str, *, scripts: bool
) -> None:
    page = await open_page("/c/single", scripts=scripts)
    await page.get_by_role("button", name="投票给 003 号").click()
    await page.get_by_role("link", name="登录后投票").click()
    await sign_in(page, site, phone)
    await page.wait_for_url(re.compile(r"/c/single/ballot\?.*entry=003$"))
    await page.get_by_role("button", name="确认投票").click()
    receipts = [await receipt_on(page)]
    await shows(page, "投票成功")

    await page.get_by_role("link", name="继续投票").click()
    await shows(page, "今日还可投 9 票")
    await expect(page.get_by_text("今日已投")).to_have_count(1)
    await page.get_by_role("button", name="投票给 004 号").click()
    await page.get_by_role("button", name="确认投票").click()
    receipts.append(await receipt_on(page))

    await page.get_by_role("link", name="我的投票").click()
    await page.get_by_role("heading", name="我的投票").wait_for()
    shown = await page.locator("main").inner_text()
    assert sorted(RECEIPT.findall(shown)) == sorted(receipts)
    await page.goto(f"{site.url}/receipts")
    await page.get_by_label("回执号").fill(receipts[0].replace("-", " ").lower())
    await page.get_by_role("button", name="查询").click()
    await page.wait_for_url(f"{site.url}/receipts/*")
    assert await receipt_on(page) == receipts[0]
    await shows(page, "003")
    await page.get_by_text("怎样验证这一票").click()
    digest = await page.locator("p.code.small").first.inner_text()
    await page.get_by_role("link", name=re.compile("在账本里看")).click()
    await page.get_by_role("cell", name=digest).wait_for()


async def test_ballot_of_several_is_counted_while_choosing_and_may_be_taken_apart(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/c/several")
    await page.goto(f"{site.url}/sign-in?next=/c/several")
    await sign_in(page, site, "13712340003")
    send = page.get_by_role("button", name="核对选票")
    await page.locator("button:disabled", has_text="核对选票").wait_for()
    for code in ("001", "002", "003"):
        await page.locator(f"label:has(input[value='{code}'])").click()
    await expect(page.locator("[data-chosen]")).to_have_text("已选 3/3")
    await expect(page.locator("input[value='004']")).to_be_disabled()
    await send.click()
    await page.get_by_role("link", name=re.compile("移除.*候选人2")).click()
    await page.wait_for_url(lambda url: "002" not in url)
    await page.get_by_role("link", name="返回修改").click()
    await shows(page, "已选 2/3")
    await expect(page.locator("input:checked")).to_have_count(2)
    await page.locator("label:has(input[value='005'])").click()
    await send.click()
    await page.get_by_role("button", name="确认投票").click()
    receipt = await receipt_on(page)
    await expect(page.locator("dd b")).to_have_text(["001", "003", "005"])
    await page.get_by_role("link", name="我的投票").click()
    await page.get_by_text(receipt).wait_for()


async def test_search_keeps_what_was_ticked_without_scripts(open_page: Opener) -> None:
    page = await open_page("/c/several", scripts=False, signed_in="voter")
    await page.locator("label:has(input[value='001'])").click()
    await page.get_by_role("searchbox").fill("9")
    await page.get_by_role("button", name="查找").click()
    await page.get_by_text("找到 1 位").wait_for()
    await page.locator("label:has(input[value='009'])").click()
    await page.get_by_role("button", name="核对选票").click()
    await expect(page.locator(".ballot__entry b")).to_have_text(["001", "009"])


async def test_elder_mode_shows_the_whole_ballot_and_lets_it_be_undone(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/c/single", elder=True, signed_in="voter")
    await page.goto(f"{site.url}/c/single")
    await page.get_by_role("button", name="投票给 006 号").click()
    await expect(page.locator(".ballot__entry b")).to_have_text("006")
    confirm = page.get_by_role("button", name="确认投票")
    box = await confirm.bounding_box()
    assert box is not None
    assert box["height"] >= 60
    await page.get_by_role("link", name="返回修改").click()
    await page.wait_for_url(f"{site.url}/c/single")
    await shows(page, "今日还可投 10 票")


REFUSALS = [
    ("single", ["011"], 409, "011 号已经退出评选，不能再投"),
    ("single", ["999"], 422, "没有这个编号的候选人：999"),
    ("single", ["001", "002"], 422, "每张选票须选 1 位，现在选了 2 位"),
    ("several", ["001", "001"], 422, "同一张选票上 001 号选了不止一次"),
    ("later", ["001"], 409, "投票还没有开始"),
    ("night", ["001"], 409, "现在不在这段时间内"),
    ("finished", ["001"], 409, "投票已经结束"),
]


@pytest.mark.parametrize(("slug", "codes", "status", "words"), REFUSALS)
async def test_refused_vote_says_why_and_keeps_the_choice(
    open_page: Opener, site: Site, slug: str, codes: list[str], status: int, words: str
) -> None:
    """The ballot's page foresees them all, so each is sent as a page left open would send it."""
    page = await open_page("/me", signed_in="voter")
    answer = await send_ballot(page, site, slug, codes)
    assert answer == status
    await expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    chosen = await page.get_by_text("您选的是：").inner_text()
    assert [code for code in codes if code not in chosen] == []
    await page.goto(f"{site.url}/c/{slug}/ballot?" + "&".join(f"entry={one}" for one in codes))
    if len(set(codes)) == len(codes):
        await expect(page.get_by_role("status").first).to_contain_text(words)
        await expect(page.get_by_role("button", name="确认投票")).to_have_count(0)


async def send_ballot(page: Page, site: Site, slug: str, codes: list[str]) -> int:
    """A ballot sent by a form that this page is given; the status of the answer."""
    token = await page.locator("input[name=_csrf_token]").first.get_attribute("value")
    fields = [("_csrf_token", token), ("idempotency_key", f"refused-{slug}-{'-'.join(codes)}")]
    fields += [("entries", code) for code in codes]
    await page.evaluate(
        """([action, fields]) => {
          const form = document.body.appendChild(document.createElement("form"));
          form.method = "post"; form.action = action; form.id = "stale";
          for (const [name, value] of fields) {
            const input = form.appendChild(document.createElement("input"));
            input.name = name; input.value = value;
          }
        }""",
        [f"{site.url}/c/{slug}/votes", fields],
    )
    async with page.expect_response(lambda one: one.url.endswith("/votes")) as sent:
        await page.evaluate("document.getElementById('stale').submit()")
    await page.wait_for_load_state()
    return (await sent.value).status


async def test_second_vote_for_the_same_candidate_is_refused_with_the_way_on(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/sign-in?next=/c/single/ballot%3Fentry%3D005")
    await sign_in(page, site, "13712340004")
    await page.get_by_role("button", name="确认投票").click()
    await receipt_on(page)
    assert await send_ballot(page, site, "single", ["005"]) == 409
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("今天已经投过 005 号，每日每位最多 1 票")
    await page.get_by_role("link", name="返回候选人").click()
    await shows(page, "今日还可投 9 票")
