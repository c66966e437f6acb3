"""Messages as the bytes that all sockets are sent: encoded once, compared by version."""

import gzip
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import msgspec

from core.web.websocket_writer import wire
from live.boards.rules import Snapshot


class Kind(StrEnum):
    BOARD = "board"
    SHOW = "show"


@dataclass(frozen=True)
class Topic:
    """What a socket may follow: one kind of message about one contest."""

    kind: Kind
    contest_id: int


@dataclass(frozen=True)
class Frame:
    """One version of one topic. `etag` is of the content, so that a database restored to an
    earlier time never answers 304 for another board of the same version."""

    version: int
    body: bytes
    etag: str

    @cached_property
    def wire(self) -> bytes:
        """As a WebSocket frame, made once for all sockets."""
        return wire(self.body)

    @cached_property
    def gzipped(self) -> bytes:
        """Compressed once for everyone who asks; fast rather than small, as it is done in the
        middle of a rush."""
        return gzip.compress(self.body, compresslevel=5, mtime=0)


def frame(version: int, body: bytes) -> Frame:
    return Frame(version, body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')


def encode(message: object) -> bytes:
    """The JSON of a board (`Snapshot`) or of what a screen shows (`ScreenState`)."""
    return msgspec.json.encode(message)


def decode_snapshot(body: bytes) -> Snapshot:
    return msgspec.json.decode(body, type=Snapshot)
