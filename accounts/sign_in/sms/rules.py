"""When a code sent by SMS is accepted."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
# Five guesses at six digits succeed once in 200,000, and few codes a day go to one phone.
CODE_TRIES = 5


class CodeOutcome(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "code_expired"
    USED = "code_used"
    EXHAUSTED = "code_exhausted"


_CODE = re.compile(rf"[0-9]{{{CODE_DIGITS}}}")


def code_in(typed: str) -> str:
    """The code that was typed, with spaces between or full-width digits; "" if it is none."""
    code = unicodedata.normalize("NFKC", typed).replace(" ", "")
    return code if _CODE.fullmatch(code) else ""


@dataclass(frozen=True)
class SentCode:
    """The state of one code; `tries` counts the wrong guesses so far."""

    expires_at: datetime
    tries: int
    used: bool


def judge_code(code: SentCode, *, matches: bool, now: datetime) -> CodeOutcome:
    """The outcome of entering a code. A code that can no longer be used is reported as such,
    whether or not the entry was right."""
    if code.used:
        return CodeOutcome.USED
    if now >= code.expires_at:
        return CodeOutcome.EXPIRED
    if code.tries >= CODE_TRIES:
        return CodeOutcome.EXHAUSTED
    return CodeOutcome.RIGHT if matches else CodeOutcome.WRONG
