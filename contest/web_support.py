"""What this package's controllers share."""

from collections.abc import Mapping
from typing import Any

from litestar.response import Template

from core.problems import Problem
from core.web.pages import AnyRequest, page, wants_page


def again(
    request: AnyRequest, name: str, problem: Problem, typed: Mapping[str, Any], **context: Any
) -> Template:
    """The same page once more, with what was typed and every error; a program gets the
    problem itself."""
    if not wants_page(request):
        raise problem
    words = {key: value for key, value in typed.items() if isinstance(value, str)}
    return page(
        request,
        name,
        status=problem.status,
        values=words,
        errors=problem.errors,
        problem=problem,
        **context,
    )
