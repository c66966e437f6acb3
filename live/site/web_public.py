"""Public pages that belong to no single contest: home, elder mode, personal data."""

from datetime import datetime
from typing import Any

from litestar import Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from accounts.sessions.web_support import safe_next
from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from core.i18n import _
from core.runtime import Runtime
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from live.site.rules.contest_clock import home_entry

ELDER_COOKIE_SECONDS = 365 * 24 * 3600
_RUNNING = (Phase.NOMINATION, Phase.REVIEW, Phase.VOTING, Phase.JUDGING, Phase.TALLYING)


@get("/")
async def home(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    public = [one for one in await contests.list_contests() if one.public]
    groups = [
        (_("正在进行"), _entries(public, _RUNNING, now)),
        (_("结果公示"), _entries(public, (Phase.PUBLIC_NOTICE,), now)),
        (_("已经结束"), _entries(public, (Phase.FINAL,), now)),
    ]
    return page(request, "live/site/home.html", groups=[group for group in groups if group[1]])


def _entries(public: list[Contest], phases: tuple[Phase, ...], now: datetime) -> list[Any]:
    return [home_entry(one, now) for one in public if one.phase in phases]


@post("/elder", operation_class=takes("elder", "next"), status_code=303)
async def elder(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Redirect:
    """Turn elder mode (长辈版) on or off and go back to the page; works without scripts."""
    form = await request.form()
    settings = runtime.settings
    cookie = Cookie(
        key="elder",
        value="1" if form.get("elder") == "1" else "0",
        path=settings.root_path or "/",
        max_age=ELDER_COOKIE_SECONDS,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    back = settings.root_path + safe_next(form.get("next"))
    return Redirect(back, status_code=303, cookies=[cookie])


@get("/privacy", sync_to_thread=False)
def privacy(request: AnyRequest) -> Template:
    return page(request, "live/site/privacy.html")


public_routes = Router("/", route_handlers=[home, elder, privacy])
