"""A busy network's sign-in: the browser works for it by itself, or the person listens."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect
from redis.asyncio import Redis

from accounts.sign_in.sms.service import FREE_CODES
from core.engines.embedded import Endpoints
from core.limits.rate_limit import RateLimiter
from tests.e2e.conftest import Opener
from tests.e2e.contests import Site

pytestmark = pytest.mark.browser

PHONE, OTHER_PHONE = "13712349901", "13712349902"


@pytest.fixture
async def busy_network(engines: Endpoints) -> AsyncIterator[str]:
    """An address whose network has had its free codes."""
    async with Redis.from_url(engines.redis_url) as redis:
        limits = RateLimiter(redis)
        while await limits.within(FREE_CODES, "203.0.113.0/24"):
            pass
        yield "203.0.113.9"


async def ask_for_code(page: Page, address: str, phone: str) -> None:
    await page.context.set_extra_http_headers({"X-Forwarded-For": address})
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_label("我已阅读并同意个人信息说明").check()
    await page.get_by_label("我声明已年满 18 周岁").check()
    await page.get_by_role("button", name="获取验证码").click()


async def test_browser_solves_it_and_goes_on_by_itself(
    open_page: Opener, busy_network: str
) -> None:
    page = await open_page("/sign-in")
    await ask_for_code(page, busy_network, PHONE)
    await page.get_by_label("验证码", exact=True).wait_for()


async def test_without_scripts_there_are_digits_to_listen_to(
    open_page: Opener, site: Site, busy_network: str
) -> None:
    page = await open_page("/sign-in", scripts=False)
    await ask_for_code(page, busy_network, OTHER_PHONE)
    await page.get_by_text("您的浏览器没有启用脚本").wait_for()
    source = await page.locator("audio").get_attribute("src")
    assert source is not None
    sound = await page.request.get(site.url + source)
    assert (sound.status, (await sound.body())[:4]) == (200, b"RIFF")
    await page.get_by_label("听到的六个数字").fill("000000")
    await page.get_by_role("button", name="获取验证码").click()
    await page.get_by_text("听到的数字不对").first.wait_for()
    await expect(page.get_by_label("手机号")).to_have_value(OTHER_PHONE)
