"""Every link of every page leads somewhere, and every form takes what nobody should send.

Walked over plain HTTP as each role, on the server that the browser tests share. Forms are
sent with bad fields only, so that nothing on that server changes; still, this runs after the
tests that need its contests as they were made.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from demo.people import PEOPLE
from tests.e2e.contests import Site
from tests.support.crawl import Form, crawl, submit

ROLES = [one.who for one in PEOPLE if one.who not in {"organiser2"} and one.who[-1] not in "234567"]
MOST_PAGES = 150
BAD = {"nul": "前\x00后", "long": "名" * 10_000, "control": "\x1b[2J\u202e"}
LEAVES = ("/sign-out", "/elder", "/me/erase", "/me/identity/erase")
"""What would end the walk itself."""


@asynccontextmanager
async def signed_in(site: Site, who: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as http:
        if who:
            await http.get(f"{site.url}/demo/sign-in/{who}")
        yield http


@pytest.mark.parametrize("who", ["", *ROLES])
async def test_every_link_leads_somewhere(site: Site, who: str) -> None:
    home = next((one.home for one in PEOPLE if one.who == who), "/")
    broken, opened = [], 0
    async with signed_in(site, who) as http:
        async for visit in crawl(http, site.url + home, MOST_PAGES):
            opened += 1
            if visit.answer.status_code >= 400:
                broken.append((visit.came_from, visit.address, visit.answer.status_code))
    assert not broken, broken
    assert opened > 2


@pytest.mark.parametrize("who", ["", *ROLES])
async def test_every_form_refuses_bad_fields(site: Site, who: str) -> None:
    """No form crashes, and none takes a nul byte, a name of 10,000 characters or control
    characters; each is told in Chinese."""
    home = next((one.home for one in PEOPLE if one.who == who), "/")
    forms: dict[str, Form] = {}
    async with signed_in(site, who) as http:
        async for visit in crawl(http, site.url + home, MOST_PAGES):
            for form in visit.forms:
                path = form.action.removeprefix(site.url)
                if form.typed and not path.startswith(LEAVES):
                    forms.setdefault(f"{form.method} {path}", form)
        wrong = []
        for name, form in forms.items():
            for kind, value in BAD.items():
                answer = await submit(http, form, dict.fromkeys(form.typed, value))
                taken = form.method.lower() == "post" and answer.status_code < 400
                if answer.status_code >= 500 or taken or not is_chinese(answer.text):
                    wrong.append((name, kind, answer.status_code))
    assert not wrong, wrong


def is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)
