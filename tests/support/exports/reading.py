"""The reader as tests use it: a file's bytes, in this process."""

import io
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from core.sheet_import.fields import Field
from core.sheet_import.formats.opening import open_table
from core.sheet_import.headings import known_words
from core.sheet_import.mapping import Mapping
from core.sheet_import.preview import Preview, examine, records
from core.sheet_import.reading import Record

NEW = Mapping("抖音", "直播间列表")


def look(
    content: bytes, fields: Sequence[Field], answers: AnyMapping[str, str] | None = None
) -> Preview:
    book = open_table(io.BytesIO(content), known_words(tuple(fields)))
    return examine(book, fields, NEW.answered(answers or {}))


def take(content: bytes, fields: Sequence[Field], preview: Preview) -> list[Record]:
    book = open_table(io.BytesIO(content), known_words(tuple(fields)))
    return list(records(book, fields, preview.mapping))


def values(
    content: bytes, fields: Sequence[Field], answers: AnyMapping[str, str] | None = None
) -> list[tuple[object, ...]]:
    """The values of a file that holds no doubt but those answered."""
    preview = look(content, fields, answers)
    assert preview.is_settled, (preview.questions, preview.faults)
    return [record.values for record in take(content, fields, preview)]


def sentences(preview: Preview) -> list[str]:
    return [f"{fault.row}:{fault.column}:{fault.sentence}" for fault in preview.faults]
