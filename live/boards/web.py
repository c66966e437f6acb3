"""The published board for programs and browsers: JSON, socket, tables."""

from typing import Any

from litestar import Controller, MediaType, Response, WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath

from contest.editions import service as contests
from core.i18n import _
from core.problems import NotFound
from core.web.pages import AnyRequest
from live.boards import service
from live.boards.export import board_csv, board_xlsx
from live.boards.hub import Hub
from live.boards.rules import Snapshot
from live.boards.web_fast_path import REVALIDATE
from live.boards.websocket import follow

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BoardController(Controller):
    path = "/c/{slug:str}"

    @get("/board.json")
    async def board_json(
        self, request: AnyRequest, slug: FromPath[str], hub: NamedDependency[Hub]
    ) -> Response[bytes]:
        """The newest board, with an ETag; 304 when If-None-Match names it."""
        newest = await hub.newest(await hub.board_of(slug))
        if newest is None:
            raise _no_board()
        headers = {"ETag": newest.etag, "Cache-Control": REVALIDATE}
        if newest.etag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=headers)
        return Response(newest.body, media_type=MediaType.JSON, headers=headers)

    @get("/board.csv")
    async def board_as_csv(self, slug: FromPath[str]) -> Response[bytes]:
        return _file(board_csv(await _board(slug)), "text/csv; charset=utf-8", f"{slug}.csv")

    @get("/board.xlsx")
    async def board_as_xlsx(self, slug: FromPath[str]) -> Response[bytes]:
        return _file(board_xlsx(await _board(slug)), _XLSX, f"{slug}.xlsx")

    @websocket("/board/ws")
    async def board_socket(
        self, socket: WebSocket[Any, Any, Any], slug: FromPath[str], hub: NamedDependency[Hub]
    ) -> None:
        """Boards as they are published, each whole; the newest one at once."""
        topic = await hub.board_of(slug)
        await hub.newest(topic)
        await follow(socket, hub, [topic])


async def _board(slug: str) -> Snapshot:
    contest = await contests.public_contest(slug)
    board = await service.snapshot(contest.id)
    if board is None:
        raise _no_board()
    return board


def _no_board() -> NotFound:
    return NotFound("no_board_yet", _("排行榜还没有开始"))


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="board-{name}"',
            "Cache-Control": REVALIDATE,
        },
    )
