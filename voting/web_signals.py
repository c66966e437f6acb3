"""What a vote's request shows, handed to the recorder, and the device's own cookie."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from litestar.datastructures import Cookie

from accounts.middleware import cookie
from core.settings import Settings
from voting.rules.signal import Seen
from voting.service import Accepted
from voting.signals import SignalRecorder

BROWSER_COOKIE = "browser"
_SECONDS = 180 * 24 * 3600
_LETTERS = 22


def note_signal(
    address: str,
    headers: Mapping[bytes, bytes],
    settings: Settings,
    signals: SignalRecorder,
    contest_id: int,
    voter_id: int,
    accepted: Accepted,
    now: datetime,
) -> str:
    """Note the signals of a ballot that was just accepted; the Set-Cookie header to answer
    with, "" for none.

    A browser without the cookie is given one with its first vote, which already counts as
    cast from it. A repeated answer notes nothing: its ballot has been noted. The ballot is
    committed, so whatever goes wrong here costs its signals and no more.
    """
    if accepted.repeated:
        return ""
    try:
        return _note(address, headers, settings, signals, contest_id, voter_id, accepted, now)
    except Exception as error:
        signals.give_up("not_noted", 1, error)
        return ""


def _note(
    address: str,
    headers: Mapping[bytes, bytes],
    settings: Settings,
    signals: SignalRecorder,
    contest_id: int,
    voter_id: int,
    accepted: Accepted,
    now: datetime,
) -> str:
    device, given = cookie(_text(headers, b"cookie"), BROWSER_COOKIE), ""
    if len(device) != _LETTERS:
        device = secrets.token_urlsafe(16)
        given = (
            f"{BROWSER_COOKIE}={device}{_attributes(settings.root_path, settings.secure_cookies)}"
        )
    agent = _text(headers, b"user-agent")
    signals.note(Seen(contest_id, accepted.sequence, voter_id, now, address, device, agent))
    return given


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


@cache
def _attributes(root_path: str, secure: bool) -> str:
    """What follows the cookie's value, the same for every vote."""
    whole = Cookie(
        key=BROWSER_COOKIE,
        value="",
        path=root_path or "/",
        max_age=_SECONDS,
        secure=secure,
        httponly=True,
        samesite="lax",
    ).to_header(header="")
    return whole.partition(";")[1] + whole.partition(";")[2]
