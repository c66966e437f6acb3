"""Contest pages over HTTP: what a shared link, a program and a bad address are answered."""

import re
from html import unescape

import httpx
import pytest

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from core.audit import SYSTEM
from live.boards import service
from tests.live.conftest import Hall
from tests.support.people import sign_in_as

META = re.compile(r'<meta property="og:([a-z:]+)" content="([^"]*)">')


def shared(page: httpx.Response) -> dict[str, str]:
    assert page.status_code == 200
    return {name: unescape(content) for name, content in META.findall(page.text)}


async def test_shared_link_names_the_contest_and_a_picture_that_opens(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    tags = shared(await client.get(f"/c/{hall.slug}"))
    assert (tags["title"], tags["type"]) == ("测试评选", "website")
    assert tags["description"] == "每人每天 10 票"
    assert tags["url"] == f"http://127.0.0.1:8000/c/{hall.slug}"
    picture = await client.get(tags["image"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert "max-age=300" in picture.headers["cache-control"]


async def test_shared_candidate_names_themselves(client: httpx.AsyncClient, hall: Hall) -> None:
    tags = shared(await client.get(f"/c/{hall.slug}/entrants/002"))
    assert tags["title"] == "002 号 候选人2 · 测试评选"
    assert tags["image"].endswith(f"/c/{hall.slug}/entrants/002/card.png")
    assert (await client.get(tags["image"])).status_code == 200


async def test_rulebook_is_given_byte_for_byte(client: httpx.AsyncClient, hall: Hall) -> None:
    file = await client.get(f"/c/{hall.slug}/rulebook.toml")
    assert file.content.decode() == hall.poll.contest.rulebook.source
    assert file.headers["content-disposition"] == f'attachment; filename="{hall.slug}.toml"'
    page = await client.get(f"/c/{hall.slug}/rules")
    assert hall.poll.contest.rulebook.digest in page.text


async def test_struck_votes_are_told_beside_those_that_count(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    """Valid, under review and void apart, so that no count jumps unexplained."""
    reasons = f"/c/{hall.slug}/ledger#voids"
    await hall.votes(c001=9, c002=5)
    await hall.tick()
    for path in ("", "/ranking", "/entrants/001"):
        assert reasons not in (await client.get(f"/c/{hall.slug}{path}")).text
    await hall.votes(void=4, c001=9)
    await hall.tick()
    for path in ("", "/ranking", "/entrants/001"):
        page = (await client.get(f"/c/{hall.slug}{path}")).text
        assert re.search(r"已作废\D{0,60}4|4\D{0,40}已作废", page)
        assert reasons in page


async def test_who_signed_in_as_another_is_led_to_vote_as_a_voter(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await sign_in_as(client, Role.CREATOR)
    page = (await client.get(f"/c/{hall.slug}/ballot?entry=001")).text
    assert ("不是投票人身份" in page, "确认投票" in page) == (True, False)
    assert "今日还可投" not in (await client.get(f"/c/{hall.slug}")).text


async def test_ballot_page_foresees_a_refusal_and_offers_no_button(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    fine = await client.get(f"/c/{hall.slug}/ballot?entry=001")
    assert "登录后投票" in fine.text
    await hall.poll.withdraw("001")
    for query, words in (
        ("entry=001", "001 号已经退出评选"),
        ("entry=999", "没有这个编号的候选人：999"),
        ("entry=002&entry=003", "每张选票须选 1 位，现在选了 2 位"),
        ("", "每张选票须选 1 位，现在选了 0 位"),
    ):
        page = await client.get(f"/c/{hall.slug}/ballot?{query}")
        assert page.status_code == 200
        assert words in page.text
        assert "登录后投票" not in page.text


@pytest.mark.parametrize("query", ["'\"><script>", "%00", "９９９", "x" * 500, "候选人"])
async def test_any_search_is_answered_and_never_run(
    client: httpx.AsyncClient, hall: Hall, query: str
) -> None:
    page = await client.get(f"/c/{hall.slug}", params={"q": query})
    assert page.status_code == 200
    assert "<script>" not in page.text


@pytest.mark.parametrize("place", ["", "/ranking", "/rules", "/ballot", "/poster", "/card.png"])
async def test_draft_has_no_public_page(client: httpx.AsyncClient, hall: Hall, place: str) -> None:
    await hall.set_phase(Phase.DRAFT)
    assert (await client.get(f"/c/{hall.slug}{place}")).status_code == 404


async def test_poster_carries_the_address_it_leads_to(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    page = await client.get(f"/c/{hall.slug}/poster?entry=003")
    assert f"http://127.0.0.1:8000/c/{hall.slug}/entrants/003" in page.text
    assert "<svg" in page.text
    assert (await client.get(f"/c/{hall.slug}/poster?entry=999")).status_code == 404


async def test_frozen_counts_stay_on_the_contests_pages(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await hall.votes(c001=4711)
    await hall.tick()
    await service.freeze(hall.poll.contest, SYSTEM, hall.clock.now())
    await hall.votes(c001=9999)
    await hall.tick()
    for place in ("", "/ranking", "/entrants/001"):
        page = await client.get(f"/c/{hall.slug}{place}")
        assert ("4,711" in page.text, "9,999" in page.text) == (True, False), place
