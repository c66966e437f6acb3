"""Public pages in a real browser: every size, elder mode, accessibility, weight."""

import gzip

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe

from tests.e2e.conftest import DESKTOP, PHONE, SMALL_PHONE, Opener, Site, scroll_width

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/privacy",
    "/sign-in",
    "/c/single",
    "/c/single?q=003",
    "/c/single?q=nobody",
    "/c/single/ranking",
    "/c/single/rules",
    "/c/single/entrants/001",
    "/c/single/notices",
    "/c/single/ledger",
    "/c/single/poster",
    "/c/single/poster?entry=001",
    "/c/several",
    "/c/several?entry=001&entry=002",
    "/c/later",
    "/demo/style",
)
VOTER_PAGES = ("/c/single", "/c/single/ballot?entry=001", "/c/single/my-votes", "/me")


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("path", PAGES)
async def test_public_page_has_no_accessibility_violation(
    open_page: Opener, path: str, *, elder: bool
) -> None:
    page = await open_page(path, elder=elder)
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await scroll_width(page) <= PHONE[0]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("path", VOTER_PAGES)
async def test_voters_page_has_no_accessibility_violation(
    open_page: Opener, path: str, *, elder: bool
) -> None:
    page = await open_page(path, elder=elder, signed_in="voter")
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await scroll_width(page) <= PHONE[0]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
@pytest.mark.parametrize("path", PAGES)
async def test_small_phone_never_scrolls_sideways(
    open_page: Opener, path: str, *, elder: bool
) -> None:
    page = await open_page(path, size=SMALL_PHONE, elder=elder)
    assert await scroll_width(page) <= SMALL_PHONE[0]


async def test_elder_mode_is_one_tap_away_and_stays(open_page: Opener) -> None:
    page = await open_page("/c/single", scripts=False)
    await page.get_by_role("button", name="长辈版").click()
    assert page.url.endswith("/c/single")
    await page.get_by_role("link", name="规则", exact=True).click()
    assert await page.get_by_role("button", name="标准版").count() == 1


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


async def test_vote_button_is_in_the_first_view_of_a_phone(open_page: Opener) -> None:
    page = await open_page("/c/single")
    box = await page.get_by_role("button", name="投票给 001 号").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE[1]
    assert box["height"] >= 48


async def test_search_filters_while_typing_and_again_on_the_server(open_page: Opener) -> None:
    page = await open_page("/c/single")
    await page.get_by_role("searchbox").fill("７")
    assert await page.locator(".entrant:visible .entrant__code").all_inner_texts() == ["007"]
    assert await page.get_by_role("status").first.inner_text() == "找到 1 位"
    plain = await open_page("/c/single", scripts=False)
    await plain.get_by_role("searchbox").fill("7")
    await plain.get_by_role("searchbox").press("Enter")
    assert await plain.locator(".entrant__code").all_inner_texts() == ["007"]


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
