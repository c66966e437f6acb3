"""WeChat's part of signing in, over HTTP."""

import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from accounts.sessions.web_support import (
    cookie,
    end_current_session,
    refused_form,
    safe_next,
    session_redirect,
    set_cookie,
)
from accounts.sign_in.wechat.client import authorize_address, openid_of
from accounts.sign_in.wechat.service import (
    PENDING_LIFETIME,
    Pending,
    index_of,
    new_state,
    open_pending,
    seal_pending,
    sign_in,
)
from core.i18n import _
from core.problems import Invalid, NotFound, Problem
from core.runtime import Runtime
from core.settings import Settings, WechatApp
from core.web.network import client_address
from core.web.openapi import asks
from core.web.pages import AnyRequest

STATE_COOKIE, PENDING_COOKIE = "wechat_state", "wechat_pending"
_STATE_SECONDS = 600
_LONGEST_CODE = 200
_BACK = "/sign-in/wechat/back"


@get("/sign-in/wechat", operation_class=asks("next", "as"))
async def to_wechat(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Redirect:
    """Query: `next`, `as`. Sends WeChat's browser to WeChat."""
    app, state = _app(runtime.settings), new_state()
    wanted = {
        "next": safe_next(request.query_params.get("next")),
        "as": "creator" if request.query_params.get("as") == "creator" else "voter",
    }
    back = f"{runtime.settings.base_url}{_BACK}?{urlencode(wanted)}"
    answer = Redirect(authorize_address(app, back, state), status_code=303)
    set_cookie(answer, runtime.settings, STATE_COOKIE, state, _STATE_SECONDS)
    return answer


@get(_BACK, operation_class=asks("code", "state", "next", "as"))
async def from_wechat(
    request: AnyRequest, runtime: NamedDependency[Runtime], now: NamedDependency[datetime]
) -> Response[Any]:
    """Query: `code` and `state` from WeChat, `next` and `as` from us. Opens a session, or leads
    to verifying a phone first."""
    app, settings, query = _app(runtime.settings), runtime.settings, request.query_params
    try:
        code = _code(request)
        index = index_of(runtime.keys, await openid_of(app, code))
        address = client_address(request.scope, settings)
        signed_in = await sign_in(index, address, now)
    except Problem as problem:
        answer = refused_form(
            request,
            "accounts/sign_in/sign_in.html",
            problem,
            dict(query),
            **sign_in_context(request, runtime, now),
        )
        _forget(answer, settings, STATE_COOKIE)
        return answer
    if signed_in is not None:
        await end_current_session(request)
        answer = session_redirect(request, signed_in, query.get("next"))
    else:
        wanted = {"next": safe_next(query.get("next")), "as": query.get("as", "")}
        answer = Redirect(f"{settings.root_path}/sign-in?{urlencode(wanted)}", status_code=303)
        sealed = seal_pending(runtime.keys, index, now)
        lasting = int(PENDING_LIFETIME.total_seconds())
        set_cookie(answer, settings, PENDING_COOKIE, sealed, lasting)
    _forget(answer, settings, STATE_COOKIE)
    return answer


def pending_in(request: AnyRequest, runtime: Runtime, now: datetime) -> Pending | None:
    """The WeChat identity that this browser has just brought, if any."""
    sealed = cookie(request, PENDING_COOKIE)
    return open_pending(runtime.keys, sealed, now) if sealed else None


def sign_in_context(request: AnyRequest, runtime: Runtime, now: datetime) -> dict[str, Any]:
    """What the sign-in page shows of WeChat, however it comes to be shown."""
    return {
        "wechat": offers_wechat(request, runtime.settings),
        "tied": pending_in(request, runtime, now) is not None,
    }


def forget_pending(answer: Response[Any], settings: Settings) -> None:
    _forget(answer, settings, PENDING_COOKIE)


def offers_wechat(request: AnyRequest, settings: Settings) -> bool:
    """Whether this is WeChat's own browser, and we are known to WeChat."""
    return settings.wechat is not None and "MicroMessenger" in request.headers.get("user-agent", "")


def _code(request: AnyRequest) -> str:
    """The code in WeChat's answer. Raises Invalid unless this browser asked for the answer."""
    kept = cookie(request, STATE_COOKIE)
    given, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    same = bool(kept) and hmac.compare_digest(kept.encode(), given.encode())
    if not same or not 0 < len(code) <= _LONGEST_CODE:
        # without a code the person has refused, or used the Back button
        raise Invalid("wechat_not_ours", _("这次微信登录没有完成，请再按一次“微信登录”"))
    return code


def _app(settings: Settings) -> WechatApp:
    if settings.wechat is None:
        raise NotFound("no_wechat", _("本站没有开通微信登录"))
    return settings.wechat


def _forget(answer: Response[Any], settings: Settings, name: str) -> None:
    answer.delete_cookie(name, path=settings.root_path or "/")


handlers = [to_wechat, from_wechat]
