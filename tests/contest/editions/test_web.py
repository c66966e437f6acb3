"""The organiser's pages: from an empty list to a contest in its last phase."""

import httpx

from accounts.people.rules import Role
from contest.editions import service
from tests.support.contests import RULES
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def test_contest_is_created_from_a_shipped_rulebook(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    assert (await client.get("/organiser", headers=HTML)).status_code == 200
    page = await client.get("/organiser/contests/new", headers=HTML)
    assert "2026 年度十佳同江代言人评选" in page.text
    answer = await post_form(
        client, "/organiser/contests", {"slug": "picked", "rulebook_pick": "top_ten_2026"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/organiser/c/picked")
    assert (await service.get_contest("picked")).rulebook.source == RULES
    assert (await client.get("/organiser/c/picked", headers=HTML)).status_code == 200
    assert (await client.get("/organiser", headers=HTML)).status_code == 200


async def test_pasted_rulebook_with_errors_comes_back_as_typed(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    typed = {"slug": "No!", "edition": "第三届", "rulebook_text": 'format = 1\ntitle = "我写的"\n'}
    answer = await post_form(client, "/organiser/contests", typed, headers=HTML)
    assert answer.status_code == 422
    for kept in ("No!", "第三届", "我写的", "网址名只能用小写字母"):
        assert kept in answer.text
    as_program = await post_form(client, "/organiser/contests", typed)
    fields = {error["field"] for error in as_program.json()["errors"]}
    assert (as_program.status_code, fields) == (422, {"slug", "rulebook_text"})


async def test_uploaded_rulebook_file_is_taken(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    answer = await post_form(
        client,
        "/organiser/contests",
        {"slug": "uploaded"},
        files={"rulebook_file": ("r.toml", RULES.encode())},
    )
    assert answer.status_code == 303
    answer = await post_form(
        client,
        "/organiser/contests",
        {"slug": "binary"},
        files={"rulebook_file": ("r.toml", b"\xff\xfe\x00")},
    )
    assert [error["field"] for error in answer.json()["errors"]] == ["rulebook_file"]
