"""The real server in demo mode beside a real Chromium, for tests of whole pages.

One server serves all browser tests; its contests are told apart by their addresses. A page
fails its test when the browser's console shows an error: a script that broke, or something
that the content security policy refused. That a page itself was answered with an error, or
that the test took the network away, is no such trouble.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from redis.asyncio import Redis

from core.clock import SettableClock
from core.crypto import load_keys
from core.database import db
from core.engines.embedded import Endpoints
from core.paths import ROOT
from core.runtime import Runtime
from core.settings import Settings
from tests.conftest import create_database
from tests.e2e.contests import Site, make_contests
from tests.support.patience import PATIENCE_MS
from tests.support.server import serving

PHONE = (390, 844)
SMALL_PHONE = (360, 740)
TABLET = (1024, 768)
DESKTOP = (1280, 900)
HALL = (1920, 1080)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
async def site(
    engines: Endpoints, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    endpoints = await create_database(engines, "browser_tests", template=migrated_template)
    data_dir = tmp_path_factory.mktemp("site")
    clock = SettableClock(datetime.now(UTC))
    await db.open_pool(endpoints.app_database_url)
    async with Redis.from_url(endpoints.redis_url) as redis:
        runtime = Runtime(Settings(data_dir=data_dir), clock, load_keys(data_dir), redis)
        contests = await make_contests(runtime, clock.now())
    await db.close_pool()
    with serving(
        data_dir,
        DATABASE_URL=endpoints.database_url,
        APP_DATABASE_URL=endpoints.app_database_url,
        REDIS_URL=endpoints.redis_url,
        ENQUIRY_HOTLINE="0454-0000001",
        OVERSIGHT_HOTLINE="0454-0000002",
    ) as server:
        yield Site(server.url, contests)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium: make test installs it, or see docs/runbook.md"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        await started.close()


Opener = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(site: Site, browser: Browser) -> AsyncIterator[Opener]:
    """`await open_page("/", size=PHONE, elder=True, scripts=False, signed_in="voter")`.

    `signed_in` names a demo account; `still` is a reader who wants no motion; `touch` a
    screen for fingers. The page has answered with `status` when it is returned.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def note_errors(said: ConsoleMessage) -> None:
        refused_page = said.page is not None and said.location["url"] == said.page.url
        if (
            said.type == "error"
            and not refused_page
            and "ERR_INTERNET_DISCONNECTED" not in said.text
        ):
            troubles.append(said.text)

    async def opened(
        path: str,
        *,
        size: tuple[int, int] = PHONE,
        elder: bool = False,
        scripts: bool = True,
        signed_in: str = "",
        still: bool = False,
        touch: bool = False,
        status: int = 200,
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce" if still else "no-preference",
            has_touch=touch,
        )
        contexts.append(context)
        if elder:
            await context.add_cookies([{"name": "elder", "value": "1", "url": site.url}])
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", note_errors)
        if signed_in:
            await page.goto(f"{site.url}/demo/sign-in/{signed_in}")
        answer = await page.goto(site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert troubles == []


def screenshot_path(name: str) -> Path:
    """Where a picture that a person may want to look at is put."""
    folder = ROOT / "test-output" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"


async def scroll_width(page: Page) -> Any:
    return await page.evaluate("document.documentElement.scrollWidth")
