"""What can go wrong, told to a person: a status code, a code for programs, a sentence.

Services raise these; `core.web.answers` turns them into a page or an RFC 9457 problem
document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its name in the form, and the sentence beside it."""

    field: str
    message: str


class Problem(Exception):
    """A refusal that the person can understand.

    `code` is stable and for programs ("vote_quota_used"); `message` is for people.
    """

    status = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.more: dict[str, Any] = {}
        """Further members of the problem document, for programs."""


class SignInRequired(Problem):
    status = 401


class NotAllowed(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    """The request is well formed, but the state of things forbids it now."""

    status = 409


class Invalid(Problem):
    """A form with errors; carries all of them at once."""

    status = 422


class TooMany(Problem):
    status = 429


class Unavailable(Problem):
    status = 503
