"""Public pages in a real browser: every size, elder mode, accessibility, weight."""

import gzip

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, SMALL_PHONE, Opener, scroll_width
from tests.e2e.contests import Site

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/privacy",
    "/receipts",
    "/sign-in",
    "/sign-in?as=creator",
    "/staff/sign-in",
    "/demo/style",
    "/c/single",
    "/c/single?q=003",
    "/c/single?q=nobody",
    "/c/single/ranking",
    "/c/single/rules",
    "/c/single/entrants/001",
    "/c/single/entrants/011",
    "/c/single/ballot?entry=001",
    "/c/single/ballot?entry=011",
    "/c/single/notices",
    "/c/single/ledger",
    "/c/single/objections",
    "/c/single/poster",
    "/c/single/poster?entry=001",
    "/c/several",
    "/c/several?entry=001&entry=002",
    "/c/crowd",
    "/c/crowd/entrants/001",
    "/c/crowd/poster?entry=001",
    "/c/crowd/ranking",
    "/c/later",
    "/c/night",
    "/c/hidden",
    "/c/hidden/ranking",
    "/c/daily",
    "/c/daily/ranking",
    "/c/nominating",
    "/c/nominating/ranking",
    "/c/reviewing",
    "/c/judging",
    "/c/judging/ranking",
    "/c/judging/result",
    "/c/tallying",
    "/c/noticed",
    "/c/noticed/ledger",
    "/c/noticed/notices",
    "/c/noticed/objections",
    "/c/noticed/ranking",
    "/c/noticed/result",
    "/c/finished",
    "/c/finished/result",
)
VOTER_PAGES = (
    "/",
    "/me",
    "/c/single",
    "/c/single/ballot?entry=001",
    "/c/single/entrants/001",
    "/c/single/my-votes",
    "/c/several",
    "/c/night",
    "/c/finished/my-votes",
)
MISSING = ("/nothing-here", "/c/nothing-here", "/c/draft", "/c/draft/result", "/receipts/0000")


@pytest.mark.parametrize("path", PAGES)
async def test_public_page_has_no_accessibility_violation(open_page: Opener, path: str) -> None:
    await _no_violation(await open_page(path))


@pytest.mark.parametrize("path", VOTER_PAGES)
async def test_voters_page_has_no_accessibility_violation(open_page: Opener, path: str) -> None:
    await _no_violation(await open_page(path, signed_in="voter"))


@pytest.mark.parametrize("path", MISSING)
async def test_page_of_nothing_is_as_accessible(open_page: Opener, path: str) -> None:
    await _no_violation(await open_page(path, status=422 if "receipts" in path else 404))


async def _no_violation(page: Page) -> None:
    """axe finds nothing in normal and in elder mode, and no phone scrolls sideways."""
    for elder in ("0", "1"):
        await page.context.add_cookies([{"name": "elder", "value": elder, "url": page.url}])
        await page.reload()
        # a closed part is read too, once it is opened
        await page.evaluate("document.querySelectorAll('details').forEach((e) => e.open = true)")
        results = await Axe().run(page)
        assert results.violations_count == 0, (elder, results.generate_report())
        for width, height in (PHONE, SMALL_PHONE):
            await page.set_viewport_size({"width": width, "height": height})
            assert await scroll_width(page) <= width, elder
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


async def test_elder_mode_is_one_tap_away_and_stays(open_page: Opener) -> None:
    page = await open_page("/c/single", scripts=False)
    await page.get_by_role("button", name="长辈版").click()
    await page.get_by_role("button", name="标准版").wait_for()
    assert page.url.endswith("/c/single")
    await page.get_by_role("link", name="规则", exact=True).click()
    await page.wait_for_url("**/c/single/rules")
    await expect(page.get_by_role("button", name="标准版")).to_have_count(1)


async def test_elder_mode_is_large_in_one_column_with_big_targets(open_page: Opener) -> None:
    page = await open_page("/c/single", elder=True)
    sizes = await page.evaluate(
        """() => ({
          text: parseFloat(getComputedStyle(document.body).fontSize),
          columns: getComputedStyle(document.querySelector(".entrants"))
            .gridTemplateColumns.split(" ").length,
          small: [...document.querySelectorAll(
            "main a, main button, header a, header button, footer a")]
            .filter((e) => e.offsetParent && !e.closest("p, .entrant__name, .as-of"))
            .map((e) => [e.textContent.trim(), Math.round(e.getBoundingClientRect().height)])
            .filter(([, height]) => height < 60),
        })"""
    )
    assert sizes == {"text": 22, "columns": 1, "small": []}


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
async def test_vote_button_is_in_the_first_view_of_a_phone(
    open_page: Opener, *, elder: bool
) -> None:
    page = await open_page("/c/single", elder=elder)
    box = await page.get_by_role("button", name="投票给 001 号").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE[1]
    assert box["height"] >= 48


