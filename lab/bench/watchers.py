"""Thousands of watching sockets in one process, read by epoll, which records when each frame
arrives.

`python -m lab.bench.watchers` opens sockets as told on its standard input and answers each line
with one line. It does as little as it can for each frame, so that the time is the server's; it is
the same for both sides.

    open NAME PORT PATH COUNT   -> opened
    collect NAME SECONDS        -> the monotonic times at which each socket had the next frame
    close                       -> the process ends
"""

import gc
import json
import select
import socket
import sys
import time
from typing import Any

from core.files.open_files import allow_open_files

_PING, _TEXT, _BINARY = 0x89, 0x81, 0x82
_TWO_BYTE_LENGTH = 126
_CHUNK = 1 << 16


class Watchers:
    """The sockets of one side."""

    def __init__(self) -> None:
        self.sockets: dict[int, socket.socket] = {}
        self._epoll = select.epoll()
        self._buffers: dict[int, bytearray] = {}

    def open(self, port: int, path: str, count: int) -> None:
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
        for _socket in range(count):
            one = socket.create_connection(("127.0.0.1", port), timeout=30)
            one.sendall(request)
            got = b""
            while b"\r\n\r\n" not in got:
                got += one.recv(_CHUNK)
            head, _blank, rest = got.partition(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise RuntimeError(head.decode())
            one.setblocking(False)
            self.sockets[one.fileno()] = one
            self._buffers[one.fileno()] = bytearray(rest)
            self._epoll.register(one.fileno(), select.EPOLLIN)

    def collect(self, seconds: float, wanted: int) -> list[float]:
        """When each socket had one whole message more; at most `seconds` are waited."""
        began = time.monotonic()
        arrived = {number: began for number in self.sockets if self._take(number)}
        deadline = time.monotonic() + seconds
        while len(arrived) < wanted and (left := deadline - time.monotonic()) > 0:
            for number, _event in self._epoll.poll(left, 512):
                got = self.sockets[number].recv(_CHUNK)
                if not got:
                    raise RuntimeError("the server closed a socket")
                self._buffers[number] += got
                if self._take(number):
                    arrived.setdefault(number, time.monotonic())
        return list(arrived.values())

    def _take(self, number: int) -> bool:
        """Take apart what was read; whether a message was completed by it."""
        buffer, message = self._buffers[number], False
        while (size := _frame_size(buffer)) and len(buffer) >= size:
            if buffer[0] == _PING:
                payload = bytes(buffer[2:size])
                self.sockets[number].send(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)
            message = message or buffer[0] in (_TEXT, _BINARY)
            del buffer[:size]
        return message


def _frame_size(buffer: bytearray) -> int:
    """Of the frame that begins the buffer, head included; 0 when that cannot be told yet."""
    if len(buffer) < 2:
        return 0
    if buffer[1] < _TWO_BYTE_LENGTH:
        return 2 + buffer[1]
    words = 2 if buffer[1] == _TWO_BYTE_LENGTH else 8
    if len(buffer) < 2 + words:
        return 0
    return 2 + words + int.from_bytes(buffer[2 : 2 + words], "big")


def _obey(sides: dict[str, Watchers], words: list[str]) -> Any:
    verb, name = words[0], words[1]
    if verb == "open":
        side = sides.setdefault(name, Watchers())
        side.open(int(words[2]), words[3], int(words[4]))
        return "opened"
    return sides[name].collect(float(words[2]), len(sides[name].sockets))


def main() -> None:
    allow_open_files()
    gc.disable()
    sides: dict[str, Watchers] = {}
    for line in sys.stdin:
        words = line.split()
        if words[0] == "close":
            break
        sys.stdout.write(json.dumps(_obey(sides, words)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
