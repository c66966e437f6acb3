import httpx

from accounts.rules.people import Role
from tests.support.people import post_form, sign_in_as


async def test_disabled_person_is_enabled_before_enrolling_anew(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ADMINISTRATOR)
    form = {"name": "新人", "roles": "organiser", "login": "new.person"}
    account_id = (await post_form(client, "/admin/accounts", form)).json()["account_id"]
    page = f"/admin/accounts/{account_id}"
    assert (await post_form(client, f"{page}/disabled", {"disabled": "1"})).status_code == 303
    refused = await post_form(client, f"{page}/enrolment")
    assert (refused.status_code, refused.json()["code"]) == (409, "account_disabled")
    await post_form(client, f"{page}/disabled", {"disabled": "0"})
    assert (await post_form(client, f"{page}/enrolment")).status_code == 201
