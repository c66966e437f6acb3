"""One evening in the hall: tablets, host and big screen together, up to the published result."""

import io
import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lab.replay.browser import Browser
from lab.replay.people import demo_person
from tests.e2e.conftest import DESKTOP, HALL, Opener
from tests.e2e.contests import Site
from tests.e2e.evening_tablets import (
    CODES,
    SLUG,
    Hall,
    all_mark,
    correct,
    declare,
    enrolled,
    no_violation,
    open_entrant,
    sign,
    touch,
)
from tests.support.eventually import eventually

pytestmark = pytest.mark.browser


async def test_evening_from_the_enrolled_tablet_to_the_published_result(
    open_page: Opener, site: Site
) -> None:
    async with Browser(site.url) as fourth, Browser(site.url) as fifth:
        tablets = await enrolled(open_page, site, (fourth, fifth))
        await declare(tablets, (fourth, fifth))
        await _advance(site, "judging")
        host = await open_page(f"/host/{SLUG}", size=DESKTOP, signed_in="host")
        screen = await open_page(f"/c/{SLUG}/screen", size=HALL, still=True)
        hall = Hall(tablets, (fourth, fifth), host, screen)
        await _mark_through_a_dropped_network(hall)
        await _screen_tells_one_entrant(hall, site)
        for place in range(1, len(CODES)):
            await open_entrant(hall, CODES[place])
            await all_mark(hall, place)
        await sign(hall)
        await correct(hall, open_page)
    await _advance(site, "tallying")
    await _reveal(hall, site)
    await _certify(open_page, site)
    await _published(open_page, site)


async def _mark_through_a_dropped_network(hall: Hall) -> None:
    """001: nothing typed is lost, neither offline nor by a reload, and nothing wrong goes."""
    tablet = hall.tablets[0]
    await open_entrant(hall, "001")
    saved = tablet.locator("[data-saved-state]")
    await expect(tablet.locator(".tablet__code")).to_have_text("001")
    await touch(tablet, "36.5")
    await expect(saved).to_have_text("已保存")
    await tablet.context.set_offline(True)
    await tablet.locator("[data-key='next']").tap()
    await touch(tablet, "27")
    await expect(saved).to_have_text("网络中断，待上传 1 项，恢复后自动上传")
    await tablet.context.set_offline(False)
    await expect(saved).to_have_text("已保存")
    await tablet.route("**/marks?*", lambda route: route.abort("internetdisconnected"))
    await tablet.locator("[data-key='next']").tap()
    await touch(tablet, "28")
    await expect(saved).to_contain_text("待上传 1 项")
    await tablet.reload()
    await expect(tablet.locator("[data-total]")).to_have_text("91.5")
    await expect(saved).to_contain_text("待上传 1 项")
    await tablet.unroute("**/marks?*")
    await expect(saved).to_have_text("已保存")
    await tablet.reload()
    for number, given in enumerate(("36.5", "27", "28")):
        await expect(tablet.locator(".mark__input").nth(number)).to_have_value(given)
    await expect(tablet.locator(".mark__input")).to_have_count(3)
    await touch(tablet, "99")
    await tablet.locator("[data-submit]").tap()
    await expect(saved).to_have_text("有 1 项不在范围内，没有保存")
    await expect(tablet.locator(".tablet__desk")).to_have_attribute("data-status", "draft")
    await no_violation(tablet)
    await all_mark(hall, 0)


async def _screen_tells_one_entrant(hall: Hall, site: Site) -> None:
    """The card, then the marks with the dropped ones struck through, then a frozen board."""
    host, screen = hall.host, hall.screen
    await expect(screen.locator("#rows > li").first).to_be_visible()
    await host.goto(f"{site.url}/host/{SLUG}/show")
    await no_violation(host)
    await host.get_by_role("combobox", name="选手", exact=True).select_option("001")
    await host.get_by_role("button", name="显示这位选手").click()
    await expect(screen.locator("#spot-name")).to_have_text("候选人1")
    await expect(screen.locator("#panels")).to_be_hidden()
    await host.get_by_role("button", name="下一步").click()
    await expect(screen.locator("#panels .mark")).to_have_count(5)
    await expect(screen.locator("#panels .mark--dropped")).to_have_count(2)
    await expect(screen.locator(".mark__note", has_text="去掉最高")).to_be_visible()
    await host.get_by_role("button", name="冻结榜单").click()
    await expect(screen.locator("#frozen")).to_be_visible()
    await host.get_by_text("解除冻结", exact=True).click()
    await host.get_by_role("button", name="确定解除冻结").click()
    await expect(screen.locator("#frozen")).to_be_hidden()
    await host.get_by_role("button", name="回到排行榜").click()
    await expect(screen.locator("#view-board")).to_be_visible()
    await host.goto(f"{site.url}/host/{SLUG}")
    await no_violation(host)


async def _advance(site: Site, phase: str) -> None:
    async with demo_person(site.url, "organiser") as organiser:
        await organiser.post(f"/organiser/c/{SLUG}/phase", {"to": phase, "confirmed": "1"})


