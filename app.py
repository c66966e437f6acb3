"""The composition root: the only place where the parts are put together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from litestar import Litestar, Response, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, ControllerRouterHandler, ExceptionHandlersMap

from access import ACCESS
from accounts import housekeeping
from accounts import web as accounts_web
from accounts.sessions.guard import AccessGuard, Right
from accounts.sessions.middleware import SessionMiddleware
from accounts.sessions.web_support import provide_actor, provide_me, sign_in_answer
from accounts.sign_in.senders import Sender, make_sender
from contest import web as contest_web
from contest.editions.phase_conditions import PhaseCheck, PhaseGate
from core.background_tasks import beside
from core.clock import Clock, SystemClock
from core.crypto import load_keys
from core.database import db
from core.problems import Problem, SignInRequired
from core.redis_client import open_redis
from core.runtime import Runtime
from core.settings import Settings
from core.web import assets
from core.web.answers import crash_answer, http_error_answer, problem_answer
from core.web.edge import RootPath, SameOrigin, SecurityHeaders
from core.web.pages import environment
from core.web.requests import CsrfCheck, FormRequest, refuse_impossible_names
from fund import web as fund_web
from live.boards import service as boards
from live.boards import ticker
from live.boards.hub import Hub
from live.boards.web import BoardController
from live.boards.web_fast_path import BoardLane
from live.site.web_contest import ContestPages, rulebook_file
from live.site.web_public import public_routes
from live.stage.web import ShowController
from scoring.judging import service as judging
from scoring.judging.panel.web import PanelPages
from scoring.judging.running_order.web import RunOfShow
from scoring.judging.sheets.web_sheet import JudgeSheet
from scoring.judging.sheets.web_tablet import JudgeTablet
from scoring.results import certification
from scoring.results.web_certify import CertifyPages
from scoring.results.web_public import ResultPages
from scoring.results.what_if import award_change
from voting.casting.ballot_box import ANSWER_WITHIN, BallotBox
from voting.casting.phase_conditions import check as voting_phase_check
from voting.casting.web import VotePages
from voting.casting.web_fast_path import ROUTE as VOTES
from voting.casting.web_fast_path import VoteLane
from voting.ledger.web import BoardFrozen, LedgerPages
from voting.merkle_log import ticker as log_ticker
from voting.merkle_log.web import LogDocuments
from voting.receipts.web import ReceiptPages
from voting.review.cases import ticker as fraud_ticker
from voting.review.cases.web import CasePages
from voting.review.changes.impact import AwardChange
from voting.review.changes.web_restorations import RestorationPages
from voting.review.changes.web_voids import VoidPages
from voting.signals.service import SignalRecorder

# A photo is at most 8 MB and a form carries few; anything larger is refused unread.
MAX_BODY = 12 * 1024 * 1024
# What voting, scoring and live add to the conditions between phases.
PHASE_CHECKS: tuple[PhaseCheck, ...] = (
    voting_phase_check,
    judging.phase_check,
    certification.phase_check,
)


@get("/healthz")
async def health(runtime: NamedDependency[Runtime]) -> Response[dict[str, str]]:
    """Whether this process can reach both engines."""
    async with db.connection() as connection:
        await connection.fetchval("SELECT 1")
    await runtime.redis.ping()
    return Response({"status": "ok"})


def provide_now(state: State) -> datetime:
    return state.runtime.clock.now()  # type: ignore[no-any-return]


def provide_runtime(state: State) -> Runtime:
    return state.runtime  # type: ignore[no-any-return]


def provide_ballot_box(state: State) -> BallotBox:
    return state.ballot_box  # type: ignore[no-any-return]


def provide_phase_gate(state: State) -> PhaseGate:
    return state.phase_gate  # type: ignore[no-any-return]


def provide_sender(state: State) -> Sender:
    return state.sender  # type: ignore[no-any-return]


def provide_board_frozen() -> BoardFrozen:
    return boards.is_frozen


def provide_award_change() -> AwardChange:
    return award_change


def provide_signals(state: State) -> SignalRecorder:
    return state.signals  # type: ignore[no-any-return]


def provide_hub(state: State) -> Hub:
    return state.hub  # type: ignore[no-any-return]


ROUTES: tuple[ControllerRouterHandler, ...] = (
    BoardController,
    CasePages,
    ShowController,
    JudgeSheet,
    JudgeTablet,
    LedgerPages,
    LogDocuments,
    PanelPages,
    RunOfShow,
    ReceiptPages,
    RestorationPages,
    VoidPages,
    VotePages,
    accounts_web.routes,
    health,
    *contest_web.ROUTES,
    *fund_web.ROUTES,
    public_routes,
    ContestPages,
    rulebook_file,
    CertifyPages,
    ResultPages,
    create_static_files_router("/static", [assets.STATIC_DIR], include_in_schema=False),
)
DEPENDENCIES = {
    "award_change": Provide(provide_award_change, sync_to_thread=False),
    "actor": Provide(provide_actor, sync_to_thread=False),
    "board_frozen": Provide(provide_board_frozen, sync_to_thread=False),
    "hub": Provide(provide_hub, sync_to_thread=False),
    "ballot_box": Provide(provide_ballot_box, sync_to_thread=False),
    "me": Provide(provide_me, sync_to_thread=False),
    "now": Provide(provide_now, sync_to_thread=False),
    "phase_gate": Provide(provide_phase_gate, sync_to_thread=False),
    "runtime": Provide(provide_runtime, sync_to_thread=False),
    "sender": Provide(provide_sender, sync_to_thread=False),
    "signals": Provide(provide_signals, sync_to_thread=False),
}
ANSWERS: ExceptionHandlersMap = {
    SignInRequired: sign_in_answer,
    Problem: problem_answer,
    HTTPException: http_error_answer,
    Exception: crash_answer,
}


def _life(
    runtime: Runtime, hub: Hub, ballot_box: BallotBox, signals: SignalRecorder
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """What is open and goes on for as long as the application runs."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await db.open_pool(runtime.settings.app_database_url)
        try:
            async with (
                beside(hub.run()),
                beside(ticker.run(runtime)),
                beside(log_ticker.run(runtime)),
                beside(housekeeping.run(runtime)),
                beside(signals.run()),
                beside(runtime.voting_crowd.run()),
                beside(fraud_ticker.run(runtime)),
            ):
                yield
        finally:
            for last in (ballot_box.finish, signals.flush, db.close_pool):
                with suppress(TimeoutError):
                    # a commit that is stalled for good must not keep the server from stopping
                    async with asyncio.timeout(ANSWER_WITHIN):
                        await last()
            await runtime.redis.aclose()

    return lifespan


