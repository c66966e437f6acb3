"""A stand-in of WeChat's two endpoints, with its manners: every fault is HTTP 200 and an errcode,
a code is good once and for five minutes, and the content type says text."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from litestar import Litestar, Request, Response, get
from litestar.response import Redirect

from core.clock import Clock

APP_ID, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
CODE_LIFETIME = timedelta(minutes=5)


@dataclass
class Wechat:
    """`person` is who holds the phone; `manner` is "", "busy", "silent", "html" or "list"."""

    clock: Clock
    person: str = "openid-of-somebody"
    manner: str = ""
    _codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def application(self) -> Litestar:
        @get("/connect/oauth2/authorize")
        async def authorize(request: Request) -> Response[str]:  # type: ignore[type-arg]
            query = request.query_params
            known = query.get("appid") == APP_ID and query.get("scope") == "snsapi_base"
            if not known or query.get("response_type") != "code":
                return Response("参数错误")
            code = f"code-{len(self._codes)}"
            self._codes[code] = (self.person, self.clock.now() + CODE_LIFETIME)
            back = query["redirect_uri"]
            told = urlencode({"code": code, "state": query["state"]})
            return Redirect(f"{back}{'&' if '?' in back else '?'}{told}", status_code=302)

        @get("/sns/oauth2/access_token")
        async def access_token(request: Request) -> Response[str]:  # type: ignore[type-arg]
            if self.manner == "silent":
                await asyncio.sleep(3600)
            if self.manner == "html":
                return Response("<html>", status_code=502)
            told: object = ["no", "object"]
            if self.manner != "list":
                told = self._answer(dict(request.query_params))
            return Response(json.dumps(told), media_type="text/plain")

        return Litestar([authorize, access_token])

    def _answer(self, query: dict[str, str]) -> dict[str, object]:
        if self.manner == "busy":
            return _fault(-1, "system error")
        if query.get("appid") != APP_ID:
            return _fault(40013, "invalid appid")
        if query.get("secret") != SECRET:
            return _fault(40125, f"invalid appsecret {query.get('secret')}")
        code = query.get("code", "")
        if code in self._used:
            return _fault(40163, "code been used")
        if code not in self._codes:
            return _fault(40029, "invalid code")
        openid, until = self._codes[code]
        if self.clock.now() >= until:
            return _fault(42003, "oauth_code expired")
        self._used.add(code)
        return {
            "access_token": "ACCESS",
            "expires_in": 7200,
            "refresh_token": "REFRESH",
            "openid": openid,
            "scope": "snsapi_base",
        }


def _fault(code: int, words: str) -> dict[str, object]:
    return {"errcode": code, "errmsg": words}
