"""What a vote's request shows, handed to the recorder, and the device's own cookie."""

import secrets
from datetime import datetime

from litestar.datastructures import Cookie
from litestar.types import Scope

from accounts.middleware import cookie
from core.edge import header
from core.network import client_address
from core.settings import Settings
from voting.rules.signal import Seen
from voting.service import Accepted
from voting.signals import SignalRecorder

BROWSER_COOKIE = "browser"
_SECONDS = 180 * 24 * 3600
_LETTERS = 22


def note_signal(
    scope: Scope,
    settings: Settings,
    signals: SignalRecorder,
    contest_id: int,
    voter_id: int,
    accepted: Accepted,
    now: datetime,
) -> list[Cookie]:
    """Note the signals of a ballot that was just accepted; the cookies to answer with.

    A browser without the cookie is given one with its first vote, which already counts as
    cast from it. A repeated answer notes nothing: its ballot has been noted. The ballot is
    committed, so whatever goes wrong here costs its signals and no more.
    """
    if accepted.repeated:
        return []
    try:
        return _note(scope, settings, signals, contest_id, voter_id, accepted, now)
    except Exception as error:
        signals.give_up("not_noted", 1, error)
        return []


def _note(
    scope: Scope,
    settings: Settings,
    signals: SignalRecorder,
    contest_id: int,
    voter_id: int,
    accepted: Accepted,
    now: datetime,
) -> list[Cookie]:
    device, given = cookie(header(scope, b"cookie"), BROWSER_COOKIE), list[Cookie]()
    if len(device) != _LETTERS:
        device = secrets.token_urlsafe(16)
        given.append(_browser_cookie(device, settings))
    signals.note(
        Seen(
            contest_id=contest_id,
            sequence=accepted.sequence,
            account_id=voter_id,
            at=now,
            address=client_address(scope, settings),
            device=device,
            user_agent=header(scope, b"user-agent"),
        )
    )
    return given


def _browser_cookie(device: str, settings: Settings) -> Cookie:
    return Cookie(
        key=BROWSER_COOKIE,
        value=device,
        path=settings.root_path or "/",
        max_age=_SECONDS,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
