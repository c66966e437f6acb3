"""The host's page for the big screen: freeze, cards, the reveal with its way back.

Every act is a form POST under /host/{slug}/show and answers 303 to the page, or JSON
{"show": version, "step": n} to a program. Acts that cannot be taken back need
`confirmed=1`. A step needs `seen`, the version of the screen the host was looking at.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.people.rules import Principal, Role
from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, Invalid, NotFound, Problem
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page, wants_page
from live.boards import service
from live.boards.frames import Frame, Kind, Topic
from live.boards.hub import announce
from live.stage import service as show_service
from live.stage.rules.reveal import Order, reveal_state
from live.stage.rules.show import Mode, Show

_LARGEST_VERSION = 2**62


class ShowController(Controller):
    path = "/host/{slug:str}/show"

    @get("/")
    async def control(
        self, request: AnyRequest, slug: FromPath[str], now: NamedDependency[datetime]
    ) -> Response[Any]:
        contest = await contests.get_contest(slug)
        return await _control_page(request, contest, now)

    @post(
        "/{act:str}", operation_class=takes("seen", "code", "order", "confirmed"), status_code=200
    )
    async def perform(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        act: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        """One act on the screen: freeze, unfreeze, board, blank, entrant, reveal, next, back."""
        contest = await contests.get_contest(slug)
        typed = dict(await request.form())
        try:
            kind, frame = await _perform(contest, act, typed, actor, now)
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _control_page(request, contest, now, typed, problem)
        if frame is not None:
            await announce(runtime.redis, Topic(kind, contest.id), frame)
        if wants_page(request):
            path = f"{runtime.settings.root_path}/host/{slug}/show"
            return Redirect(path, status_code=303)
        show = await show_service.show_of(contest.id)
        return Response({"show": show.version, "mode": show.mode, "step": show.step})


async def _perform(
    contest: Contest, act: str, typed: Mapping[str, Any], actor: Actor, now: datetime
) -> tuple[Kind, Frame | None]:
    form = FormReader(typed)
    if act in ("freeze", "unfreeze"):
        return Kind.BOARD, await _freeze_or_unfreeze(contest, act, form, actor, now)
    if act in ("board", "blank"):
        return Kind.SHOW, await show_service.turn_to(contest, Mode(act), actor, now)
    if act in ("next", "back"):
        seen = form.integer("seen", _("画面版本"), least=0, most=_LARGEST_VERSION)
        form.finish()
        steps = 1 if act == "next" else -1
        return Kind.SHOW, await show_service.step(contest, steps, seen, actor, now)
    if act == "entrant":
        code = form.text("code", _("选手编号"), longest=20)
        form.finish()
        return Kind.SHOW, await show_service.show_entrant(contest, code, actor, now)
    if act == "reveal":
        order = form.choice("order", _("揭晓顺序"), [one.value for one in Order])
        _must_be_sure(form)
        form.finish()
        return Kind.SHOW, await show_service.begin_reveal(contest, Order(order), actor, now)
    raise NotFound("no_such_act", _("没有这个操作"))


async def _freeze_or_unfreeze(
    contest: Contest, act: str, form: FormReader, actor: Actor, now: datetime
) -> Frame | None:
    """Freezing can be undone at once; unfreezing needs a confirmation, because it shows the hall
    everything that was held back."""
    if act == "freeze":
        return await service.freeze(contest, actor, now)
    _must_be_sure(form)
    form.finish()
    return await service.unfreeze(contest, actor, now)


def _must_be_sure(form: FormReader) -> None:
    form.agreed("confirmed", _("这一步会立即出现在现场，请再确认一次"))


async def _control_page(
    request: AnyRequest,
    contest: Contest,
    now: datetime,
    typed: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
) -> Response[Any]:
    show = await show_service.show_of(contest.id)
    entrants = [one for one in await entrants_of(contest.id) if not one.withdrawn]
    return page(
        request,
        "live/stage/show.html",
        status=problem.status if problem else 200,
        contest=contest,
        board=await service.snapshot(contest.id),
        staff_board=await service.staff_snapshot(contest, now) if _sees_all(request) else None,
        show=show,
        stage=reveal_state(show.plan, show.step) if show.plan else None,
        upcoming=_upcoming(show),
        entrants=entrants,
        typed=typed or {},
        errors=problem.errors if problem else (),
        problem=problem,
    )


def _sees_all(request: AnyRequest) -> bool:
    """A host sees what the hall sees; the real counts are for organisers."""
    me: Principal = request.user
    return me.has(Role.ORGANISER)


def _upcoming(show: Show) -> Any:
    """The state that pressing "next" would bring; only the host sees it."""
    return reveal_state(show.plan, show.step + 1) if show.plan and show.has_next else None
