"""A rulebook as it is sent: a file, one of those that come with the software, or text."""

from collections.abc import Mapping
from typing import Any

from core.i18n import _
from core.problems import FieldError, Invalid


def rulebook_from(typed: Mapping[str, Any], file: bytes, shipped: Mapping[str, str]) -> str:
    """The rulebook's text: an uploaded file first, then the one picked, then what was pasted.

    Raises Invalid about "rulebook_file" for a file that is not UTF-8 text.
    """
    if file:
        try:
            return file.decode("utf-8")
        except UnicodeDecodeError as error:
            message = _("规则文件应当是 UTF-8 文字")
            raise Invalid(
                "invalid_rulebook", message, errors=[FieldError("rulebook_file", message)]
            ) from error
    picked = str(typed.get("rulebook_pick", ""))
    if picked in shipped:
        return shipped[picked]
    # Browsers send line ends as CRLF; the digest is of the text as its author wrote it.
    return str(typed.get("rulebook_text", "")).replace("\r\n", "\n")
