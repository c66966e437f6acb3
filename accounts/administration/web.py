"""The administrator's pages: accounts, their roles, and how they sign in."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.administration import service as administration
from accounts.administration.service import NewPerson, appoint, find_accounts
from accounts.people.directory import get_account
from accounts.people.rules import PUBLIC_ROLES, Role
from accounts.sessions.web_support import refused_form
from accounts.sign_in.staff.web import qr_svg
from core.audit import Actor, entries_about
from core.i18n import _
from core.problems import Invalid
from core.runtime import Runtime
from core.web.forms import FormReader, page_number
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page, wants_page

PAGE_SIZE = 50
APPOINTED = [role for role in Role if role not in PUBLIC_ROLES]


@get("/admin/accounts", operation_class=asks("name", "role", "page"))
async def accounts_page(request: AnyRequest) -> Response[Any]:
    """Query: `name`, `role`, `page`."""
    typed = dict(request.query_params)
    role = typed.get("role", "")
    number = page_number(typed.get("page"))
    found, total = await find_accounts(
        name=str(typed.get("name", ""))[:80].replace("\0", ""),
        role=Role(role) if role in set(Role) else None,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return page(
        request,
        "accounts/administration/accounts.html",
        found=found,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE_SIZE)),
        roles=[(role.value, role.label) for role in Role],
        typed=typed,
    )


@get("/admin/accounts/new", sync_to_thread=False)
def new_account_page(request: AnyRequest) -> Response[Any]:
    return page(
        request, "accounts/administration/new_account.html", errors=(), typed={}, **_choices([])
    )


@post(
    "/admin/accounts",
    operation_class=takes("name", "login", "township", "contest_id", repeated=("roles",)),
    status_code=201,
)
async def create(
    request: AnyRequest,
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `name`, `roles` (repeated), `login` (not for judges), `township`, `contest_id`.

    Answers with the one-time link, which is shown this once: JSON {"account_id", "link"}
    or a page with its QR code.
    """
    typed = await request.form()
    wanted = [str(value) for value in typed.getall("roles", [])]
    try:
        person = _read_person(FormReader(typed), wanted)
        account_id, link = await appoint(person, actor, now)
    except Invalid as problem:
        name = "accounts/administration/new_account.html"
        return refused_form(request, name, problem, typed, **_choices(wanted))
    return await _show_link(request, runtime, account_id, link, status=201)


@get("/admin/accounts/{account_id:int}")
async def account_page(
    request: AnyRequest, account_id: FromPath[int], now: NamedDependency[datetime]
) -> Response[Any]:
    return page(
        request,
        "accounts/administration/account.html",
        errors=(),
        **await _account_context(account_id, now),
    )


@post(
    "/admin/accounts/{account_id:int}/roles",
    operation_class=takes("township", repeated=("roles",)),
    status_code=303,
)
async def change_roles(
    request: AnyRequest,
    account_id: FromPath[int],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `roles` (repeated), `township` (of township officers)."""
    typed = await request.form()
    wanted = [str(value) for value in typed.getall("roles", [])]
    form = FormReader(typed)
    try:
        roles = _read_roles(form, wanted)
        township = form.text("township", _("乡镇"), required=False, longest=40)
        form.finish()
        await administration.change_roles(account_id, roles, township, actor, now)
    except Invalid as problem:
        told = str(typed.get("township", ""))
        context = {**await _account_context(account_id, now), "chosen": wanted, "township": told}
        return refused_form(
            request, "accounts/administration/account.html", problem, typed, **context
        )
    return _back(runtime, account_id)


@post(
    "/admin/accounts/{account_id:int}/disabled", operation_class=takes("disabled"), status_code=303
)
async def set_disabled(
    request: AnyRequest,
    account_id: FromPath[int],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `disabled`, "1" to disable, "0" to enable again."""
    disabled = FormReader(await request.form()).flag("disabled")
    await administration.set_disabled(account_id, disabled, actor, now)
    return _back(runtime, account_id)


@post("/admin/accounts/{account_id:int}/unlock", status_code=303)
async def unlock(
    account_id: FromPath[int],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    await administration.unlock(account_id, actor, now)
    return _back(runtime, account_id)


@post("/admin/accounts/{account_id:int}/enrolment", status_code=201)
async def new_enrolment(
    request: AnyRequest,
    account_id: FromPath[int],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """What the person signed in with stops working; answers with a new link, as creation."""
    link = await administration.reset(account_id, actor, now)
    return await _show_link(request, runtime, account_id, link, status=201)


async def _show_link(
    request: AnyRequest, runtime: Runtime, account_id: int, link: str, *, status: int
) -> Response[Any]:
    address = runtime.settings.base_url + link
    if not wants_page(request):
        return Response({"account_id": account_id, "link": link}, status_code=status)
    account = await get_account(account_id)
    return page(
        request,
        "accounts/sign_in/enrolment_link.html",
        status=status,
        account=account,
        address=address,
        qr=qr_svg(address),
    )


async def _account_context(account_id: int, now: datetime) -> dict[str, Any]:
    account = await get_account(account_id)
    login, locked_until, enrolled = await administration.sign_in_state(account_id)
    return {
        "account": account,
        "login": login,
        "township": account.township,
        "locked_until": locked_until if locked_until and now < locked_until else None,
        "enrolled": enrolled,
        "history": await entries_about("account", account_id, 50),
        "appointed": not account.roles & PUBLIC_ROLES,
        **_choices(sorted(account.roles)),
    }


def _choices(chosen: list[str]) -> dict[str, Any]:
    return {"roles": APPOINTED, "chosen": chosen}


def _read_roles(form: FormReader, wanted: list[str]) -> frozenset[Role]:
    if unknown := set(wanted) - set(Role):
        form.fail(
            "roles", _("没有这种角色：%(names)s") % {"names": "、".join(sorted(unknown))[:80]}
        )
    return frozenset(role for role in Role if role in wanted)


def _read_person(form: FormReader, wanted: list[str]) -> NewPerson:
    name = form.text("name", _("姓名"), longest=80)
    roles = _read_roles(form, wanted)
    login = form.text("login", _("登录名"), required=False, longest=40).lower()
    township = form.text("township", _("乡镇"), required=False, longest=40)
    contest_id = form.integer(
        "contest_id", _("评选编号"), least=0, most=2_147_483_647, required=False
    )
    form.finish()
    return NewPerson(name, roles, login, township, contest_id or None)


def _back(runtime: Runtime, account_id: int) -> Response[Any]:
    return Redirect(f"{runtime.settings.root_path}/admin/accounts/{account_id}", status_code=303)


handlers = [
    accounts_page,
    new_account_page,
    create,
    account_page,
    change_roles,
    set_disabled,
    unlock,
    new_enrolment,
]
