"""The real server in demo mode beside a real Chromium, for tests of whole pages.

One server serves all browser tests; its contests are told apart by their addresses. A page
fails its test when the browser's console shows an error: a script that broke, or something
that the content security policy refused.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from contest.rules.contest import Contest, Phase
from core import db
from core.assets import ROOT
from core.engines import Endpoints
from tests.conftest import create_database
from tests.support.contests import contest_in, rulebook_text
from tests.support.server import serving

PHONE = (390, 844)
SMALL_PHONE = (360, 740)
TABLET = (1024, 768)
DESKTOP = (1280, 900)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHORT_VIDEO = (ROOT / "contest" / "rulebooks" / "short_video_2026.toml").read_text("utf-8")
PATIENCE_MS = 15_000


@dataclass(frozen=True)
class Site:
    """The served site: `url` without a slash at its end, and contests to look at."""

    url: str
    single: Contest
    several: Contest
    later: Contest


@pytest.fixture(scope="session")
async def site(
    engines: Endpoints, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    endpoints = await create_database(engines, "browser_tests", template=migrated_template)
    now = datetime.now(UTC)
    await db.open_pool(endpoints.app_database_url)
    contests = {
        "single": await _contest("single", now),
        "several": await _contest(
            "several",
            now,
            base=SHORT_VIDEO,
            daily_hours='{ from = "00:00", to = "23:59" }',
            count_display='{ mode = "live" }',
        ),
        "later": await _contest("later", now, opens_in=timedelta(days=3)),
    }
    await db.close_pool()
    with serving(
        tmp_path_factory.mktemp("site"),
        DATABASE_URL=endpoints.database_url,
        APP_DATABASE_URL=endpoints.app_database_url,
        REDIS_URL=endpoints.redis_url,
        ENQUIRY_HOTLINE="0454-0000001",
        OVERSIGHT_HOTLINE="0454-0000002",
    ) as server:
        yield Site(server.url, **contests)


async def _contest(
    slug: str, now: datetime, *, opens_in: timedelta = timedelta(0), **rules: str
) -> Contest:
    opens_at = now + opens_in - timedelta(minutes=5)
    text = rulebook_text(opens_at=opens_at, closes_at=opens_at + timedelta(days=10), **rules)
    contest, _ = await contest_in(Phase.VOTING, slug, now, rulebook=text, entrants=12)
    return contest


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

    `signed_in` names a demo account. The page has answered with 200 when it is returned.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def note_errors(said: ConsoleMessage) -> None:
        # A form that was refused with its errors is an answer, though the browser grumbles.
        if said.type == "error" and "status of 422" not in said.text:
            troubles.append(said.text)

    async def opened(
        path: str,
        *,
        size: tuple[int, int] = PHONE,
        elder: bool = False,
        scripts: bool = True,
        signed_in: str = "",
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
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
        assert answer.status == 200, f"{path}: {answer.status}"
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
