"""Running the ASGI application in this process until it is told to stop."""

import contextlib
import gc
import socket
from collections.abc import Callable

import uvicorn

from core.files.open_files import allow_open_files
from core.settings import Settings
from core.web.private_uvicorn import ShortAnswerProtocol, WebSocketWriterProtocol

# A proxy drains a stopping server within this time; open sockets are then closed.
GRACE_SECONDS = 5


class PortInUse(Exception):
    """Another program listens where this server should."""


def listen(settings: Settings) -> socket.socket:
    """The listening socket, taken before anything else is started.

    Raises PortInUse, so that a second server is refused before it touches any data.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if settings.share_port:
        # the kernel spreads connections over all processes that listen so
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise PortInUse(
            f"端口 {settings.port} 已被别的程序占用，请先停止它，或用 PORT=… 另选端口。"
            f" (port {settings.port} on {settings.host} is in use: {error.strerror})"
        ) from error
    return listener


def serve(application: object, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is called once requests are answered.

    The application itself reads proxy headers, from the proxies that settings name.
    """

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                on_ready()

    allow_open_files()
    # Most objects at this point are imported code that lives as long as the server. Excluded from
    # garbage collection, they do not lengthen its pauses.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        http=ShortAnswerProtocol,
        ws=WebSocketWriterProtocol,
        ws_ping_interval=20,
        # compressing a board again for each of thousands of watchers costs more than it saves
        ws_per_message_deflate=False,
    )
    # uvicorn raises KeyboardInterrupt again after its orderly stop
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])
