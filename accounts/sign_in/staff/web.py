"""Pages on which appointed people enrol and sign in."""

from datetime import datetime
from typing import Any

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from accounts.sessions.middleware import DEVICE_COOKIE
from accounts.sessions.web_support import (
    cookie,
    end_current_session,
    refused_form,
    session_redirect,
)
from accounts.sign_in.staff.enrolment import Enrolment, enrol_judge, enrol_staff, find_enrolment
from accounts.sign_in.staff.service import sign_in, sign_in_on_tablet, tablet_owner
from core.i18n import _
from core.problems import Invalid, NotAllowed, TooMany
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.network import client_address
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page


def qr_svg(content: str) -> str:
    """An inline SVG that needs no style of its own, so that a strict CSP shows it."""
    return segno.make(content, error="m").svg_inline(scale=5, border=2, omitsize=True)


@get("/staff/sign-in", operation_class=asks("next"), sync_to_thread=False)
def staff_page(request: AnyRequest) -> Response[Any]:
    """Query: `next`."""
    typed = dict(request.query_params)
    return page(request, "accounts/sign_in/staff_sign_in.html", errors=(), typed=typed)


@post("/staff/sign-in", operation_class=takes("login", "password", "code", "next"), status_code=303)
async def staff_sign_in(
    request: AnyRequest, runtime: NamedDependency[Runtime], now: NamedDependency[datetime]
) -> Response[Any]:
    """Form: `login`, `password`, `code`, `next`."""
    typed = await request.form()
    try:
        form = FormReader(typed)
        login = form.text("login", _("登录名"), longest=40).lower()
        password = form.text("password", _("密码"), longest=200)
        code = form.text("code", _("动态码"), longest=10).replace(" ", "")
        form.finish()
        address = client_address(request.scope, runtime.settings)
        signed_in = await sign_in(login, password, code, runtime, client_address=address, now=now)
    except (Invalid, NotAllowed, TooMany) as problem:
        kept = {key: typed.get(key, "") for key in ("login", "next")}
        return refused_form(request, "accounts/sign_in/staff_sign_in.html", problem, kept)
    await end_current_session(request)
    return session_redirect(request, signed_in, typed.get("next") or "/me")


@get("/tablet/sign-in", operation_class=asks("next"))
async def tablet_page(request: AnyRequest) -> Response[Any]:
    """Query: `next`. Shows whose tablet it is, or how to get it registered."""
    owner = await tablet_owner(cookie(request, DEVICE_COOKIE))
    typed = dict(request.query_params)
    return page(
        request, "accounts/sign_in/tablet_sign_in.html", errors=(), typed=typed, owner=owner
    )


@post("/tablet/sign-in", operation_class=takes("pin", "next"), status_code=303)
async def tablet_sign_in(
    request: AnyRequest, runtime: NamedDependency[Runtime], now: NamedDependency[datetime]
) -> Response[Any]:
    """Form: `pin`, `next`; needs the cookie that the tablet got when it was enrolled."""
    typed = await request.form()
    device = cookie(request, DEVICE_COOKIE)
    try:
        form = FormReader(typed)
        pin = form.text("pin", _("PIN 码"), longest=20)
        form.finish()
        address = client_address(request.scope, runtime.settings)
        signed_in = await sign_in_on_tablet(device, pin, runtime, client_address=address, now=now)
    except (Invalid, NotAllowed, TooMany) as problem:
        kept = {"next": typed.get("next", "")}
        owner = await tablet_owner(device)
        return refused_form(
            request, "accounts/sign_in/tablet_sign_in.html", problem, kept, owner=owner
        )
    await end_current_session(request)
    return session_redirect(request, signed_in, typed.get("next") or "/judge")


@get("/enrol/{token:str}")
async def enrol_page(
    request: AnyRequest,
    token: FromPath[str],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Opening the link spends nothing: chat programs open links to preview them."""
    enrolment = await find_enrolment(token, runtime.keys, now)
    return page(
        request,
        "accounts/sign_in/enrol.html",
        errors=(),
        typed={},
        **_enrol_context(enrolment, token),
    )


@post(
    "/enrol/{token:str}", operation_class=takes("pin", "password", "again", "code"), status_code=303
)
async def enrol(
    request: AnyRequest,
    token: FromPath[str],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: judges `pin`, `again`; staff `password`, `again`, `code`. Signs in at once."""
    typed = await request.form()
    enrolment = await find_enrolment(token, runtime.keys, now)
    form = FormReader(typed)
    device = ""
    try:
        if enrolment.for_judge:
            pin = form.text("pin", _("PIN 码"), longest=20)
            again = form.text("again", _("再输一次"), longest=20)
            form.finish()
            signed_in, device = await enrol_judge(token, pin, again, runtime.keys, now)
        else:
            password = form.text("password", _("密码"))
            again = form.text("again", _("再输一次"))
            code = form.text("code", _("动态码"), longest=10).replace(" ", "")
            form.finish()
            signed_in = await enrol_staff(token, password, again, code, runtime.keys, now)
    except Invalid as problem:
        context = _enrol_context(enrolment, token)
        return refused_form(request, "accounts/sign_in/enrol.html", problem, {}, **context)
    await end_current_session(request)
    home = "/judge" if enrolment.for_judge else "/me"
    return session_redirect(request, signed_in, home, device=device)


def _enrol_context(enrolment: Enrolment, token: str) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "token": token,
        "totp_qr": qr_svg(enrolment.totp_uri) if enrolment.totp_uri else "",
    }


handlers = [
    staff_page,
    staff_sign_in,
    tablet_page,
    tablet_sign_in,
    enrol_page,
    enrol,
]
