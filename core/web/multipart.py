"""Parsing a multipart form without leaving a temporary file open, whatever interrupts it.

Litestar's own reader closes its files when the form is malformed, but not when the client
hangs up, the body turns out too large, or a field names a charset that it is not written in.
"""

from collections.abc import AsyncIterable
from typing import Any

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)


async def read_multipart(
    chunks: AsyncIterable[bytes], boundary: bytes, *, most_parts: int
) -> dict[str, Any]:
    """Each field's value, or the list of its values: text, or an UploadFile to be closed.

    A body without a byte is a form without fields. Raises ClientException for what is no such
    form, and passes on what `chunks` raises.
    """
    stream = aiter(chunks)
    chunk = await anext(stream, b"")
    if not chunk:
        return {}
    reader = _Reader()
    try:
        with PushMultipartParser(boundary, max_segment_count=most_parts) as parser:
            while not parser.closed:
                for piece in parser.parse(chunk):
                    await reader.take(piece)
                chunk = await anext(stream, b"")
    except (MultipartError, UnicodeError, LookupError) as error:
        await reader.close()
        raise ClientException("no multipart form, or a field that is no text") from error
    except BaseException:
        await reader.close()
        raise
    return {
        name: values if len(values) > 1 else values[0] for name, values in reader.fields.items()
    }


class _Reader:
    """Gathers the parser's pieces: a segment's head, then its bytes, then None at its end."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Any]] = {}
        self._files: list[UploadFile] = []
        self._segment: Any = None
        self._text = bytearray()

    async def take(self, piece: Any) -> None:
        if isinstance(piece, MultipartSegment):
            self._segment = piece
            self._text = bytearray()
            if piece.filename:
                self._open_file(piece)
        elif piece is not None:
            await self._write(piece)
        else:
            await self._finish()

    async def close(self) -> None:
        for file in self._files:
            await file.close()

    def _open_file(self, segment: Any) -> None:
        kind = segment.content_type or "text/plain"
        file = UploadFile(kind, segment.filename, headers=dict(segment.headerlist))
        self._files.append(file)

    async def _write(self, piece: bytearray) -> None:
        if self._segment.filename:
            await self._files[-1].write(piece)
        else:
            self._text += piece

    async def _finish(self) -> None:
        value: Any
        if self._segment.filename:
            value = self._files[-1]
            await value.seek(0)
        else:
            value = self._text.decode(self._segment.charset or "utf-8")
            value.encode()  # UTF-7 can name lone surrogates, which are no text
        self.fields.setdefault(self._segment.name, []).append(value)
