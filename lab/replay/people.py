"""How people sign in: demo links for staff, text messages for voters, one-time links for judges."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lab.replay.browser import Browser

PIN = "135790"


class ReplayError(Exception):
    """The server gave an unexpected answer; the message names the step and the answer."""


@asynccontextmanager
async def demo_person(base_url: str, who: str) -> AsyncIterator[Browser]:
    """A member of the staff, signed in by the link that only a demo server has."""
    async with Browser(base_url) as browser:
        await browser.get(f"/demo/sign-in/{who}")
        yield browser


def address_of(number: int) -> str:
    """A client address for the n-th voter, some 30 voters to a network of 256."""
    network, host = divmod(number, 30)
    return f"10.{network // 250 % 250}.{network % 250}.{host + 1}"


def phone_of(number: int) -> str:
    """The mobile number of the n-th voter, below 10^8."""
    return f"139{number:08d}"


async def sign_in_by_phone(browser: Browser, number: int) -> None:
    """Ask for a code, read the message, enter it: as the n-th voter."""
    phone = phone_of(number)
    asked = await browser.post("/sign-in", {"phone": phone, "consent": "on", "adult": "on"})
    messages = (await browser.get(f"/demo/outbox?phone={phone}")).json()
    await browser.post(asked.headers["location"], {"code": messages[0]["code"]})


async def appoint_judge(administrator: Browser, name: str) -> tuple[int, str]:
    """A new judge's account; answers its id and the one-time link for the tablet."""
    form = {"name": name, "roles": "judge"}
    made = (await administrator.post("/admin/accounts", form)).json()
    return int(made["account_id"]), str(made["link"])


async def enrol_tablet(tablet: Browser, link: str) -> None:
    await tablet.post(link, {"pin": PIN, "again": PIN})
