"""Reading tables that people upload: .xlsx, .xls and .csv become rows of text.

An uploaded file is parsed in a process of its own (`core.files.spreadsheet_reader`) with limits on
memory and time, so that no file can stop the server.
"""

import subprocess
import sys
import threading

import msgspec
import structlog

from core.files.spreadsheet_reader import MOST_BYTES
from core.i18n import _
from core.paths import ROOT
from core.problems import FieldError, Invalid

SECONDS = 60
"""A whole minute: the reader's own limit counts processor time, and the machine may be busy."""

# A table needs a few hundred MB at its worst; more readers at once wait for their turn.
_TURNS = threading.BoundedSemaphore(2)
_READER = [sys.executable, "-m", "core.files.spreadsheet_reader"]
_log = structlog.get_logger("spreadsheets")


def read_rows(content: bytes, field: str) -> list[list[str]]:
    """The rows of the first sheet as trimmed text, blank rows as empty lists. Blocks.

    Row 1 of the file is item 0. Numbers keep their value without an exponent; moments are
    ISO. Raises Invalid about `field` with a sentence that says what to do.
    """
    if len(content) > MOST_BYTES:
        raise _refusal(field, _("文件超过 10 MB，请拆分后再上传"))
    if not content.strip():
        raise _refusal(field, _("文件是空的"))
    answer = _ask_reader(content)
    if isinstance(answer, str):
        raise _refusal(field, answer)
    return answer


def _ask_reader(content: bytes) -> list[list[str]] | str:
    """The rows, or the sentence that refuses them. The reader is given nothing but the file."""
    try:
        with _TURNS:
            reader = subprocess.run(  # noqa: S603 - our own program, nothing typed in its name
                _READER,
                check=False,
                input=content,
                capture_output=True,
                timeout=SECONDS,
                cwd=ROOT,
                env={},
            )
        if reader.returncode == 0:
            return msgspec.json.decode(reader.stdout, type=list[list[str]] | str)
        _log.warning(
            "reader_gave_up",
            code=reader.returncode,
            said=reader.stderr[-500:].decode("utf-8", "replace"),
        )
    except subprocess.TimeoutExpired:
        _log.warning("reader_gave_up", seconds=SECONDS)
    return _("这个表格过大（最多 2 万行、100 列）或已损坏，请只留需要的一张表，另存为 .csv 再上传")


def _refusal(field: str, message: str) -> Invalid:
    return Invalid("unreadable_file", message, errors=[FieldError(field, message)])
