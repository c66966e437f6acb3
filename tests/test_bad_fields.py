"""A nul byte and a name of 10,000 characters in every field of every form, for every role.

Walked by the links of the site in this process, over contests in every phase. Each field is
spoilt alone while the others hold something: the answer is a refusal in Chinese, and a page
that shows the form again still holds what was typed beside the spoilt field.
"""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from accounts.people.rules import Role
from contest.editions.rules.contest import Contest
from contest.nominations import service as nominations
from core.audit import SYSTEM
from core.clock import SettableClock
from scoring.judging.panel import service as panel
from tests.contest.nominations.test_web_review import CANDIDATE
from tests.e2e.contests import make_contests
from tests.support.crawl import Form, crawl, submit
from tests.support.people import runtime_of, sign_in_account, sign_in_as

BAD = {"nul": "前\x00后", "long": "名" * 10_000}
HOMES = {
    None: ("/", "/sign-in", "/staff/sign-in", "/receipts", "/c/noticed/objections"),
    Role.VOTER: ("/me", "/c/single"),
    Role.CREATOR: ("/me",),
    Role.TOWNSHIP_OFFICER: ("/township", "/township/nominations/1", "/township/nominations/2"),
    Role.DEPARTMENT_OFFICER: (
        "/department",
        "/department/nominations/2",
        "/organiser/c/tallying/result",
    ),
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
    Role.FINANCE: ("/me", "/fund", "/fund/lines/new"),
}
LEAVES = ("/sign-out", "/elder", "/me/erase")
"""What would end the walk itself."""
MET: dict[Role | None, set[str]] = {
    None: {"/sign-in", "/staff/sign-in", "/c/*/objections"},
    Role.CREATOR: {"/me/identity"},
    Role.TOWNSHIP_OFFICER: {"/township/nominations/*", "/township/nominations/*/withdraw"},
    Role.DEPARTMENT_OFFICER: {"/department/nominations/*/decision"},
    Role.ORGANISER: {
        "/organiser/calendar",
        "/organiser/contests",
        "/organiser/c/*/approval",
        "/organiser/c/*/entrants/codes",
        "/organiser/c/*/entrants/import",
        "/organiser/c/*/figures",
        "/organiser/c/*/nomination-deadline",
        "/organiser/c/*/notices",
        "/organiser/c/*/rulebook",
        "/organiser/c/*/voids",
    },
    Role.HOST: {"/host/*/open", "/host/*/order"},
    Role.JUDGE: {"/judge/judging/corrections"},
    Role.ADMINISTRATOR: {"/admin/accounts", "/admin/accounts/*/roles"},
    Role.FINANCE: {"/fund/lines"},
}
"""Forms that the walk must have met, so that it cannot pass by meeting none."""
SECRETS = {"code", "password", "pin", "again"}
"""What no page shows again."""
MOST_PAGES = 12
GOOD = "所填内容甲乙丙"


@pytest.fixture(scope="module")
def shared() -> dict[str, dict[str, Contest]]:
    """The contests, once the first test of the module has made them."""
    return {}


async def visitor(
    client: httpx.AsyncClient, clock: SettableClock, shared: dict[str, Any], role: Role | None
) -> None:
    """Somebody of this role on `client`, before contests and nominations of every state."""
    runtime, now = runtime_of(client), clock.now()
    if not shared:
        contests = shared["contests"] = await make_contests(runtime, now)
        for candidate in (None, CANDIDATE):
            number = await nominations.begin(contests["nominating"], "同江镇", SYSTEM, now)
            if candidate:
                await nominations.submit(number, "同江镇", candidate, runtime.keys, SYSTEM, now)
    if role is Role.JUDGE:
        seated = await panel.panel(shared["contests"]["judging"].id)
        await sign_in_account(client, seated[0].seat.account_id)
    elif role is not None:
        await sign_in_as(client, role, township="同江镇")


async def forms_of(client: httpx.AsyncClient, homes: tuple[str, ...]) -> dict[str, Form]:
    """Every form with a field to type into, once for each address without its numbers."""
    found: dict[str, Form] = {}
    for home in homes:
        async for visit in crawl(client, f"{client.base_url}".rstrip("/") + home, MOST_PAGES):
            for form in visit.forms:
                path = httpx.URL(form.action).path
                if form.typed and form.method.lower() == "post" and not path.startswith(LEAVES):
                    found.setdefault(
                        re.sub(r"\d+|(?<=/c/)[\w-]+|(?<=^/host/)[\w-]+", "*", path), form
                    )
    return found


@pytest.mark.parametrize("role", HOMES, ids=str)
async def test_every_field_alone_is_refused_and_the_others_are_kept(
    client: httpx.AsyncClient,
    clock: SettableClock,
    shared: dict[str, dict[str, Contest]],
    role: Role | None,
) -> None:
    await visitor(client, clock, shared, role)
    wrong = []
    forms = await forms_of(client, HOMES[role])
    assert forms.keys() >= MET.get(role, set())
    for name, form in forms.items():
        for field in form.typed:
            for kind, value in BAD.items():
                others = {one: form.fields[one] or GOOD for one in form.typed if one != field}
                answer = await submit(client, form, {**others, field: value})
                told = what_is_wrong(
                    answer, [one for one in others if others[one] == GOOD and one not in SECRETS]
                )
                if told:
                    wrong.append((name, field, kind, told))
    assert not wrong, "\n".join(map(str, wrong))


def what_is_wrong(answer: httpx.Response, typed: list[str]) -> str:
    if not 400 <= answer.status_code < 500:
        return f"answered {answer.status_code}"
    if not re.search("[一-鿿]", answer.text):
        return "not in Chinese"
    if answer.status_code in (409, 422) and unescape(answer.text).count(GOOD) < len(typed):
        return f"lost some of {typed}"
    return ""


@pytest.mark.parametrize("role", HOMES, ids=str)
async def test_document_knows_every_field_of_every_form(
    client: httpx.AsyncClient,
    clock: SettableClock,
    shared: dict[str, dict[str, Contest]],
    role: Role | None,
) -> None:
    await visitor(client, clock, shared, role)
    paths = (await client.get("/schema/openapi.json")).json()["paths"]
    unknown = []
    for form in (await forms_of(client, HOMES[role])).values():
        (content, *_rest) = described(paths, httpx.URL(form.action).path)["content"].values()
        schema = content["schema"]
        sent = {*form.fields, *form.files} - {"_csrf_token", ""} - schema["properties"].keys()
        if "additionalProperties" not in schema and sent:
            unknown.append((form.action, sorted(sent)))
    assert not unknown, unknown


def described(paths: dict[str, Any], address: str) -> dict[str, Any]:
    """What the document says of the body of a POST to this address."""
    for path in paths:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if "post" in paths[path] and re.fullmatch(pattern, address):
            return paths[path]["post"]["requestBody"]  # type: ignore[no-any-return]
    raise AssertionError(f"the document has no {address}")