async def test_search_filters_while_typing_and_again_on_the_server(open_page: Opener) -> None:
    page = await open_page("/c/single")
    await page.get_by_role("searchbox").fill("７")
    await expect(page.locator(".entrant:visible .entrant__code")).to_have_text(["007"])
    await expect(page.get_by_role("status").first).to_have_text("找到 1 位")
    plain = await open_page("/c/single", scripts=False)
    await plain.get_by_role("searchbox").fill("7")
    await plain.get_by_role("searchbox").press("Enter")
    await plain.get_by_text("找到 1 位").wait_for()
    await expect(plain.locator(".entrant__code")).to_have_text(["007"])


async def test_desktop_shows_four_columns(open_page: Opener) -> None:
    page = await open_page("/c/single", size=DESKTOP)
    columns = await page.evaluate(
        "getComputedStyle(document.querySelector('.entrants'))"
        ".gridTemplateColumns.split(' ').length"
    )
    assert columns == 4


@pytest.mark.parametrize("path", ["/", "/c/single", "/c/several", "/c/single/ranking"])
async def test_first_view_weighs_at_most_100_kilobytes(
    open_page: Opener, site: Site, path: str
) -> None:
    """Everything the browser fetched except photos, each compressed as the server would."""
    page = await open_page(path)
    addresses = await page.evaluate(
        "[location.href, ...performance.getEntriesByType('resource').map((e) => e.name)]"
    )
    fetched = [a for a in addresses if "/files/" not in a and a.startswith("http")]
    async with httpx.AsyncClient() as http:
        bodies = [(await http.get(address)).content for address in fetched]
    weight = sum(len(gzip.compress(body, 5)) for body in bodies)
    assert 5_000 < weight <= 100_000


async def test_shared_link_shows_a_picture_of_its_size(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as http:
        for path in ("/c/single/card.png", "/c/single/entrants/001/card.png"):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            width, height = answer.content[16:20], answer.content[20:24]
            assert (int.from_bytes(width), int.from_bytes(height)) == (1200, 630)


async def test_poster_prints_on_one_sheet(open_page: Opener) -> None:
    page = await open_page("/c/single/poster?entry=001")
    printed = await page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1


async def test_text_of_twice_the_size_still_fits_a_phone(open_page: Opener) -> None:
    """As WeChat or the phone's own setting scales it: everything here is in rem."""
    for path in ("/", "/c/single", "/c/single/ranking", "/c/crowd", "/c/noticed/result"):
        page = await open_page(path)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await scroll_width(page) <= PHONE[0], path


async def test_hundred_candidates_load_a_screenful_of_small_photos(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/c/crowd")
    await expect(page.locator(".entrant")).to_have_count(100)
    photos = await page.evaluate(
        "performance.getEntriesByType('resource').map((e) => e.name)"
        ".filter((one) => one.includes('/files/'))"
    )
    assert photos
    assert {one.rpartition("/")[2] for one in photos} == {"card"}


async def test_who_wants_no_motion_sees_none(open_page: Opener) -> None:
    moving = """() => {
      const shape = document.body.appendChild(document.createElement("div"));
      shape.className = "skeleton";
      return getComputedStyle(shape).animationName;
    }"""
    for still, name in ((True, "none"), (False, "breathe")):
        page = await open_page("/demo/style", still=still)
        assert await page.evaluate(moving) == name


async def test_links_of_a_contest_lead_to_the_contest(open_page: Opener, site: Site) -> None:
    """Every link and picture of the public pages of a contest opens."""
    found: set[str] = set()
    for path in ("/c/crowd", "/c/crowd/entrants/001", "/c/noticed", "/c/noticed/result"):
        page = await open_page(path)
        found |= set(
            await page.evaluate(
                "[...document.querySelectorAll('a[href], img[src]')]"
                ".map((e) => (e.href || e.src).split('#')[0])"
            )
        )
    ours = sorted(one for one in found if one.startswith(site.url))
    async with httpx.AsyncClient(headers={"accept": "text/html"}) as http:
        answers = {one: (await http.get(one)).status_code for one in ours}
    # my-votes asks for a sign-in first
    assert {one for one, status in answers.items() if status not in (200, 303)} == set()
    assert len(ours) > 100
