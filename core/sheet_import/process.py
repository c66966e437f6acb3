"""The process that takes a stranger's file apart: the file is its standard input.

What to do is read from another open file, whose number is the only argument. The answer on
the standard output is a run of messages, each with its length before it. A library that runs
out of memory, loops or crashes on a forged file ends this process alone.
"""

import os
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import msgspec

from core.i18n import _
from core.sheet_import.cells import Unreadable
from core.sheet_import.fields import Field
from core.sheet_import.formats.opening import open_table
from core.sheet_import.headings import known_words
from core.sheet_import.limits import MOST_MEMORY, MOST_SECONDS
from core.sheet_import.mapping import Mapping
from core.sheet_import.preview import Preview, examine, records
from core.sheet_import.reading import Record

LENGTH = struct.Struct("<I")
BATCH = 500


@dataclass(frozen=True)
class Request:
    """What is wanted of the file: its records, or only its preview."""

    fields: tuple[Field, ...]
    mapping: Mapping
    records: bool = False


class Progress(msgspec.Struct, tag="progress", frozen=True):
    rows: int
    part: float
    """How much of the file has been read, from 0 to 1."""


class Refusal(msgspec.Struct, tag="refusal", frozen=True):
    sentence: str


class Previewed(msgspec.Struct, tag="preview", frozen=True):
    preview: Preview


class Batch(msgspec.Struct, tag="records", frozen=True):
    """Rows of (row, values, raw). Decimals travel as text, moments as instants."""

    rows: list[tuple[int, list[object], list[str]]]


class Done(msgspec.Struct, tag="done", frozen=True):
    peak_kib: int
    seconds: float


Message = Progress | Refusal | Previewed | Batch | Done


def main() -> None:
    """Answer within the limits, which this process cannot lift again."""
    with open(int(sys.argv[1]), "rb") as told:  # noqa: PTH123 - an open file's number
        request = msgspec.msgpack.decode(told.read(), type=Request)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        for message in answer(sys.stdin.buffer, request):
            _send(out, message)
    except Unreadable as refusal:
        _send(out, Refusal(str(refusal)))
    except MemoryError:
        _send(out, Refusal(_("这个表格需要的内存过多，请只留需要的一张表，另存为 .csv 再上传")))
    used = resource.getrusage(resource.RUSAGE_SELF)
    _send(out, Done(used.ru_maxrss, used.ru_utime + used.ru_stime))
    out.flush()


def answer(file: BinaryIO, request: Request) -> Iterator[Message]:
    """The messages that answer a request, all but the last. Raises Unreadable."""
    book = open_table(file, known_words(request.fields))
    size = max(1, os.fstat(file.fileno()).st_size)

    def part() -> float:
        return min(1.0, os.lseek(file.fileno(), 0, os.SEEK_CUR) / size)

    if not request.records:

        def tell(rows: int) -> None:
            _send(sys.stdout.buffer, Progress(rows, part()))

        yield Previewed(examine(book, request.fields, request.mapping, tell))
        return
    rows, read = 0, records(book, request.fields, request.mapping)
    while batch := _batch(read):
        rows += len(batch)
        yield Batch(batch)
        yield Progress(rows, part())


def _batch(read: Iterator[Record]) -> list[tuple[int, list[object], list[str]]]:
    return [(record.row, list(record.values), list(record.raw)) for record in islice(read, BATCH)]


def _send(out: BinaryIO, message: Message) -> None:
    content = _ENCODER.encode(message)
    out.write(LENGTH.pack(len(content)))
    out.write(content)


_ENCODER = msgspec.msgpack.Encoder()

if __name__ == "__main__":
    main()
