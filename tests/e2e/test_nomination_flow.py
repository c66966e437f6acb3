"""One nomination as its people carry it: from the township through return, correction and
pass to a candidate on the public page. Every staff page on the way is checked for access."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, Opener, scroll_width
from tests.support.contests import rulebook_text

pytestmark = pytest.mark.browser

NAME = "江小满"
TITLE = "推荐流程评选"
REPORT = "江边长大，三年来每天清晨直播江岸，讲江鱼、开江和渡口的故事，带动渔家二十户。" * 2
BETTER = REPORT + "附：村委会出具的带动农户名单。"


async def check(page: Page) -> None:
    """No accessibility violation, nothing that scrolls sideways."""
    results = await Axe().run(page)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
    viewport = page.viewport_size
    assert viewport is not None
    assert await scroll_width(page) <= viewport["width"], page.url


async def create_contest(page: Page, now: datetime) -> None:
    """The organiser makes a contest from a pasted rulebook and opens it for nominations."""
    await check(page)
    await page.get_by_role("link", name="新建评选").click()
    await check(page)
    await page.get_by_label("网址名").fill("Flow!")
    text = rulebook_text(
        opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(days=10), title=f'"{TITLE}"'
    )
    await page.get_by_label("或把规则粘贴在这里").fill(text)
    await page.get_by_role("button", name="创建").click()
    await page.get_by_role("link", name="网址名只能用小写字母").click()
    await expect(page.get_by_label("网址名")).to_be_focused()
    await check(page)
    await page.get_by_label("网址名").fill("flow")
    await page.get_by_role("button", name="创建").click()
    await expect(page.get_by_text("sha256:")).to_be_visible()
    await page.get_by_role("button", name="进入报名推荐").click()
    await expect(page.get_by_text("还没有收到任何推荐")).to_be_visible()
    await check(page)


async def nominate(page: Page, picture: Path) -> None:
    """The township hands in too early, is told every gap, and then hands in all of it."""
    await check(page)
    panel = page.locator("section", has=page.get_by_role("heading", name=TITLE))
    await panel.get_by_role("button", name="推荐一位候选人").click()
    await page.get_by_label("姓名", exact=True).fill(NAME)
    await page.get_by_role("button", name="提交审核").click()
    await expect(page.get_by_role("alert")).to_contain_text("还差 8 项才能提交")
    await expect(page.get_by_label("姓名", exact=True)).to_have_value(NAME)
    await check(page)
    await page.get_by_label("出生日期", exact=True).fill("1995-05-01")
    await page.get_by_label("手机号码", exact=True).fill("139 0000 0009")
    await page.get_by_label("平台", exact=True).select_option("抖音")
    await page.get_by_label("平台账号", exact=True).fill("江小满在同江")
    await page.get_by_label("一句话介绍", exact=True).fill("替您看一眼今天的江")
    await page.get_by_label("案例报告", exact=True).fill(REPORT)
    await page.get_by_label("照片", exact=True).set_input_files(picture)
    await page.get_by_role("checkbox", name="候选人本人同意").check()
    await page.get_by_role("button", name="提交审核").click()
    await expect(page.get_by_text("已提交，等待审核。")).to_be_visible()
    await check(page)


async def return_it(page: Page) -> None:
    """The bureau gives it back with two gaps named."""
    await check(page)
    await page.get_by_role("link", name=NAME).click()
    await check(page)
    await page.get_by_text("退回补正：逐项写明缺什么").click()
    decision = page.locator("form", has=page.get_by_role("heading", name="审核决定"))
    await decision.get_by_label("案例报告").fill("请附带动农户名单")
    await decision.get_by_label("平台账号").fill("请写全称")
    await decision.get_by_role("button", name="退回补正").click()
    await expect(page.get_by_role("link", name=NAME)).to_have_count(0)


async def correct_it(page: Page) -> None:
    """The township, on a phone, finds both gaps beside their fields and mends them."""
    await check(page)
    await page.get_by_role("link", name=NAME).click()
    await expect(page.get_by_role("alert")).to_contain_text("审核要求补正以下各项")
    await check(page)
    await page.get_by_role("link", name="请附带动农户名单").first.click()
    await expect(page.get_by_label("案例报告", exact=True)).to_be_focused()
    await page.get_by_label("案例报告", exact=True).fill(BETTER)
    await page.get_by_label("平台账号", exact=True).fill("江小满在同江江岸")
    await page.get_by_role("button", name="提交审核").click()
    await expect(page.get_by_text("已提交，等待审核。")).to_be_visible()


async def pass_it(page: Page) -> None:
    await page.goto(page.url)
    await page.get_by_role("link", name=NAME).click()
    await expect(page.get_by_text("请附带动农户名单")).to_be_visible()
    await page.get_by_role("button", name="通过", exact=True).click()
    await expect(page.get_by_role("link", name=NAME)).to_have_count(0)


async def open_the_vote(page: Page, base: str) -> None:
    """The organiser draws the codes and carries the contest into its vote."""
    await page.goto(f"{base}/organiser/c/flow/entrants")
    await check(page)
    await page.get_by_label("抽签种子").fill("测试抽签")
    await page.get_by_role("button", name="给没有编号的候选人编号").click()
    await expect(page.get_by_role("cell", name="001")).to_be_visible()
    async with page.expect_download() as started:
        await page.get_by_role("link", name="下载表格").click()
    assert (await started.value).suggested_filename == "flow-entrants.xlsx"
    for path in ("/rulebook", "/nominations", "/figures", "/notices"):
        await page.goto(f"{base}/organiser/c/flow{path}")
        await check(page)
    await page.goto(f"{base}/organiser/c/flow")
    await page.get_by_role("button", name="进入资格审核").click()
    await page.locator("summary", has_text="进入公众投票").click()
    await page.get_by_role("button", name="确定进入公众投票").click()
    await expect(page.get_by_text("之前不能进入下一阶段")).to_be_visible()
    await check(page)


async def test_nomination_becomes_a_candidate_on_the_public_page(
    open_page: Opener, tmp_path: Path
) -> None:
    picture = tmp_path / "photo.jpg"
    target = io.BytesIO()
    Image.new("RGB", (800, 600), "#3a7").save(target, "JPEG")
    picture.write_bytes(target.getvalue())
    organiser = await open_page("/organiser", size=DESKTOP, signed_in="organiser")
    await create_contest(organiser, datetime.now(UTC))
    township = await open_page("/township", size=DESKTOP, signed_in="township")
    await nominate(township, picture)
    bureau = await open_page("/department", size=DESKTOP, signed_in="department")
    await return_it(bureau)
    await correct_it(await open_page("/township", size=PHONE, signed_in="township"))
    await pass_it(bureau)
    await open_the_vote(organiser, organiser.url.partition("/organiser")[0])
    public = await open_page("/c/flow", size=PHONE)
    card = public.locator(".entrant", has_text=NAME)
    await expect(card.get_by_role("button", name="投票给 001 号")).to_be_visible()
    await expect(card.locator("img")).to_be_visible()
    await public.goto(public.url + "/entrants/001")
    await expect(public.get_by_text("带动农户名单")).to_be_visible()
    await expect(public.get_by_text("139 0000 0009")).to_have_count(0)
