"""The page on which a person sees, downloads and deletes what is held about them."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from accounts.own_data.service import OwnData, erase, erase_identity, own_data, set_identity
from accounts.people.rules import Principal, Role
from accounts.sessions.web_support import forget_session_cookie, refused_form
from core.audit import Actor
from core.i18n import _
from core.problems import Invalid
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page


@get("/me")
async def me_page(
    request: AnyRequest,
    me: NamedDependency[Principal],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    held = await own_data(me.account_id, runtime.keys, now)
    return page(request, "accounts/own_data/me.html", errors=(), typed={}, **_context(held))


@get("/me/data.json")
async def me_data(
    me: NamedDependency[Principal],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    held = await own_data(me.account_id, runtime.keys, now)
    return Response(
        {
            "name": held.account.name,
            "roles": sorted(held.account.roles),
            "township": held.account.township,
            "phone": held.phone,
            "identity": held.identity,
            "consent_version": held.consent_version,
            "consented_at": held.consented_at,
            "adult_declared_at": held.adult_declared_at,
            "created_at": held.created_at,
            "wechat": held.wechat,
            "sessions": held.sessions,
        },
        headers={"content-disposition": 'attachment; filename="my-data.json"'},
    )


@post("/me/erase", operation_class=takes("sure"), status_code=303)
async def me_erase(
    request: AnyRequest,
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `sure`. Signs out everywhere."""
    typed = await request.form()
    form = FormReader(typed)
    try:
        form.agreed("sure", _("请先确认删除后不能恢复"))
        form.finish()
    except Invalid as problem:
        return await _refused(request, problem, typed, me, runtime, now)
    await erase(me.account_id, actor, now)
    answer = Redirect(runtime.settings.root_path + "/", status_code=303)
    forget_session_cookie(answer, runtime.settings)
    return answer


@post("/me/identity", operation_class=takes("identity", "identity_consent"), status_code=303)
async def me_identity(
    request: AnyRequest,
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `identity`, `identity_consent` (a consent of its own: PIPL article 29)."""
    typed = await request.form()
    form = FormReader(typed)
    try:
        number = form.text("identity", _("身份证号码"), longest=30)
        form.agreed("identity_consent", _("请先单独同意登记身份证号码"))
        form.finish()
        await set_identity(me.account_id, number, runtime.keys, actor, now)
    except Invalid as problem:
        return await _refused(request, problem, typed, me, runtime, now)
    return Redirect(runtime.settings.root_path + "/me", status_code=303)


@post("/me/identity/erase", status_code=303)
async def me_identity_erase(
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    await erase_identity(me.account_id, actor, now)
    return Redirect(runtime.settings.root_path + "/me", status_code=303)


async def _refused(
    request: AnyRequest,
    problem: Invalid,
    typed: Any,
    me: Principal,
    runtime: Runtime,
    now: datetime,
) -> Response[Any]:
    held = await own_data(me.account_id, runtime.keys, now)
    return refused_form(request, "accounts/own_data/me.html", problem, typed, **_context(held))


def _context(held: OwnData) -> dict[str, Any]:
    return {
        "held": held,
        "is_creator": Role.CREATOR in held.account.roles,
        "layout": "base.html" if held.may_erase else "base_staff.html",
    }


handlers = [me_page, me_data, me_erase, me_identity, me_identity_erase]
