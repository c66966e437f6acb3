"""Server-rendered pages: the Jinja environment and the one way to answer with a page."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Request
from litestar.response import Template
from markupsafe import Markup

from core import numbers
from core.i18n import translations
from core.paths import ROOT
from core.settings import Settings
from core.web import assets
from core.web.edge import csp_nonce

TEMPLATES_DIR = ROOT / "frontend_templates"

AnyRequest = Request[Any, Any, Any]


def environment(
    settings: Settings, filters: Mapping[str, Callable[..., str]] | None = None
) -> Environment:
    """Jinja with our filters; an undefined name is an error, not an empty place.

    `filters` are those of the packages above, by name.
    """
    env = Environment(
        loader=FileSystemLoader(TEMPLATES_DIR),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(translations(), newstyle=True)  # type: ignore[attr-defined]

    def url(path: str) -> str:
        """An address on this site, under its prefix."""
        return settings.root_path + path

    env.globals.update(
        url=url,
        static=lambda name: url(assets.static_path(name)),
        settings=settings,
    )
    env.filters.update(
        count=numbers.short_count,
        exact_count=numbers.exact_count,
        money=numbers.money,
        beijing=numbers.beijing,
        beijing_brief=numbers.beijing_brief,
        masked_phone=numbers.masked_phone,
        masked_contact=numbers.masked_contact,
        **(filters or {}),
    )
    return env


class Page(Template):
    """A template answer whose `csrf_input` is markup: Litestar hands it over as plain text,
    which our autoescaping would show instead of use."""

    def create_template_context(self, request: AnyRequest) -> dict[str, Any]:
        context = super().create_template_context(request)
        return {**context, "csrf_input": Markup(context["csrf_input"])}  # noqa: S704 - escaped there


def page(request: AnyRequest, name: str, *, status: int = 200, **context: Any) -> Template:
    """Answer with `frontend_templates/pages/<name>`.

    Every template also sees `request`, `me` (the signed-in Principal or None), `now`,
    `elder` (elder mode), `csp_nonce`, `csrf_input` and `problem` (None unless given).
    """
    return Page(
        template_name=f"pages/{name}",
        status_code=status,
        context={
            "me": request.scope.get("user"),
            "now": request.app.state.runtime.clock.now(),
            "elder": request.cookies.get("elder") == "1",
            "csp_nonce": csp_nonce(request.scope),
            "problem": None,
            **context,
        },
    )


def wants_page(request: AnyRequest) -> bool:
    """Whether the client is a browser that shows pages, rather than a program."""
    return "text/html" in request.headers.get("accept", "")


def is_fragment(request: AnyRequest) -> bool:
    """Whether a script of ours asks for the part of the page that changes, not the whole."""
    return request.headers.get("x-fragment") == "true"
