"""The one reader of tables that strangers export, for whoever has a file and fields.

`preview` tells what a file would become, `records` gives it once that is settled. Both block,
and read the file in a process of its own, which may use only so much memory and time:
whatever is in it, the server goes on.
"""

import asyncio
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, BinaryIO

import msgspec
import structlog

from core.beijing import BEIJING
from core.i18n import _
from core.paths import ROOT
from core.problems import FieldError, Invalid
from core.sheet_import.cells import Unreadable
from core.sheet_import.fields import MEASURED, Field, Kind
from core.sheet_import.limits import MOST_SECONDS
from core.sheet_import.mapping import Mapping
from core.sheet_import.preview import Preview
from core.sheet_import.process import (
    LENGTH,
    Batch,
    Done,
    Message,
    Previewed,
    Progress,
    Refusal,
    Request,
)
from core.sheet_import.reading import Record
from core.sheet_import.values import Value

SECONDS = 2 * MOST_SECONDS
"""Of the clock; the reader's own limit is on the processor's time, and machines are busy."""
MOST_MESSAGE = 64 * 1024 * 1024

# A table needs a few hundred MB at its worst; more readers at once wait for their turn.
_TURNS = threading.BoundedSemaphore(2)
_READER = [sys.executable, "-m", "core.sheet_import.process"]
_log = structlog.get_logger("sheet_import")
_DECODER = msgspec.msgpack.Decoder(Message)
OnProgress = Callable[[Progress], None]


def _nobody(_progress: Progress) -> None:
    return


def preview(
    file: BinaryIO, fields: Sequence[Field], mapping: Mapping, on_progress: OnProgress = _nobody
) -> Preview:
    """What the file would become. `file` is an open file of the operating system's.

    Raises Unreadable with the sentence for the uploader.
    """
    found = None
    for message in _messages(file, Request(tuple(fields), mapping)):
        if isinstance(message, Previewed):
            found = message.preview
        elif isinstance(message, Progress):
            on_progress(message)
    if found is None:
        raise _gave_up()
    return found


def records(
    file: BinaryIO, fields: Sequence[Field], mapping: Mapping, on_progress: OnProgress = _nobody
) -> Iterator[list[Record]]:
    """The records in batches, each with a value for each of `fields`, in their order.

    `mapping` is that of a settled preview. Raises Unreadable.
    """
    made = [_MAKERS[field.kind] for field in fields]
    for message in _messages(file, Request(tuple(fields), mapping, records=True)):
        if isinstance(message, Batch):
            yield [_record(row, values, raw, made) for row, values, raw in message.rows]
        elif isinstance(message, Progress):
            on_progress(message)


def _record(
    row: int, sent: list[object], raw: list[str], made: Sequence[Callable[[Any], Value]]
) -> Record:
    values = tuple(
        None if value is None else make(value) for make, value in zip(made, sent, strict=True)
    )
    return Record(row, values, tuple(raw))


def _moment(sent: datetime) -> datetime:
    return sent.astimezone(BEIJING)


_MAKERS: dict[Kind, Callable[[Any], Value]] = {
    **dict.fromkeys(MEASURED, Decimal),
    Kind.COUNT: int,
    Kind.MOMENT: _moment,
    Kind.DAY: date.fromisoformat,
    Kind.SPAN: lambda sent: (_moment(sent[0]), _moment(sent[1])),
    Kind.KEY: str,
    Kind.NAME: str,
    Kind.TEXT: str,
}


async def records_in_background(
    file: BinaryIO, fields: Sequence[Field], mapping: Mapping, on_progress: OnProgress = _nobody
) -> AsyncIterator[list[Record]]:
    """As `records`, waiting for each batch off the event loop."""
    batches = records(file, fields, mapping, on_progress)
    try:
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            yield batch
    finally:
        await asyncio.to_thread(batches.close)  # type: ignore[attr-defined]  # a generator


@contextmanager
def as_file(content: bytes) -> Iterator[BinaryIO]:
    """Uploaded bytes as a file that the reader can be given; gone when it is closed."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def refused(field: str, refusal: Unreadable) -> Invalid:
    """The problem that a page or an API tells about the file in `field`."""
    message = str(refusal)
    return Invalid("unreadable_file", message, errors=[FieldError(field, message)])


def _messages(file: BinaryIO, request: Request) -> Iterator[Message]:
    """What the reading process says, to its end. It is told nothing but file and request."""
    with _TURNS, tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(msgspec.msgpack.encode(request))
        told.seek(0)
        file.seek(0)
        number = told.fileno()
        reader = subprocess.Popen(  # noqa: S603 - our own program, nothing typed in its name
            [*_READER, str(number)], stdin=file, stdout=subprocess.PIPE, stderr=said,
            cwd=ROOT, env={}, pass_fds=[number],
        )  # fmt: skip
        watch = threading.Timer(SECONDS, reader.kill)
        watch.start()
        finished = False
        try:
            assert reader.stdout is not None
            for message in _framed(reader.stdout):
                finished = finished or isinstance(message, (Done, Refusal))
                if isinstance(message, Refusal):
                    raise Unreadable(message.sentence)
                yield message
            if not finished:
                raise _gave_up()
        finally:
            watch.cancel()
            reader.kill()
            code = reader.wait()
            if reader.stdout is not None:
                reader.stdout.close()
            if not finished:
                said.seek(0)
                _log.warning(
                    "reader_stopped", code=code, said=said.read()[-500:].decode("utf-8", "replace")
                )


def _framed(stream: IO[bytes]) -> Iterator[Message]:
    """The messages of a stream that may end at any byte. Raises Unreadable at nonsense."""
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if length > MOST_MESSAGE:
            raise _gave_up()
        content = stream.read(length)
        if len(content) < length:
            return
        try:
            yield _DECODER.decode(content)
        except msgspec.MsgspecError as error:
            raise _gave_up() from error


def _gave_up() -> Unreadable:
    sentence = _("这个表格过大或已损坏，请只留需要的一张表，另存为 .csv 再上传")
    return Unreadable(sentence)
