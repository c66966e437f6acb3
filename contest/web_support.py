"""What this package's controllers share."""

from collections.abc import Mapping
from typing import Any

from litestar.response import Redirect, Template

from contest.editions.rules.contest import Contest
from core.i18n import _
from core.problems import Problem
from core.web.pages import AnyRequest, page, wants_page


async def typed_form(request: AnyRequest) -> dict[str, Any]:
    """The fields of a posted form, files among them."""
    return dict(await request.form())


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


def goto(request: AnyRequest, path: str) -> Redirect:
    """On to another of our pages after a form was taken."""
    root: str = request.app.state.runtime.settings.root_path
    return Redirect(root + path, status_code=303)


def links_of(contest: Contest) -> list[tuple[str, str]]:
    """Where the work on a contest goes on in the packages above: (words, address)."""
    links = []
    if contest.rulebook.voting is not None:
        links.append((_("核验与作废"), f"/organiser/c/{contest.slug}/voids"))
    if contest.rulebook.judging is not None:
        links.append((_("评委席"), f"/organiser/c/{contest.slug}/panel"))
        links.append((_("现场主持"), f"/host/{contest.slug}"))
    links.append((_("计分与核定"), f"/organiser/c/{contest.slug}/result"))
    return links
