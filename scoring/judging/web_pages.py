"""The one way the judging answers with a page: its errors, and exact numbers as text."""

from typing import Any

from litestar.response import Template

from core.exact import exact_text
from core.problems import Problem
from core.web.pages import AnyRequest, page


def judging_page(
    request: AnyRequest, name: str, *, problem: Problem | None = None, **context: Any
) -> Template:
    """`pages/<name>` with the errors of `problem` and its status, 200 without one.

    Templates write exact numbers as `{{ exact(value) }}`.
    """
    return page(
        request,
        name,
        status=problem.status if problem else 200,
        errors=problem.errors if problem else (),
        exact=exact_text,
        **context,
    )
