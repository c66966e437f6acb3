"""The whole site under a sub-path, behind a city portal's reverse proxy."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from demo.contests import SLUG
from tests.support.eventually import eventually
from tests.support.proxy import Proxy, proxying
from tests.support.server import free_port, serving

PREFIX = "/tongjiang/shibaiqian"
CLIENT = "203.0.113.7"
LINK = re.compile(r'(?:href|src|action)="([^"#]*)')


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's contests are made at the first start; the second finds them."""
    return tmp_path_factory.mktemp("sub-path")


@pytest.fixture(scope="module", params=[True, False], ids=["prefix taken off", "prefix left on"])
def portal(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """The address of the site at the portal, whichever way the portal treats the prefix."""
    server_port, portal_port = free_port(), free_port()
    proxy = Proxy(
        upstream=f"http://127.0.0.1:{server_port}",
        prefix=PREFIX,
        strips=request.param,
        client_address=CLIENT,
        port=portal_port,
    )
    url = f"http://127.0.0.1:{portal_port}{PREFIX}"
    with (
        serving(
            data_dir,
            port=server_port,
            ROOT_PATH=PREFIX,
            PUBLIC_URL=url,
            TRUSTED_PROXIES="127.0.0.1",
        ),
        proxying(proxy),
    ):
        yield url


def links(page: httpx.Response) -> set[str]:
    """The addresses on this host that a page names."""
    named = {urljoin(str(page.url), unescape(link)) for link in LINK.findall(page.text)}
    return {link for link in named if urlsplit(link).netloc == page.url.netloc.decode()}


def test_links_of_a_page_stay_under_the_prefix_and_its_files_answer(portal: str) -> None:
    page = httpx.get(f"{portal}/nothing-here", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert {link for link in links(page) if not link.startswith(f"{portal}/")} == set()
    files = {link for link in links(page) if re.search(r"/static/", link)}
    assert len(files) > 1
    assert {httpx.get(file).status_code for file in files} == {200}


def test_nothing_outside_the_prefix_is_ours(portal: str) -> None:
    assert httpx.get(f"{portal.removesuffix(PREFIX)}/healthz").status_code == 404
    assert httpx.get(f"{portal}/healthz").json() == {"status": "ok"}


def test_form_sent_from_another_site_is_refused(portal: str) -> None:
    answer = httpx.post(f"{portal}/demo/clock", headers={"origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


def test_form_of_this_site_is_not_taken_for_another_sites(portal: str) -> None:
    answer = httpx.post(f"{portal}/demo/clock", headers={"origin": portal.removesuffix(PREFIX)})
    assert answer.json().get("code") != "foreign_origin"


async def test_board_and_its_socket_answer_under_the_prefix(portal: str) -> None:

    def published() -> httpx.Response | None:
        """The board, which the ticker publishes within a second or two."""
        answer = httpx.get(f"{portal}/c/{SLUG}/board.json")
        return None if answer.status_code == 404 else answer

    board = await eventually(published, "the first board")
    assert board is not None
    again = httpx.get(
        f"{portal}/c/{SLUG}/board.json", headers={"if-none-match": board.headers["etag"]}
    )
    assert (board.json()["slug"], again.status_code) == (SLUG, 304)
    for answer in (board, again):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "public, no-cache"
    address = f"ws{portal.removeprefix('http')}/c/{SLUG}/board/ws"
    async with connect(address, proxy=None, origin=Origin(portal.removesuffix(PREFIX))) as socket:
        assert json.loads(await socket.recv())["slug"] == SLUG
    with pytest.raises(InvalidStatus):
        await connect(address, proxy=None, origin=Origin("https://elsewhere.example"))
