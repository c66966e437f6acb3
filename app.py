"""The composition root: the only place where the parts are put together."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
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
from accounts.sign_in.sms.senders import Sender, make_sender
from contest import web as contest_web
from contest.phases.conditions import PhaseCheck, PhaseConditions
from core.background_tasks import background_task
from core.clock import Clock, SystemClock
from core.crypto import KeyRing, load_keys
from core.database import db
from core.problems import Problem, SignInRequired
from core.redis_client import open_redis
from core.runtime import Runtime
from core.settings import Settings
from core.web import assets, csrf
from core.web.answers import crash_answer, http_error_answer, problem_answer
from core.web.edge import RootPath, SameOrigin, SecurityHeaders
from core.web.pages import environment
from core.web.requests import CsrfCheck, FormRequest, refuse_impossible_names
from live.boards import service as boards
from live.boards import ticker
from live.boards.hub import Hub
from live.boards.web import BoardController
from live.boards.web_fast_path import ROUTE as BOARD
from live.boards.web_fast_path import BoardFastPath
from live.site.web_contest import ContestPages, rulebook_file
from live.site.web_public import public_routes
from live.stage.web_host import ShowController
from live.stage.web_screen import ScreenController
from scoring.judging import service as judging
from scoring.judging.panel.web import PanelPages
from scoring.judging.running_order.web import RunningOrderPages
from scoring.judging.sheets.web_sheet import JudgeSheet
from scoring.judging.sheets.web_tablet import JudgeTablet
from scoring.results import certification
from scoring.results.web_certify import CertifyPages
from scoring.results.web_public import ResultPages
from scoring.results.what_if import award_change
from voting.boxes.service import Boxes
from voting.casting.ballot_box import ANSWER_WITHIN, BallotBox
from voting.casting.web import VotePages
from voting.casting.web_fast_path import ROUTE as VOTES
from voting.casting.web_fast_path import VoteFastPath
from voting.merkle_log import ticker as log_ticker
from voting.merkle_log.web import LogDocuments
from voting.phase_conditions import check as voting_phase_check
from voting.public_ledger.web import BoardFrozen, LedgerPages
from voting.receipts.web import OwnVotesPages, ReceiptPages
from voting.review.cases import service as cases
from voting.review.cases import ticker as fraud_ticker
from voting.review.cases.web import CasePages
from voting.review.changes.impact import AwardChange
from voting.review.changes.web import CaseOfVoid, RestorationPages, VoidPages
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


def provide_boxes(state: State) -> Boxes:
    return state.ballot_box.boxes  # type: ignore[no-any-return]


def provide_phase_conditions(state: State) -> PhaseConditions:
    return state.phase_conditions  # type: ignore[no-any-return]


def provide_sender(state: State) -> Sender:
    return state.sender  # type: ignore[no-any-return]


def provide_board_frozen() -> BoardFrozen:
    return boards.is_frozen


def provide_award_change() -> AwardChange:
    return award_change


def provide_case_of_void() -> CaseOfVoid:
    return cases.case_of_void


def provide_signals(state: State) -> SignalRecorder:
    return state.signals  # type: ignore[no-any-return]


def provide_hub(state: State) -> Hub:
    return state.hub  # type: ignore[no-any-return]


ROUTES: tuple[ControllerRouterHandler, ...] = (
    BoardController,
    ScreenController,
    CasePages,
    ShowController,
    JudgeSheet,
    JudgeTablet,
    LedgerPages,
    LogDocuments,
    OwnVotesPages,
    PanelPages,
    RunningOrderPages,
    ReceiptPages,
    RestorationPages,
    VoidPages,
    VotePages,
    accounts_web.routes,
    health,
    *contest_web.ROUTES,
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
    "case_of_void": Provide(provide_case_of_void, sync_to_thread=False),
    "board_frozen": Provide(provide_board_frozen, sync_to_thread=False),
    "hub": Provide(provide_hub, sync_to_thread=False),
    "ballot_box": Provide(provide_ballot_box, sync_to_thread=False),
    "boxes": Provide(provide_boxes, sync_to_thread=False),
    "me": Provide(provide_me, sync_to_thread=False),
    "now": Provide(provide_now, sync_to_thread=False),
    "phase_conditions": Provide(provide_phase_conditions, sync_to_thread=False),
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


@asynccontextmanager
async def _life(application: Litestar) -> AsyncIterator[None]:
    """What is open and goes on for as long as the application runs."""
    state = application.state
    runtime, signals = state.runtime, state.signals
    await db.open_pool(runtime.settings.app_database_url)
    try:
        async with (
            background_task(state.hub.run()),
            background_task(ticker.run(runtime)),
            background_task(log_ticker.run(runtime)),
            background_task(housekeeping.run(runtime)),
            background_task(signals.run()),
            background_task(runtime.vote_rate.run()),
            background_task(fraud_ticker.run(runtime)),
        ):
            yield
    finally:
        for last in (state.ballot_box.finish, signals.flush, db.close_pool):
            with suppress(TimeoutError):
                # a commit that is stalled for good must not keep the server from stopping
                async with asyncio.timeout(ANSWER_WITHIN):
                    await last()
        await runtime.redis.aclose()


def _csrf(settings: Settings, secret: str) -> CSRFConfig:
    return CSRFConfig(
        secret=secret,
        cookie_name=csrf.COOKIE,
        header_name=csrf.HEADER,
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
    keys = load_keys(settings.data_dir)
    framework = make_framework(settings, keys, additions or Additions())
    return with_state(framework, settings, keys, clock)


def make_framework(settings: Settings, keys: KeyRing, additions: Additions) -> Litestar:
    """The routes, layers and templates, which keep nothing between requests.

    This takes a fifth of a second, so tests give new state to a framework that is made already.
    """
    guard = AccessGuard({**ACCESS, **additions.access})
    framework = Litestar(
        route_handlers=[*ROUTES, *additions.routes],
        lifespan=[_life],
        request_class=FormRequest,
        middleware=[
            SessionMiddleware,
            DefineMiddleware(CsrfCheck, config=_csrf(settings, _csrf_secret(keys))),
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
    guard.bind(framework.routes)
    return framework


def with_state(
    framework: Litestar, settings: Settings, keys: KeyRing, clock: Clock | None = None
) -> ASGIApp:
    """The framework with new state (engines' connections, ballot box, boards) and the layers in
    front of it."""
    runtime = Runtime(
        settings=settings,
        clock=clock or SystemClock(),
        keys=keys,
        redis=open_redis(settings.redis_url),
    )
    hub = Hub(runtime.redis)
    ballot_box = BallotBox(runtime.keys, runtime.redis)
    signals = SignalRecorder(ballot_box.boxes)
    framework.state = State(
        {
            "ballot_box": ballot_box,
            "hub": hub,
            "phase_conditions": PhaseConditions(PHASE_CHECKS),
            "runtime": runtime,
            "sender": make_sender(runtime),
            "signals": signals,
        }
    )
    guarded = SameOrigin(SecurityHeaders(framework, settings), settings)
    board_fast_path = BoardFastPath(guarded, hub, settings, ACCESS[BOARD])
    right, secret = ACCESS[VOTES], _csrf_secret(keys)
    fast_path = VoteFastPath(board_fast_path, runtime, ballot_box, signals, right, secret)
    return RootPath(fast_path, settings.root_path) if settings.root_path else fast_path


def _csrf_secret(keys: KeyRing) -> str:
    return keys.derived("csrf").hex()
