import httpx
import pytest

from accounts.rules.people import Role
from tests.support.people import post_form, sign_in_as

NUMBERS = ("0", "-1", "2147483647", "2147483648", "9" * 30, "9" * 5000)


@pytest.mark.parametrize("number", NUMBERS, ids=[n[:12] for n in NUMBERS])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ADMINISTRATOR, "/admin/accounts/{}"),
        (Role.TOWNSHIP_OFFICER, "/township/nominations/{}"),
        (Role.DEPARTMENT_OFFICER, "/department/nominations/{}"),
    ],
)
async def test_number_in_an_address_that_no_row_has_leads_nowhere(
    client: httpx.AsyncClient, role: Role, path: str, number: str
) -> None:
    await sign_in_as(client, role)
    assert (await client.get(path.format(number))).status_code == 404


async def test_number_beyond_any_id_is_no_fault_of_ours_when_posted(
    client: httpx.AsyncClient,
) -> None:
    await sign_in_as(client, Role.ADMINISTRATOR)
    assert (await post_form(client, f"/admin/accounts/{2**40}/unlock")).status_code == 404
