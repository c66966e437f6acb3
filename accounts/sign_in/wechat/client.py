"""WeChat's web authorisation (OAuth 2, scope snsapi_base): from a code to an openid.

snsapi_base asks the person nothing and yields only an identifier within our own application. It
works inside WeChat's browser alone. The two addresses are settings, so that tests can use a fake
server.
"""

from urllib.parse import urlencode

import httpx
import structlog

from core.i18n import _
from core.problems import Invalid, Unavailable
from core.settings import WechatApp

_WITHIN = 5.0
_SCOPE = "snsapi_base"
_LONGEST = 128
_OURS = frozenset({40001, 40013, 40125, 40164, 41002, 41004, 48001})
"""Errors that the operator must mend: wrong secret, wrong app, address not on the list."""

_THEIRS = frozenset({-1, 45009, 45011})
"""Errors of WeChat's own: busy, or asked too often."""

_log = structlog.get_logger("wechat")


def authorize_address(app: WechatApp, back: str, state: str) -> str:
    """Where WeChat's browser is sent; WeChat wants the parameters in this order, and the
    fragment."""
    query = {
        "appid": app.app_id,
        "redirect_uri": back,
        "response_type": "code",
        "scope": _SCOPE,
        "state": state,
    }
    return f"{app.authorize_url}?{urlencode(query)}#wechat_redirect"


async def openid_of(app: WechatApp, code: str) -> str:
    """The person's openid in our application.

    Raises Invalid when WeChat does not know the code (any more), and Unavailable when it does
    not answer, or not us.
    """
    query = {
        "appid": app.app_id,
        "secret": app.secret,
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        async with httpx.AsyncClient(timeout=_WITHIN, trust_env=False) as client:
            answer = await client.get(app.token_url, params=query)
        told = answer.json() if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError) as error:
        _log.warning("wechat_away", error=type(error).__name__)
        raise _away() from error
    if not isinstance(told, dict):
        raise _away()
    openid = told.get("openid")
    if isinstance(openid, str) and 0 < len(openid) <= _LONGEST:
        return openid
    fault = told.get("errcode")
    # errmsg is not logged: WeChat repeats the request in it, the secret included
    _log.warning("wechat_refused", errcode=fault, status=answer.status_code)
    if not isinstance(fault, int) or fault in _OURS | _THEIRS:
        raise _away()
    raise Invalid("wechat_code_refused", _("微信没有确认这次登录，请再按一次“微信登录”"))


def _away() -> Unavailable:
    return Unavailable("wechat_away", _("微信登录暂时不能用，请用手机验证码登录"), retry_after=30)
