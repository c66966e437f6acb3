"""Turning refusals and errors into answers: a page for people, RFC 9457 for programs."""

import re
from typing import Any

import asyncpg
import redis.exceptions
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Template

from core.i18n import _
from core.problems import FieldError, Problem
from core.web.pages import AnyRequest, page, wants_page

_SENTENCES = {
    400: _("请求的格式不对"),
    401: _("请先登录"),
    403: _("没有权限，或页面停留太久，请刷新后再试"),
    404: _("没有这个页面"),
    405: _("这个地址不接受这种请求"),
    413: _("提交的内容太大"),
    415: _("不支持这种格式"),
    429: _("操作太频繁，请稍后再试"),
    503: _("现在访问的人很多，请稍后再试"),
}
# Litestar's message when a client disconnects in the middle of its body. Nobody receives the
# answer, and many phones that lose their network at once are no error of the server.
_HUNG_UP = "client disconnected prematurely"
_log = structlog.get_logger("answers")


def problem_answer(request: AnyRequest, problem: Problem) -> Response[Any]:
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    answer = _page(request, problem) if wants_page(request) else _document(problem)
    answer.headers.update(headers)
    return answer


def http_error_answer(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals (404, 405, 413, bad JSON …) in our form."""
    if error.status_code >= 500 and error.detail != _HUNG_UP:
        _log.error("unhandled", path=request.scope["path"], exc_info=error)
    problem = Problem(
        f"http_{error.status_code}", _SENTENCES.get(error.status_code, _("无法处理这个请求"))
    )
    problem.status = error.status_code
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        problem.errors = tuple(
            FieldError(str(item.get("key", "")), _("这一项的格式不对")) for item in error.extra
        )
    return problem_answer(request, problem)


_LOST_ENGINE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    ConnectionError,
    TimeoutError,
)
"""PostgreSQL or Redis is unreachable: the same request may succeed later."""

# The last one: a server that dies between two queries leaves a message unread, on which asyncpg
# stumbles when the pool resets the connection.
_CLOSED = re.compile("closed|closing|released|cannot switch to state")
_RETRY_SECONDS = 2


def crash_answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """Anything unforeseen: logged whole, told without details; 503 while an engine is away."""
    _log.error("unhandled", path=request.scope["path"], exc_info=error)
    if _engine_is_lost(error):
        return problem_answer(request, _try_again())
    problem = Problem(
        "internal_error", _("系统出错了，已经记录下来；刚才的操作没有生效，请稍后再试")
    )
    problem.status = 500
    return problem_answer(request, problem)


def _engine_is_lost(error: BaseException) -> bool:
    told = isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)
    closed = told and _CLOSED.search(str(error))
    return bool(closed) or isinstance(error, _LOST_ENGINE)


def _try_again() -> Problem:
    """It is unknown whether the change took effect: a commit may have been cut off."""
    problem = Problem(
        "engine_away",
        _("系统正在恢复，这一步有没有生效还不能确定，请稍后再试一次"),
        retry_after=_RETRY_SECONDS,
    )
    problem.status = 503
    return problem


def _page(request: AnyRequest, problem: Problem) -> Template:
    return page(request, "problem.html", status=problem.status, problem=problem)


def problem_document(problem: Problem) -> dict[str, Any]:
    """RFC 9457, with our `code` and the errors of single fields."""
    return {
        "type": f"urn:shibaiqian:problem:{problem.code}",
        "title": problem.message,
        "status": problem.status,
        "code": problem.code,
        "errors": [{"field": e.field, "message": e.message} for e in problem.errors],
        **problem.more,
    }


def _document(problem: Problem) -> Response[Any]:
    return Response(
        problem_document(problem),
        status_code=problem.status,
        media_type="application/problem+json",
    )
