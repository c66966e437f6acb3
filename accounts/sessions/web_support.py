"""What controllers share: the signed-in person, cookies, and the way to the sign-in page."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect

from accounts.people.rules import Principal
from accounts.sessions.middleware import DEVICE_COOKIE, SESSION_COOKIE
from accounts.sessions.rules import SignedIn, lifetime_of
from accounts.sessions.service import close_session
from core.audit import Actor
from core.i18n import _
from core.limits.challenge import ChallengeNeeded
from core.problems import FieldError, Problem, SignInRequired
from core.runtime import Runtime
from core.settings import Settings
from core.web.answers import problem_answer
from core.web.edge import is_own_origin
from core.web.network import client_address
from core.web.pages import AnyRequest, is_fragment, page, wants_page

# A tablet is known again for as long as one contest lasts.
_DEVICE_SECONDS = 120 * 24 * 3600
_SIGN_IN_PAGES = {
    "staff_sign_in_required": "/staff/sign-in",
    "judge_sign_in_required": "/tablet/sign-in",
}


def provide_me(request: AnyRequest) -> Principal:
    """The dependency `me`. Raises SignInRequired."""
    if request.user is None:
        raise SignInRequired("sign_in_required", _("请先登录"))
    return request.user  # type: ignore[no-any-return]


def provide_actor(
    request: AnyRequest,
    me: NamedDependency[Principal],
    runtime: NamedDependency[Runtime],
) -> Actor:
    """The dependency `actor`: the signed-in person, for the audit log."""
    address = client_address(request.scope, runtime.settings)
    return Actor(account_id=me.account_id, name=me.name, client_address=address)


def safe_next(wanted: object) -> str:
    """A path on this site to go to after signing in; "/" for anything else.

    Browsers read "//host", "/\\\\host" and control characters as the way to another site.
    """
    if (
        not isinstance(wanted, str)
        or not wanted.startswith("/")
        or wanted.startswith(("//", "/\\"))
        or not wanted.isprintable()
        or len(wanted) > 500
    ):
        return "/"
    return wanted


def sign_in_answer(request: AnyRequest, problem: SignInRequired) -> Response[Any]:
    """People are led to the sign-in page and back again; programs get the 401."""
    if not wants_page(request) and not is_fragment(request):
        return problem_answer(request, problem)
    settings = request.app.state.runtime.settings
    back = _page_here(request) if request.method == "GET" else page_before(request)
    where = _SIGN_IN_PAGES.get(problem.code, "/sign-in")
    target = f"{settings.root_path}{where}?{urlencode({'next': safe_next(back)})}"
    if is_fragment(request):
        return Response(None, status_code=200, headers={"X-Sign-In": target})
    return Redirect(target, status_code=303)


def _page_here(request: AnyRequest) -> str:
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    return path + ("?" + query if query and path != "/" else "")


def page_before(request: AnyRequest) -> str:
    """The public page whose form was sent, without the site's prefix; "/" for any other. After a
    refusal the address of a staff page may be one that only takes forms, so it cannot be returned
    to."""
    settings = request.app.state.runtime.settings
    told = request.headers.get("referer", "")
    if not is_own_origin(told, request.headers.get("host", ""), settings):
        return "/"
    before = urlsplit(told)
    path = before.path.removeprefix(settings.root_path)
    if not path.startswith("/c/"):
        return "/"
    return path + ("?" + before.query if before.query else "")


def session_redirect(
    request: AnyRequest, signed_in: SignedIn, wanted: object, *, device: str = ""
) -> Redirect:
    """Go on after signing in, with the new session's cookie in place of any earlier one.

    The CSRF token is renewed too, so that one planted before signing in is useless.
    """
    settings = request.app.state.runtime.settings
    answer = Redirect(settings.root_path + safe_next(wanted), status_code=303)
    lasting = int(lifetime_of(signed_in.roles).absolute.total_seconds())
    set_cookie(answer, settings, SESSION_COOKIE, signed_in.token, lasting)
    if device:
        set_cookie(answer, settings, DEVICE_COOKIE, device, _DEVICE_SECONDS)
    answer.delete_cookie("csrftoken", path=settings.root_path or "/")
    return answer


def forget_session_cookie(answer: Response[Any], settings: Settings) -> None:
    answer.delete_cookie(SESSION_COOKIE, path=settings.root_path or "/")


def cookie(request: AnyRequest, name: str) -> str:
    """What the browser sent under this name; "" when it sent nothing."""
    return request.cookies.get(name, "")


def set_cookie(
    answer: Response[Any], settings: Settings, name: str, value: str, seconds: int
) -> None:
    answer.set_cookie(
        Cookie(
            key=name,
            value=value,
            path=settings.root_path or "/",
            max_age=seconds,
            secure=settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )
    )


async def end_current_session(request: AnyRequest) -> None:
    """Delete the session that the browser brought, if it brought one."""
    if request.user is not None:
        token = cookie(request, SESSION_COOKIE)
        await close_session(token, request.user.account_id)


def refused_form(
    request: AnyRequest, name: str, problem: Problem, typed: Any, **context: Any
) -> Response[Any]:
    """The same page again with the errors and what was typed; programs get the problem.

    A refusal that belongs to no field is shown in the summary as well.
    """
    if not wants_page(request):
        return problem_answer(request, problem)
    asks = isinstance(problem, ChallengeNeeded)  # a further step, no error
    errors = problem.errors or (() if asks else (FieldError("", _sentence(problem)),))
    answer = page(request, name, status=problem.status, errors=errors, typed=dict(typed), **context)
    if problem.retry_after is not None:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _sentence(problem: Problem) -> str:
    if problem.retry_after is None:
        return problem.message
    wait = _("请在 %(n)s 秒后再试") % {"n": problem.retry_after}
    return f"{problem.message}（{wait}）"
