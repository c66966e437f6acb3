"""What a vote's request shows, handed to the recorder, and the device's own cookie."""

import secrets
from datetime import datetime
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.datastructures import Cookie

from core.network import client_address
from voting.rules.signal import Seen
from voting.service import Accepted
from voting.signals import SignalRecorder

BROWSER_COOKIE = "browser"
_SECONDS = 180 * 24 * 3600
_LETTERS = 22
_Answer = TypeVar("_Answer", bound=Response[Any])


def note_signal(
    request: Request[Any, Any, Any],
    answer: _Answer,
    signals: SignalRecorder,
    contest_id: int,
    accepted: Accepted,
    now: datetime,
) -> _Answer:
    """Note the signals of a ballot that was just accepted; the answer with the cookie set.

    A browser without the cookie is given one with its first vote, which already counts as
    cast from it. A repeated answer notes nothing: its ballot has been noted.
    """
    if accepted.repeated:
        return answer
    settings = request.app.state.runtime.settings
    device = request.cookies.get(BROWSER_COOKIE, "")
    if len(device) != _LETTERS:
        device = secrets.token_urlsafe(16)
        answer.set_cookie(
            Cookie(
                key=BROWSER_COOKIE,
                value=device,
                path=settings.root_path or "/",
                max_age=_SECONDS,
                secure=settings.secure_cookies,
                httponly=True,
                samesite="lax",
            )
        )
    signals.note(
        Seen(
            contest_id=contest_id,
            sequence=accepted.sequence,
            account_id=request.user.account_id,
            at=now,
            address=client_address(request.scope, settings),
            device=device,
            user_agent=request.headers.get("user-agent", ""),
        )
    )
    return answer
