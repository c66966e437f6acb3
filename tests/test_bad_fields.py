"""A nul byte and a name of 10,000 characters in every field of every form, for every role.

Walked by the links of the site in this process, over contests in every phase. Each field is
spoilt alone while the others hold something: the answer is a refusal in Chinese, and a page
that shows the form again still holds what was typed beside the spoilt field.
"""

import re
from html import unescape

import httpx
import pytest

from accounts.rules.people import Role
from contest.rules.contest import Contest
from core.clock import SettableClock
from scoring import panel
from tests.e2e.contests import make_contests
from tests.support.crawl import Form, crawl, submit
from tests.support.people import runtime_of, sign_in_account, sign_in_as

BAD = {"nul": "前\x00后", "long": "名" * 10_000}
HOMES = {
    None: ("/", "/sign-in", "/staff/sign-in", "/receipts", "/c/noticed/objections"),
    Role.VOTER: ("/me", "/c/single"),
    Role.CREATOR: ("/me",),
    Role.TOWNSHIP_OFFICER: ("/township",),
    Role.DEPARTMENT_OFFICER: ("/department", "/organiser/c/tallying/result"),
    Role.ORGANISER: (
        "/organiser",
        "/organiser/contests/new",
        "/organiser/calendar",
        *(
            f"/organiser/c/{slug}{part}"
            for slug, parts in {
                "draft": ("", "/rulebook"),
                "nominating": ("", "/entrants"),
                "reviewing": ("", "/panel"),
                "judging": ("", "/panel", "/voids", "/cases", "/entrants/1"),
                "noticed": ("", "/notices", "/result"),
                "several": ("/figures", "/voids"),
            }.items()
            for part in parts
        ),
    ),
    Role.HOST: ("/host", "/host/judging", "/host/judging/show"),
    Role.JUDGE: ("/judge", "/judge/judging", "/judge/judging/sheet", "/judge/judging/sign"),
    Role.AUDITOR: ("/audit",),
    Role.ADMINISTRATOR: ("/admin/accounts", "/admin/accounts/new"),
    Role.FINANCE: ("/me",),
}
LEAVES = ("/sign-out", "/elder", "/me/erase")
"""What would end the walk itself."""
MOST_PAGES = 12
GOOD = "所填内容甲乙丙"


@pytest.fixture(scope="module")
def shared() -> dict[str, dict[str, Contest]]:
    """The contests, once the first test of the module has made them."""
    return {}


async def forms_of(client: httpx.AsyncClient, homes: tuple[str, ...]) -> dict[str, Form]:
    """Every form with a field to type into, once for each address without its numbers."""
    found: dict[str, Form] = {}
    for home in homes:
        async for visit in crawl(client, f"{client.base_url}".rstrip("/") + home, MOST_PAGES):
            for form in visit.forms:
                path = httpx.URL(form.action).path
                if form.typed and form.method.lower() == "post" and not path.startswith(LEAVES):
                    found.setdefault(re.sub(r"\d+|/c/[\w-]+", "*", path), form)
    return found


@pytest.mark.parametrize("role", HOMES, ids=str)
async def test_every_field_alone_is_refused_and_the_others_are_kept(
    client: httpx.AsyncClient,
    clock: SettableClock,
    shared: dict[str, dict[str, Contest]],
    role: Role | None,
) -> None:
    if not shared:
        shared["contests"] = await make_contests(runtime_of(client), clock.now())
    if role is Role.JUDGE:
        seated = await panel.panel(shared["contests"]["judging"].id)
        await sign_in_account(client, seated[0].seat.account_id)
    elif role is not None:
        await sign_in_as(client, role, township="同江镇")
    wrong = []
    for name, form in (await forms_of(client, HOMES[role])).items():
        for field in form.typed:
            for kind, value in BAD.items():
                others = {one: form.fields[one] or GOOD for one in form.typed if one != field}
                answer = await submit(client, form, {**others, field: value})
                told = what_is_wrong(answer, {k: v for k, v in others.items() if v == GOOD})
                if told:
                    wrong.append((name, field, kind, told))
    assert not wrong, "\n".join(map(str, wrong))


def what_is_wrong(answer: httpx.Response, typed: dict[str, str]) -> str:
    if not 400 <= answer.status_code < 500:
        return f"answered {answer.status_code}"
    if not re.search("[一-鿿]", answer.text):
        return "not in Chinese"
    if answer.status_code in (409, 422) and unescape(answer.text).count(GOOD) < len(typed):
        return f"lost {sorted(typed)}"
    return ""
