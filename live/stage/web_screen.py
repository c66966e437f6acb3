"""The hall's big screen: its page, and the socket that it follows."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service as contests
from core.runtime import Runtime
from core.web.pages import AnyRequest, page
from live.boards import service as boards
from live.boards.frames import Kind, Topic, encode
from live.boards.hub import Hub
from live.boards.websocket import follow
from live.stage import service as show_service


class ScreenController(Controller):
    path = "/c/{slug:str}"

    @get("/screen")
    async def screen(
        self, request: AnyRequest, slug: FromPath[str], now: NamedDependency[datetime]
    ) -> Template:
        """The hall's big screen. The host chooses what it shows."""
        contest = await contests.public_contest(slug)
        state = await show_service.state_of(contest)
        return page(
            request,
            "live/stage/screen.html",
            contest=contest,
            board=await boards.snapshot(contest.id),
            state=state,
            show=encode(state).decode(),
            now_ms=int(now.timestamp() * 1000),
        )

    @websocket("/screen/ws")
    async def screen_socket(
        self,
        socket: WebSocket[Any, Any, Any],
        slug: FromPath[str],
        hub: NamedDependency[Hub],
        runtime: NamedDependency[Runtime],
    ) -> None:
        """Boards, what the host shows, and every few seconds the time, as a sign of life."""
        board = await hub.board_of(slug)
        topics = [board, Topic(Kind.SHOW, board.contest_id)]
        for topic in topics:
            await hub.newest(topic)

        def beat() -> bytes:
            return msgspec.json.encode({"kind": "beat", "now": runtime.clock.now()})

        await follow(socket, hub, topics, beat)
