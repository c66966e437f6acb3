"""The page of holiday arrangements."""

import httpx

from accounts.people.rules import Role
from tests.support.people import post_form, sign_in_as

HTML = {"accept": "text/html"}


async def test_holidays_are_entered_with_all_slips_named(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ORGANISER)
    typed = {"year": "2027", "days_off": "2027-02-08, 2027-02-06 二月", "makeup_days": "2027-02-09"}
    answer = await post_form(client, "/organiser/calendar", typed)
    assert [error["field"] for error in answer.json()["errors"]] == ["days_off"]
    typed["days_off"] = "2027-02-08, 2027-02-06"
    answer = await post_form(client, "/organiser/calendar", typed, headers=HTML)
    assert answer.status_code == 422
    assert "2027-02-06 是周末，不必列出" in answer.text
    assert "2027-02-09 不是周末，无须补班" in answer.text
    typed = {"year": "2027", "days_off": "2027-02-08", "makeup_days": "2027-02-07"}
    answer = await post_form(client, "/organiser/calendar", typed)
    assert answer.status_code == 303
    assert "已录入" in (await client.get("/organiser/calendar", headers=HTML)).text
