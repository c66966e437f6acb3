"""A small reverse proxy, as a city portal puts one before this site."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

NOT_OURS = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Proxy:
    """Passes everything below `prefix` on to `upstream`, and answers 404 to all else.

    It names the client as `client_address`, keeps the Host of the portal, and takes the prefix
    off the path if `strips`. WebSockets pass too.
    """

    upstream: str
    prefix: str
    strips: bool
    client_address: str
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            await self._pass_on(head.decode("latin-1"), reader, writer)
        writer.close()

    async def _pass_on(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request, *headers = head.removesuffix("\r\n\r\n").split("\r\n")
        method, path, version = request.split(" ")
        if not path.startswith(self.prefix + "/"):
            writer.write(
                b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            return
        if self.strips:
            path = path.removeprefix(self.prefix)
        if not any(line.lower().startswith("upgrade:") for line in headers):
            headers = [line for line in headers if not line.lower().startswith("connection:")]
            headers.append("Connection: close")
        headers.append(f"X-Forwarded-For: {self.client_address}")
        target = urlsplit(self.upstream)
        to_server = await asyncio.open_connection(target.hostname, target.port)
        lines = [f"{method} {path} {version}", *headers, "", ""]
        to_server[1].write("\r\n".join(lines).encode("latin-1"))
        upward = asyncio.create_task(_copy(reader, to_server[1]))
        await _copy(to_server[0], writer)
        upward.cancel()
        to_server[1].close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while part := await source.read(65536):
            sink.write(part)
            await sink.drain()


@contextmanager
def proxying(proxy: Proxy) -> Iterator[None]:
    """Run the proxy on its port, in a thread of its own."""
    started = threading.Event()
    stop = asyncio.Event()
    runner = asyncio.Runner()

    async def run() -> None:
        async with await asyncio.start_server(proxy.serve, "127.0.0.1", proxy.port):
            started.set()
            await stop.wait()

    def serve_until_stopped() -> None:
        with runner:  # which also ends what is under way through the proxy
            runner.run(run())

    thread = threading.Thread(target=serve_until_stopped)
    thread.start()
    started.wait()
    try:
        yield
    finally:
        runner.get_loop().call_soon_threadsafe(stop.set)
        thread.join()
