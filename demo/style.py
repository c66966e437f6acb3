"""The living style page: every part of the design system on one page, in demo mode only."""

from datetime import datetime

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from accounts.people.rules import Principal, Role
from accounts.sessions.guard import Open, Right
from core.i18n import _
from core.problems import FieldError
from core.web.pages import AnyRequest, page

_SAMPLE_ERRORS = (
    FieldError("sample_name", _("请填写姓名")),
    FieldError("sample_score", _("得分应当在0到100之间")),
)


@get("/demo/style", sync_to_thread=False)
def style(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    return page(request, "demo/style.html", errors=_SAMPLE_ERRORS, moment=now)


@get("/demo/style/staff", sync_to_thread=False)
def staff_style(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    """As staff see it; the sample person exists on this page alone."""
    sample = Principal(0, _("样例"), frozenset({Role.ORGANISER, Role.HOST}))
    return page(request, "demo/style_staff.html", errors=_SAMPLE_ERRORS, moment=now, me=sample)


HANDLERS: tuple[ControllerRouterHandler, ...] = (style, staff_style)
ACCESS: dict[str, Right] = {
    "GET /demo/style": Open.EVERYONE,
    "GET /demo/style/staff": Open.EVERYONE,
}
