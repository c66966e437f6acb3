"""Counts that move by themselves, and survive a network that comes and goes."""

import httpx
import pytest
from playwright.async_api import Page, expect

from lab.replay.browser import Browser
from lab.replay.people import address_of, sign_in_by_phone
from tests.e2e.conftest import Opener
from tests.e2e.contests import Site

pytestmark = pytest.mark.browser


async def vote(site: Site, voter: int, *codes: str) -> None:
    async with Browser(site.url) as browser:
        browser.hand_to(address_of(voter))
        await sign_in_by_phone(browser, 55_000_000 + voter)
        for code in codes:
            ballot = {"entries": [code], "idempotency_key": f"live-page-{voter}-{code}"}
            await browser.post("/c/moving/votes", json=ballot)


async def until_ranked(page: Page, *ranked: tuple[str, str, str]) -> None:
    """Wait until the first rows show these codes, ranks and counts."""
    await page.wait_for_function(
        """(wanted) => {
          const rows = [...document.querySelectorAll("[data-ranking] > li")];
          return wanted.every(([code, rank, valid], place) =>
            rows[place]?.dataset.code === code
            && rows[place].querySelector("[data-rank]").textContent === rank
            && rows[place].querySelector("[data-valid]").textContent === valid);
        }""",
        arg=[list(one) for one in ranked],
    )


@pytest.mark.parametrize("still", [False, True], ids=["moving", "reduced motion"])
async def test_ranking_follows_the_votes_and_a_dropped_network(
    open_page: Opener, site: Site, *, still: bool
) -> None:
    """Both readers see both rounds of votes; `still` only leaves the gliding out."""
    first, second = ("005", "007") if still else ("002", "004")
    voters = iter(range(10, 20) if still else range(10))
    loaded_version = await _version(site)
    page = await open_page("/c/moving/ranking", still=still)
    await page.evaluate("window.stayed = true")
    leaders = await _leading(site)
    for _n in range(leaders + 1):
        await vote(site, next(voters), first)
    await until_ranked(page, (first, "1", str(leaders + 1)))

    await page.context.set_offline(True)
    for _n in range(leaders + 2):
        await vote(site, next(voters), second)
    await expect(page.locator("[data-ranking] > li").first).to_have_attribute("data-code", first)
    await page.context.set_offline(False)
    await until_ranked(page, (second, "1", str(leaders + 2)), (first, "2", str(leaders + 1)))
    assert await page.evaluate("window.stayed"), "the page moves without being loaded again"
    assert await _version(site) > loaded_version


async def _version(site: Site) -> int:
    async with httpx.AsyncClient(base_url=site.url) as http:
        return int((await http.get("/c/moving/board.json")).json()["version"])


async def _leading(site: Site) -> int:
    async with httpx.AsyncClient(base_url=site.url) as http:
        return int((await http.get("/c/moving/board.json")).json()["rows"][0]["valid"])


async def test_contest_page_counts_up_without_being_loaded_again(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/c/moving")
    before = int(await page.locator("[data-count='009']").inner_text())
    await vote(site, 30, "009")
    await page.wait_for_function(
        "(n) => document.querySelector(\"[data-count='009']\").textContent === String(n)",
        arg=before + 1,
    )


@pytest.mark.parametrize("slug", ["hidden", "finished", "later"])
async def test_page_whose_counts_stand_still_opens_no_socket(
    open_page: Opener, site: Site, slug: str
) -> None:
    page = await open_page("/privacy")
    sockets: list[str] = []
    page.on("websocket", lambda one: sockets.append(one.url))
    await page.goto(f"{site.url}/c/{slug}/ranking")
    # its scripts have run: what they opened has been told before this answer
    assert await page.evaluate("document.readyState") == "complete"
    assert sockets == []


# A server that cannot be had: `dials` notes when it is tried. `greets` makes it take the socket
# and say something, or nothing, before it drops it.
_STAND_IN = """
  window.dials = [];
  window.greets = "no";
  Math.random = () => 0.25;
  window.WebSocket = class {
    static OPEN = 1;
    constructor() {
      dials.push(Date.now());
      setTimeout(() => {
        if (greets !== "no") this.onopen?.();
        if (greets === "board") this.onmessage?.({ data: new TextEncoder().encode("{}") });
        this.onclose?.();
      }, 1);
    }
    close() {}
  };
"""


async def test_watchers_of_a_server_in_trouble_back_off_by_chance(
    open_page: Opener, site: Site
) -> None:
    page = await open_page("/privacy")
    await page.clock.install()
    await page.add_init_script(_STAND_IN)
    await page.goto(f"{site.url}/c/moving/ranking")

    async def pauses(seconds: int, greets: str) -> list[int]:
        """Between the tries of the next seconds, the way to the first among them."""
        before = await page.evaluate("(how) => { greets = how; return dials.length; }", greets)
        await page.clock.run_for(1000 * seconds)
        dials = await page.evaluate("dials")
        return [
            round(later - earlier, -2)
            for earlier, later in zip(dials[before - 1 :], dials[before:], strict=False)
        ]

    unreachable = await pauses(24, "no")
    assert unreachable == [500, 1000, 2000, 4000, 7500, 7500]
    assert set(await pauses(24, "silence")) == {7500}, "a socket alone is no sign of health"
    await page.evaluate("Math.random = () => 0.75")
    assert 22500 in await pauses(50, "no"), "chance spreads them widely"
    await page.evaluate("Math.random = () => 0.25")
    assert (await pauses(60, "board"))[-3:] == [500, 500, 500]
