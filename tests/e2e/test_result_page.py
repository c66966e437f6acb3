"""The certified result as a sceptic reads it: every step, every file, an objection."""

import io
import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from scoring.verification.bundle import open_bundle
from scoring.verification.verifier import verify
from tests.e2e.conftest import DESKTOP, Opener
from tests.e2e.contests import Site

pytestmark = pytest.mark.browser


async def test_every_step_of_every_sum_is_on_the_page(open_page: Opener, site: Site) -> None:
    page = await open_page("/c/noticed/result")
    async with httpx.AsyncClient(base_url=site.url) as http:
        result = (await http.get("/c/noticed/result.json")).json()
    assert len(result["entrants"]) == 4
    await expect(page.locator(".sum")).to_have_count(4)
    for one in result["entrants"]:
        sums = page.locator(f"#e{one['code']}")
        await expect(sums.locator(".working")).to_be_hidden()
        await sums.locator("summary").click()
        words = await sums.locator(".working").inner_text()
        for part in one["components"]:
            assert part["contribution"] in words.replace(",", "")
        assert one["total"] in (await sums.locator("summary").inner_text())
    best = await page.locator("#e002 .working").inner_text()
    # two of the three votes that the leader has: 66.67 of 100, weighing 30 per cent
    assert ("66.67" in best, "20.001" in best) == (True, True)
    # the judges gave 35, 36, 37, 38 and 39; the highest and the lowest do not count
    assert re.search(r"01 35（去最低）.*05 39（去最高）", best)
    assert "37" in best


async def test_sum_of_a_winner_is_one_tap_from_the_list_of_winners(open_page: Opener) -> None:
    page = await open_page("/c/finished/result", scripts=False)
    await page.locator(".winners a").first.click()
    sums = page.locator(".sum:target")
    await expect(sums).to_have_count(1)
    await expect(sums).to_be_in_viewport()


async def test_all_files_of_the_result_open_and_the_bundle_verifies(
    open_page: Opener, site: Site, tmp_path: Path
) -> None:
    page = await open_page("/c/noticed/result")
    found = {}
    for name in ("下载结果包", "公告 PDF", "公告表格", "结果数据"):
        address = await page.get_by_role("link", name=name).get_attribute("href")
        assert address is not None
        answer = await page.request.get(site.url + address)
        assert answer.status == 200, name
        found[name] = await answer.body()
    bundle = open_bundle(io.BytesIO(found["下载结果包"]))
    assert len(list(verify(bundle))) == 5
    command = await page.locator("pre.code").inner_text()
    assert bundle.manifest["public_key"] in command
    assert found["公告 PDF"].startswith(b"%PDF-")
    book = CalamineWorkbook.from_filelike(io.BytesIO(found["公告表格"]))
    cells = str(book.get_sheet_by_index(0).to_python())
    assert "候选人2" in cells
    assert json.loads(found["结果数据"])["entrants"][0]["code"] == "001"


async def test_printed_result_lies_open_on_paper(open_page: Opener) -> None:
    page = await open_page("/c/noticed/result", size=DESKTOP)
    await page.emulate_media(media="print")
    await expect(page.locator(".working").first).to_be_visible()
    await expect(page.get_by_role("button", name="长辈版")).to_be_hidden()


async def test_objection_is_filed_without_scripts_and_found_by_its_number(
    open_page: Opener,
) -> None:
    page = await open_page("/c/noticed/result", scripts=False)
    await page.get_by_role("link", name="提出异议").click()
    await page.get_by_label("异议内容").fill("001 号的得票与我看到的不一致。")
    await page.get_by_role("button", name="提交异议").click()
    faults = page.get_by_role("alert")
    await expect(faults.get_by_role("link")).to_have_count(3)
    await faults.get_by_role("link").first.click()
    await expect(page.get_by_label("异议内容")).to_have_value("001 号的得票与我看到的不一致。")
    await page.get_by_label("真实姓名").fill("测试异议人")
    await page.get_by_label("联系方式").fill("0454-0000003")
    await page.get_by_label("异议对象").fill("001")
    await page.get_by_label("以上信息真实").check()
    await page.get_by_role("button", name="提交异议").click()
    await page.get_by_role("heading", name="异议回执").wait_for()
    shown = await page.locator("main").inner_text()
    assert "001 号的得票与我看到的不一致。" in shown
    assert "测试异议人" not in shown
    assert "0454-0000003" not in shown
    found = await open_page(page.url[page.url.index("/objections/") :])
    await expect(found.locator("main")).to_contain_text("等待主办单位书面答复")


async def test_result_before_its_time_is_not_told(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as http:
        page = await http.get("/c/tallying/result", headers={"accept": "text/html"})
        assert (page.status_code, "结果还没有核定" in page.text) == (200, True)
        for file in ("result.json", "result/bundle.zip", "result/announcement.pdf"):
            assert (await http.get(f"/c/tallying/{file}")).status_code == 404
