"""The open doors of the demo: not there outside it, and for this machine alone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from app import create_app
from core.clock import SettableClock
from core.settings import Settings, SettingsError
from demo import people as demo
from demo.run import ADDITIONS
from tests.support.lifespan import running
from tests.support.people import csrf_token, post_form, runtime_of

DOORS = [
    ("GET", "/demo/sign-in/administrator"),
    ("GET", "/demo/outbox"),
    ("GET", "/demo/clock"),
    ("POST", "/demo/clock"),
    ("GET", "/demo/style"),
    ("GET", "/demo/style/staff"),
]


@pytest.fixture
async def demo_client(
    settings: Settings, clock: SettableClock, redis: Redis
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the machine that serves the demo."""
    del redis  # emptied
    async with running(create_app(replace(settings, demo=True), clock, ADDITIONS)) as application:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            await demo.seed(runtime_of(http))
            yield http


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_outside_the_demo_there_is_no_door(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    headers = {"x-csrftoken": await csrf_token(client)}
    assert (await client.request(method, path, headers=headers)).status_code == 404


def test_demo_is_served_on_loopback_only(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="loopback"):
        replace(settings, demo=True, host="0.0.0.0")


async def test_every_role_has_its_door_and_its_home_lets_it_in(
    demo_client: httpx.AsyncClient,
) -> None:
    assert {person.role for person in demo.PEOPLE} == set(Role)
    for person in demo.PEOPLE:
        answer = await demo_client.get(f"/demo/sign-in/{person.who}")
        assert (answer.status_code, answer.headers["location"]) == (303, person.home)
        me = (await demo_client.get("/me/data.json")).json()
        assert (me["name"], me["roles"]) == (person.name, [person.role.value])
        home = await demo_client.get(person.home, headers={"accept": "text/html"})
        assert home.status_code == 200, person.who


async def test_seeding_again_adds_nobody(demo_client: httpx.AsyncClient) -> None:
    before = await demo.demo_account("host")
    await demo.seed(runtime_of(demo_client))
    assert await demo.demo_account("host") == before
    assert (await demo_client.get("/demo/sign-in/nobody")).status_code == 404


@pytest.mark.parametrize("peer", ["10.0.0.9", "192.0.2.1"])
async def test_stranger_finds_the_doors_shut_whatever_they_forward(
    demo_client: httpx.AsyncClient, peer: str
) -> None:
    application = demo_client._transport.app  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(app=application, client=(peer, 1))
    headers = {"x-forwarded-for": "127.0.0.1"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as stranger:
        for path in ("/demo/sign-in/administrator", "/demo/outbox"):
            refused = await stranger.get(path, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "demo_only_here")
            assert "sid" not in refused.cookies


async def test_outbox_shows_the_codes_that_were_sent(demo_client: httpx.AsyncClient) -> None:
    form = {"phone": "13900000081", "consent": "1", "adult": "1"}
    assert (await post_form(demo_client, "/sign-in", form)).status_code == 303
    (message,) = (await demo_client.get("/demo/outbox?phone=13900000081")).json()
    assert (message["phone"], len(message["code"])) == ("13900000081", 6)
    page = await demo_client.get("/demo/outbox", headers={"accept": "text/html"})
    assert message["code"] in page.text
