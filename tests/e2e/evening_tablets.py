"""What the judges do on their tablets in `test_judging_evening.py`: enrol, declare, mark, sign."""

import re
from dataclasses import dataclass

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from lab.replay.browser import Browser
from lab.replay.people import PIN, appoint_judge, demo_person, enrol_tablet
from tests.e2e.conftest import DESKTOP, TABLET, Opener
from tests.e2e.contests import Site

SLUG = "evening"
CODES = ("001", "002", "003", "004")
# What each tablet gives every entrant for influence; the third turns the order round.
FIRST, SECOND, THIRD = (36, 30, 24, None), (38, 32, 26, 20), (20, 25, 30, 35)
OTHERS = ((37, 31, 25, 19), (35, 29, 23, 17))


@dataclass(frozen=True)
class Hall:
    """Everybody who has a part in the evening."""

    tablets: tuple[Page, ...]
    others: tuple[Browser, ...]
    host: Page
    screen: Page


async def enrolled(open_page: Opener, site: Site, others: tuple[Browser, ...]) -> tuple[Page, ...]:
    """Five judges appointed and put on the panel; three enrol by the link of their QR code."""
    async with demo_person(site.url, "administrator") as administrator:
        made = [await appoint_judge(administrator, f"晚会评委{n}") for n in range(1, 6)]
    async with demo_person(site.url, "organiser") as organiser:
        ids = {"judges": [account for account, _link in made]}
        await organiser.post(f"/organiser/c/{SLUG}/panel", json=ids)
    tablets = []
    for _account, link in made[:3]:
        tablet = await open_page(link, size=TABLET, touch=True)
        await tablet.get_by_label("PIN 码").fill(PIN)
        await tablet.get_by_label("再输一次").fill(PIN)
        await tablet.get_by_role("button", name="完成登记").tap()
        await tablet.wait_for_url("**/judge")
        tablets.append(tablet)
    for other, (_account, link) in zip(others, made[3:], strict=True):
        await enrol_tablet(other, link)
    async with tablets[0].expect_navigation():
        await tablets[0].get_by_role("button", name="退出").tap()
    await tablets[0].goto(f"{site.url}/tablet/sign-in")
    await expect(tablets[0].locator("main")).to_contain_text("晚会评委1")
    await tablets[0].get_by_label("PIN 码").fill(PIN)
    await tablets[0].get_by_role("button", name="登录").tap()
    await tablets[0].wait_for_url("**/judge")
    return tuple(tablets)


async def declare(tablets: tuple[Page, ...], others: tuple[Browser, ...]) -> None:
    """The first judge knows 004; nobody marks before declaring."""
    for tablet in tablets:
        await tablet.get_by_role("link", name=re.compile("十佳")).tap()
        await tablet.wait_for_url(f"**/judge/{SLUG}/conflicts")
        if tablet is tablets[0]:
            await tablet.get_by_role("checkbox", name="004").check()
            await tablet.get_by_label("004 号的回避理由").select_option("同一单位")
            await no_violation(tablet)
        await tablet.get_by_role("button", name="确认申报").tap()
        await expect(tablet.get_by_role("alert")).to_contain_text("请确认申报属实")
        await tablet.get_by_role("checkbox", name="以上申报属实").check()
        await tablet.get_by_role("button", name="确认申报").tap()
        await tablet.wait_for_url(f"**/judge/{SLUG}")
    for other in others:
        await other.post(f"/judge/{SLUG}/conflicts", json={"declared": True})


async def open_entrant(hall: Hall, code: str) -> None:
    await hall.host.get_by_role("button", name=f"开放 {code} 号评分").click()
    await expect(hall.host.locator(".room__now")).to_contain_text(code)


async def touch(tablet: Page, text: str) -> None:
    for key in text:
        await tablet.locator(f"[data-key='{key}']").tap()


async def all_mark(hall: Hall, place: int) -> None:
    """Every judge who may marks the open entrant and submits; the host sees it and closes."""
    code = CODES[place]
    for tablet, marks in zip(hall.tablets, (FIRST, SECOND, THIRD), strict=True):
        await expect(tablet.locator(".tablet__code")).to_have_text(code)
        if marks[place] is None:
            await expect(tablet.locator(".tablet__done")).to_contain_text("同一单位")
            continue
        for number, mark in enumerate((str(marks[place]), "20", "20.5")):
            await tablet.locator(".mark__input").nth(number).tap()
            await touch(tablet, mark)
        await tablet.locator("[data-submit]").tap()
        await expect(tablet.locator(".tablet__done")).to_contain_text("已提交")
    for other, marks in zip(hall.others, OTHERS, strict=True):
        path = f"/judge/{SLUG}/entrants/{code}"
        await other.put(
            f"{path}/marks", {"influence": str(marks[place]), "content": "20", "conduct": "20.5"}
        )
        await other.post(f"{path}/submit", json={})
    await hall.host.get_by_role("button", name=f"关闭 {code} 号评分", exact=True).click()
    await expect(hall.host.locator("tr", has_text=code)).to_contain_text("已评完")


async def sign(hall: Hall) -> None:
    """Two sign at once; the third, whose order is the panel's reversed, is asked first."""
    for tablet in hall.tablets:
        await tablet.get_by_role("link", name="核对并签字").tap()
        await tablet.wait_for_url(f"**/judge/{SLUG}/sign")
        asked = tablet is hall.tablets[2]
        await expect(tablet.get_by_text("请再核对一遍名次顺序")).to_have_count(int(asked))
        await tablet.get_by_label("PIN 码").fill(PIN)
        if asked:
            await no_violation(tablet)
            await tablet.get_by_role("button", name="签字并锁定").tap()
            await expect(tablet.get_by_role("alert")).to_contain_text("请核对名次顺序后勾选确认")
            await tablet.get_by_label("我已逐项核对").check()
            await tablet.get_by_label("PIN 码").fill(PIN)
        await tablet.get_by_role("button", name="签字并锁定").tap()
        await tablet.wait_for_url(f"**/judge/{SLUG}/sheet")
        await expect(tablet.locator("h2", has_text="已签字锁定")).to_be_visible()
    for other in hall.others:
        await other.post(f"/judge/{SLUG}/sign", json={"pin": PIN})


async def correct(hall: Hall, open_page: Opener) -> None:
    """The second judge wrote 38 for 39; another person than the judge agrees."""
    tablet = hall.tablets[1]
    await tablet.get_by_text("签字后发现错误，申请更正").tap()
    await tablet.get_by_role("combobox", name="选手", exact=True).select_option("001")
    for label, mark in (("影响力", "39"), ("内容质量", "20"), ("品行", "20.5")):
        await tablet.get_by_label(label).fill(mark)
    await tablet.get_by_label("更正理由").fill("笔误，应为 39 分")
    await no_violation(tablet)
    await tablet.get_by_role("button", name="提交更正申请").tap()
    organiser = await open_page(f"/organiser/c/{SLUG}/panel", size=DESKTOP, signed_in="organiser")
    await expect(organiser.locator(".panel", has_text="笔误")).to_contain_text("待审批")
    await no_violation(organiser)
    await organiser.get_by_role("button", name="同意，形成新版本").click()
    await expect(organiser.locator(".panel", has_text="笔误")).to_contain_text("已同意")
    await tablet.reload()
    await expect(tablet.locator("main")).to_contain_text("下表是生效的第 2 版")


async def no_violation(page: Page) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, (page.url, results.generate_report())