async def _reveal(hall: Hall, site: Site) -> None:
    """From the last place up, one step back, and on through a dropped network."""
    host, screen = hall.host, hall.screen
    await host.goto(f"{site.url}/host/{SLUG}/show")
    await host.get_by_text("开始揭晓…").click()
    await host.get_by_role("button", name="确定开始揭晓").click()
    await expect(screen.locator("#intro")).to_be_visible()
    await _step(host, "下一步")
    await expect(screen.locator("#spot-name")).to_have_text("候选人4")
    await expect(screen.locator(".mark--none")).to_have_count(1)
    await expect(screen.locator("#total")).to_be_hidden()
    await _step(host, "下一步")
    await expect(screen.locator("#spot-rank")).to_have_text("第 4 名")
    await _step(host, "退回一步")
    await expect(screen.locator("#spot-rank")).to_be_hidden()
    await screen.context.set_offline(True)
    await expect(screen.locator("#lost")).to_contain_text("网络中断，正在重连")
    for _n in range(7):
        await _step(host, "下一步")
    await expect(screen.locator("#spot-name")).to_have_text("候选人4")
    await screen.context.set_offline(False)
    await expect(screen.locator("#spot-rank")).to_have_text("第 1 名")
    await expect(screen.locator("#lost")).to_be_hidden()
    await expect(screen.locator(".told__line")).to_have_count(4)
    await expect(screen.locator("#watermark")).to_be_visible()
    await no_violation(screen)
    for width, height in (HALL, (3840, 2160)):
        await screen.set_viewport_size({"width": width, "height": height})
        await _nothing_overlaps(screen)
    await _opens_on_what_is_told(screen)


async def _step(host: Page, words: str) -> None:
    async with host.expect_navigation():
        await host.get_by_role("button", name=words).click()


async def _nothing_overlaps(screen: Page) -> None:
    """Who, the marks, the sum and the foot stand below one another, as large as said."""
    edges = await screen.evaluate(
        """() => [".spot__who", ".panel", ".spot__sum", ".hall__foot"].flatMap((name) => {
          const box = document.querySelector(name).getBoundingClientRect();
          return [box.top, box.bottom];
        }).map(Math.round)"""
    )
    assert edges == sorted(edges)
    small = await screen.evaluate(
        """() => [...document.querySelectorAll(".hall *")]
          .filter((e) => e.checkVisibility() && [...e.childNodes].some(
            (node) => node.nodeType === 3 && node.data.trim()))
          .filter((e) => parseFloat(getComputedStyle(e).fontSize) < innerHeight / 30 - 0.1)
          .map((e) => e.className + e.textContent)"""
    )
    assert small == []


async def _opens_on_what_is_told(screen: Page) -> None:
    """A screen that is switched on again needs no socket to show what the host shows."""
    await screen.route_web_socket(re.compile("/screen/ws"), lambda _socket: None)
    await screen.reload()
    await expect(screen.locator("#spot-name")).to_have_text("候选人1")
    await expect(screen.locator("#view-board")).to_be_hidden()


async def _certify(open_page: Opener, site: Site) -> None:
    """The one who proposes cannot approve; the second organiser does."""
    path = f"/organiser/c/{SLUG}/result"
    first = await open_page(path, size=DESKTOP, signed_in="organiser")
    await first.locator("summary", has_text="提出核定").click()
    await no_violation(first)
    await first.get_by_role("button", name="提出核定").click()
    await expect(first.locator("main")).to_contain_text("您是提出人，请另一位")
    second = await open_page(path, size=DESKTOP, signed_in="organiser2")
    await second.locator("summary", has_text="批准核定").click()
    await second.get_by_role("button", name="批准核定").click()
    await expect(second.locator("main")).to_contain_text("结果已核定，可以进入公示")
    await second.get_by_role("link", name="看实际权重与稳定性").click()
    await no_violation(second)
    await _advance(site, "public_notice")


async def _certified_board(http: httpx.AsyncClient) -> Any:
    """The rows once the next board, a second or so after certification, tells the totals."""

    async def certified() -> Any:
        rows = (await http.get("/board.json")).json()["rows"]
        return all(row["composite"] for row in rows) and rows

    return await eventually(certified, "a board that tells the totals")


async def _published(open_page: Opener, site: Site) -> None:
    """Page, PDF and table name everybody and the same totals."""
    page = await open_page(f"/c/{SLUG}/result")
    await no_violation(page)
    shown = await page.locator(".sums").inner_text()
    async with httpx.AsyncClient(base_url=f"{site.url}/c/{SLUG}") as http:
        board = await _certified_board(http)
        pdf = PdfReader(io.BytesIO((await http.get("/result/announcement.pdf")).content))
        xlsx = io.BytesIO((await http.get("/result/announcement.xlsx")).content)
    paper = "".join(sheet.extract_text() for sheet in pdf.pages)
    book = CalamineWorkbook.from_filelike(xlsx)
    cells = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert [row["code"] for row in board] == list(CODES)
    for row in board:
        for written in (shown, paper, cells):
            assert row["name"] in written
            assert row["composite"] in written
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
