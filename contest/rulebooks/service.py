"""The rulebooks that come with the software, reading one that was sent, and its versions."""

from functools import cache
from pathlib import Path
from typing import Any

from contest.rulebooks import store
from contest.rulebooks.rules.rulebook import Rulebook, RulebookError, parse_rulebook
from core.i18n import _
from core.problems import FieldError, Invalid

BUNDLED = Path(__file__).parent / "bundled"


@cache
def bundled_rulebooks() -> dict[str, str]:
    """Name → text, in TOML."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(BUNDLED.glob("*.toml"))}


def read_rulebook(text: str) -> Rulebook:
    """The rulebook in `text`; Invalid with every one of its errors if it is not one."""
    try:
        return parse_rulebook(text)
    except RulebookError as error:
        raise Invalid(
            "invalid_rulebook",
            _("规则文件有 %(n)s 处错误") % {"n": len(error.errors)},
            errors=[
                FieldError("rulebook_text", f"{path}：{sentence}" if path else sentence)
                for path, sentence in error.errors
            ],
        ) from error


async def rulebook_versions(contest_id: int) -> list[dict[str, Any]]:
    """Every version with its text, newest first."""
    return await store.versions(contest_id)
