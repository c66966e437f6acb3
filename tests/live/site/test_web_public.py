"""Home, elder mode, personal data."""

import httpx
import pytest

from contest.editions.rules.contest import Phase
from tests.live.conftest import Hall, HallMaker
from tests.support.people import post_form


async def test_home_groups_contests_and_leaves_drafts_out(
    client: httpx.AsyncClient, make_hall: HallMaker
) -> None:
    halls = [await make_hall("live") for _n in range(4)]
    for hall, phase in zip(
        halls, (Phase.DRAFT, Phase.VOTING, Phase.PUBLIC_NOTICE, Phase.FINAL), strict=True
    ):
        await hall.set_phase(phase)
    text = (await client.get("/")).text
    places = [text.find(f'href="/c/{hall.slug}"') for hall in halls]
    assert places[0] == -1
    assert 0 < places[1] < text.index("结果公示</h2>") < places[2] < text.index("已经结束")
    assert places[3] > text.index("已经结束")


async def test_personal_data_are_explained(client: httpx.AsyncClient) -> None:
    page = await client.get("/privacy")
    assert (page.status_code, "公开账本里只有一串与手机号无关的代号" in page.text) == (200, True)


async def test_elder_mode_is_a_cookie_and_leads_back(client: httpx.AsyncClient, hall: Hall) -> None:
    back = await post_form(client, "/elder", {"elder": "1", "next": f"/c/{hall.slug}?q=1"})
    assert (back.status_code, back.headers["location"]) == (303, f"/c/{hall.slug}?q=1")
    assert '<html lang="zh-CN" class="elder">' in (await client.get("/")).text
    await post_form(client, "/elder", {"elder": "0", "next": "/"})
    assert '<html lang="zh-CN">' in (await client.get("/")).text


@pytest.mark.parametrize("wanted", ["https://elsewhere.example", "//elsewhere.example", ""])
async def test_elder_mode_leads_nowhere_else(client: httpx.AsyncClient, wanted: str) -> None:
    back = await post_form(client, "/elder", {"elder": "1", "next": wanted})
    assert back.headers["location"] == "/"


async def test_elder_mode_cannot_be_set_from_another_site(client: httpx.AsyncClient) -> None:
    answer = await client.post("/elder", data={"elder": "1"})
    assert answer.status_code == 403
