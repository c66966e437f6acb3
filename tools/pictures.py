"""Draw the pictures of the README: a demo of its own, brought to states worth showing.

    python -m tools.pictures [FOLDER]      (docs/pictures by default)

Everything happens through HTTP on a demo server in a temporary folder; Chromium takes the
pictures. Prints what it writes.
"""

import asyncio
import io
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from demo.contests import SLUG
from tools import staged_contest as stage

ROOT = Path(__file__).resolve().parent.parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, TABLET, LAPTOP, HALL = (390, 844), (1024, 768), (1280, 800), (1920, 1080)
CONTEST = f"/c/{SLUG}"
VOTERS = 240
JUDGED_FIRST = 6
START_SECONDS = 120
# Enough for flat colours; photographs on the pages are drawn ones.
COLOURS = 256
LARGEST, LARGEST_TOGETHER = 300_000, 2_000_000


class Camera:
    """Takes pictures of one site and writes them small."""

    def __init__(self, url: str, browser: Browser, folder: Path) -> None:
        self.url = url
        self._browser = browser
        self._folder = folder
        self.written: list[Path] = []

    async def take(
        self,
        name: str,
        path: str,
        size: tuple[int, int],
        *,
        who: str = "",
        elder: bool = False,
        ready: Callable[[Page], Awaitable[object]] | None = None,
    ) -> None:
        """Write `name`.png; `who` names a demo account, `ready` does what comes before."""
        phone = size == PHONE
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=2 if phone else 1,
            reduced_motion="reduce",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        if elder:
            await context.add_cookies([{"name": "elder", "value": "1", "url": self.url}])
        page = await context.new_page()
        if who:
            await page.goto(f"{self.url}/demo/sign-in/{who}")
        await page.goto(self.url + path)
        if ready:
            await ready(page)
        await page.evaluate("document.fonts.ready")
        await page.evaluate(
            "Promise.all([...document.images].filter((one) => one.loading !== 'lazy')"
            ".map((one) => one.decode().catch(() => 0)))"
        )
        self._write(name, await page.screenshot())
        await context.close()

    def _write(self, name: str, drawn: bytes) -> None:
        target = self._folder / f"{name}.png"
        with Image.open(io.BytesIO(drawn)) as picture:
            picture.convert("RGB").quantize(COLOURS).save(target, "PNG", optimize=True)
        self.written.append(target)
        print(f"{target} {target.stat().st_size // 1000} kB", flush=True)


async def draw(url: str, folder: Path) -> list[Path]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        sys.exit("no Chromium: make test installs it, or see docs/runbook.md")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        camera = Camera(url, browser, folder)
        await _voting(camera)
        await _judging(camera)
        await _reveal(camera)
        await _result(camera)
        await browser.close()
    return camera.written


async def _voting(camera: Camera) -> None:
    await stage.vote(camera.url, VOTERS)
    await stage.announce(camera.url)
    await asyncio.sleep(2)  # the board follows about once a second
    await camera.take("contest-phone", CONTEST, PHONE)
    await camera.take("contest-phone-elder", CONTEST, PHONE, elder=True)
    await camera.take("ranking-phone", f"{CONTEST}/ranking", PHONE)
    await camera.take("screen-board", f"{CONTEST}/screen", HALL, ready=_heard)
    await camera.take("organiser", f"/organiser{CONTEST}", LAPTOP, who="organiser")


async def _heard(page: Page) -> None:
    """The screen's socket is open: no word of a lost network is left."""
    await page.wait_for_timeout(1500)


async def _judging(camera: Camera) -> None:
    await stage.end_voting(camera.url)
    await stage.judge(camera.url, up_to=JUDGED_FIRST, then_open=True)
    await camera.take("judge-tablet", f"/judge/{SLUG}", TABLET, who="judge1", ready=_marked)
    await camera.take("host", f"/host/{SLUG}", LAPTOP, who="host")
    await stage.judge_rest(camera.url, done=JUDGED_FIRST)


async def _marked(page: Page) -> None:
    """Marks as a judge has typed them, saved but not handed in."""
    for name, mark in (("influence", "36.5"), ("content", "27"), ("conduct", "28")):
        await page.locator(f"#{name}").fill(mark)
        await page.locator(f"#{name}").blur()
    await page.wait_for_load_state("networkidle")


async def _reveal(camera: Camera) -> None:
    await stage.advance(camera.url, "tallying")
    await stage.reveal(camera.url)
    await camera.take("screen-reveal", f"{CONTEST}/screen", HALL, ready=_on_stage)


async def _on_stage(page: Page) -> None:
    """The screen has heard from its socket what the host shows, and the sum is told."""
    await page.locator("[data-mode=reveal]").wait_for()
    await page.wait_for_timeout(1500)


async def _result(camera: Camera) -> None:
    await stage.certify(camera.url)
    await camera.take("result", f"{CONTEST}/result", LAPTOP, ready=_opened)
    await camera.take("result-phone", f"{CONTEST}/result", PHONE, ready=_opened)


async def _opened(page: Page) -> None:
    """The winner's sum, opened and at the top."""
    first = page.locator(".sum").first
    await first.locator("summary").click()
    await first.evaluate("(e) => e.scrollIntoView()")
    await page.mouse.move(0, 0)


@contextmanager
def demo_server(data_dir: Path) -> Iterator[str]:
    """`shibaiqian demo` on its own folder and port until the block ends; its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "demo"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(data_dir),
            "PORT": str(port),
            "ENQUIRY_HOTLINE": "0454-0000001",
            "OVERSIGHT_HOTLINE": "0454-0000002",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit(f"the demo server did not answer within {START_SECONDS} s")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, demo_server(Path(data)) as url:
        written = asyncio.run(draw(url, folder))
    sizes = [one.stat().st_size for one in written]
    if max(sizes) > LARGEST or sum(sizes) > LARGEST_TOGETHER:
        sys.exit(f"too large for a README: {max(sizes)} bytes at most, {sum(sizes)} together")


if __name__ == "__main__":
    main()