def _csrf(settings: Settings, secret: str) -> CSRFConfig:
    return CSRFConfig(
        secret=secret,
        cookie_secure=settings.secure_cookies,
        cookie_httponly=True,
        cookie_path=settings.root_path or "/",
    )


@dataclass(frozen=True)
class Additions:
    """Routes that a start adds to those of the product, with their rows of the access table.

    The demo has such; a site has none.
    """

    routes: tuple[ControllerRouterHandler, ...] = ()
    access: Mapping[str, Right] = field(default_factory=dict)


def create_app(
    settings: Settings, clock: Clock | None = None, additions: Additions | None = None
) -> ASGIApp:
    """The whole server as one ASGI application.

    `settings` must name running engines (`core.engines.embedded` starts some).
    """
    additions = additions or Additions()
    runtime = Runtime(
        settings=settings,
        clock=clock or SystemClock(),
        keys=load_keys(settings.data_dir),
        redis=open_redis(settings.redis_url),
    )
    hub = Hub(runtime.redis)

    ballot_box = BallotBox(runtime.keys, runtime.redis)
    signals = SignalRecorder(ballot_box.boxes)

    guard = AccessGuard({**ACCESS, **additions.access})
    csrf_secret = runtime.keys.derived("csrf").hex()
    application = Litestar(
        route_handlers=[*ROUTES, *additions.routes],
        lifespan=[_life(runtime, hub, ballot_box, signals)],
        state=State(
            {
                "ballot_box": ballot_box,
                "hub": hub,
                "phase_gate": PhaseGate(PHASE_CHECKS),
                "runtime": runtime,
                "sender": make_sender(runtime),
                "signals": signals,
            }
        ),
        request_class=FormRequest,
        middleware=[
            SessionMiddleware,
            DefineMiddleware(CsrfCheck, config=_csrf(settings, csrf_secret)),
        ],
        guards=[guard, refuse_impossible_names],
        # the viewers that Litestar offers load their scripts from a CDN: the document alone
        openapi_config=OpenAPIConfig(
            "十百千", "1", render_plugins=[JsonRenderPlugin()], use_handler_docstrings=True
        ),
        dependencies=DEPENDENCIES,
        exception_handlers=ANSWERS,
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine(
                engine_instance=environment(settings, accounts_web.FILTERS)
            )
        ),
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5),
        request_max_body_size=MAX_BODY,
    )
    guard.bind(application.routes)
    guarded = SameOrigin(SecurityHeaders(application, settings), settings)
    board_lane = BoardLane(guarded, hub, settings)
    lane = VoteLane(board_lane, runtime, ballot_box, signals, ACCESS[VOTES], csrf_secret)
    return RootPath(lane, settings.root_path) if settings.root_path else lane
