"""Pages on which voters and creators sign in, and everybody signs out."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.people.rules import Principal
from accounts.sessions import service as sessions
from accounts.sessions.web_support import (
    end_current_session,
    forget_session_cookie,
    refused_form,
    safe_next,
    session_redirect,
)
from accounts.sign_in.sms.rules import CodeOutcome, code_in
from accounts.sign_in.sms.senders import Sender
from accounts.sign_in.sms.service import CodeRequest, enter_code, masked_recipient, request_code
from accounts.sign_in.wechat.service import tie
from accounts.sign_in.wechat.web import forget_pending, pending_in, sign_in_context
from core.i18n import _
from core.limits.challenge import ChallengeNeeded, attempt_in
from core.limits.challenge_audio import can_speak
from core.problems import Invalid, NotFound, TooMany, Unavailable
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.network import client_address
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page

_DEAD = frozenset({CodeOutcome.EXPIRED, CodeOutcome.USED, CodeOutcome.EXHAUSTED})
"""After these only another code helps."""


@get("/sign-in", operation_class=asks("as", "next"), sync_to_thread=False)
def sign_in_page(
    request: AnyRequest, runtime: NamedDependency[Runtime], now: NamedDependency[datetime]
) -> Response[Any]:
    """Query: `next`, a path to go to afterwards; `as=creator` to sign in as a creator."""
    return page(
        request,
        "accounts/sign_in/sign_in.html",
        errors=(),
        typed=dict(request.query_params),
        **sign_in_context(request, runtime, now),
    )


@post(
    "/sign-in",
    operation_class=takes(
        "phone", "consent", "adult", "as", "next", "altcha", "digits_token", "digits"
    ),
    status_code=303,
)
async def send_code(
    request: AnyRequest,
    sender: NamedDependency[Sender],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `phone`, `consent`, `adult` (voters), `as`, `next`. Leads to the code's page."""
    typed = await request.form()
    shown = sign_in_context(request, runtime, now)
    try:
        wanted = _read_code_request(FormReader(typed))
        address = client_address(request.scope, runtime.settings)
        public_id = await request_code(
            wanted,
            sender,
            runtime,
            client_address=address,
            now=now,
            attempt=attempt_in(typed),
        )
    except ChallengeNeeded as needed:
        shown |= {"challenge": needed.challenge, "speaks": can_speak()}
        return refused_form(request, "accounts/sign_in/sign_in.html", needed, typed, **shown)
    except (Invalid, TooMany, Unavailable) as problem:
        return refused_form(request, "accounts/sign_in/sign_in.html", problem, typed, **shown)
    query = urlencode({"next": safe_next(typed.get("next"))})
    target = f"{runtime.settings.root_path}/sign-in/code/{public_id}?{query}"
    return Redirect(target, status_code=303)


@get("/sign-in/code/{public_id:str}", operation_class=asks("next"))
async def code_page(
    request: AnyRequest, public_id: FromPath[str], runtime: NamedDependency[Runtime]
) -> Response[Any]:
    typed = dict(request.query_params)
    try:
        recipient = await masked_recipient(public_id, runtime.keys)
    except NotFound as problem:
        return refused_form(request, "accounts/sign_in/code.html", problem, typed, dead=True)
    return page(
        request,
        "accounts/sign_in/code.html",
        errors=(),
        typed=typed,
        public_id=public_id,
        recipient=recipient,
    )


@post("/sign-in/code/{public_id:str}", operation_class=takes("code", "next"), status_code=303)
async def sign_in(
    request: AnyRequest,
    public_id: FromPath[str],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: `code`, `next`. Opens the session and leads to `next`."""
    typed = await request.form()
    try:
        form = FormReader(typed)
        typed_code = form.text("code", _("验证码"), longest=20)
        code = code_in(typed_code)
        if typed_code and not code:
            form.fail("code", _("请填写短信里的 6 位数字"))  # uses up no try
        form.finish()
        address = client_address(request.scope, runtime.settings)
        signed_in = await enter_code(public_id, code, runtime, client_address=address, now=now)
    except NotFound as problem:
        return refused_form(request, "accounts/sign_in/code.html", problem, typed, dead=True)
    except (Invalid, TooMany) as problem:
        context = {
            "public_id": public_id,
            "recipient": await masked_recipient(public_id, runtime.keys),
            "dead": problem.code in _DEAD,
        }
        return refused_form(request, "accounts/sign_in/code.html", problem, typed, **context)
    await end_current_session(request)
    answer = session_redirect(request, signed_in, typed.get("next"))
    if pending := pending_in(request, runtime, now):
        await tie(pending, signed_in, address, now)
        forget_pending(answer, runtime.settings)
    return answer


@post("/sign-out", status_code=303)
async def sign_out(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Response[Any]:
    await end_current_session(request)
    return _signed_out(runtime)


@post("/sign-out/everywhere", status_code=303)
async def sign_out_everywhere(
    me: NamedDependency[Principal], runtime: NamedDependency[Runtime]
) -> Response[Any]:
    await sessions.close_all_sessions(me.account_id)
    return _signed_out(runtime)


def _signed_out(runtime: Runtime) -> Response[Any]:
    answer = Redirect(runtime.settings.root_path + "/", status_code=303)
    forget_session_cookie(answer, runtime.settings)
    return answer


def _read_code_request(form: FormReader) -> CodeRequest:
    """Raises Invalid with every error."""
    as_creator = form.choice("as", _("身份"), {"creator", "voter"}, required=False) == "creator"
    phone = form.mobile("phone", _("手机号"), wrong=_("请填写中国大陆的 11 位手机号"))
    form.agreed("consent", _("请先阅读并同意个人信息说明"))
    adult = form.flag("adult")
    if not as_creator and not adult:
        form.fail("adult", _("投票人须声明已年满 18 周岁"))
    form.finish()
    return CodeRequest(phone, as_creator, adult)


handlers = [sign_in_page, send_code, code_page, sign_in, sign_out, sign_out_everywhere]
