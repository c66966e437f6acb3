import httpx
import pytest

from accounts.rules.people import Role
from tests.support.people import post_form, sign_in_as

NUMBER = "11010519491231002X"
FULL_WIDTH = NUMBER.translate({ord(str(n)): 0xFF10 + n for n in range(10)})


async def register(client: httpx.AsyncClient, number: str) -> httpx.Response:
    await sign_in_as(client, Role.CREATOR)
    form = {"identity": number, "identity_consent": "1"}
    return await post_form(client, "/me/identity", form)


async def test_one_number_is_one_account_however_it_is_typed(client: httpx.AsyncClient) -> None:
    assert (await register(client, FULL_WIDTH)).status_code == 303
    assert (await client.get("/me/data.json")).json()["identity"] == "110105********002X"
    for again in (NUMBER, NUMBER.lower(), f" {NUMBER[:6]} {NUMBER[6:]}"):
        refused = await register(client, again)
        assert (refused.status_code, refused.json()["code"]) == (422, "identity_refused")


@pytest.mark.parametrize("number", ["11010519491231002\0", NUMBER[:-1] + "1", "1" * 10_000, ""])
async def test_number_that_is_none_is_refused(client: httpx.AsyncClient, number: str) -> None:
    assert (await register(client, number)).json()["errors"][0]["field"] == "identity"
