"""What a vote's request shows, handed to the recorder, and the device's own cookie."""

import secrets
from functools import cache

import msgspec
from litestar.datastructures import Cookie

from core.settings import Settings
from voting.signals.rules.signal import Seen
from voting.signals.service import SignalRecorder

BROWSER_COOKIE = "browser"
_SECONDS = 180 * 24 * 3600
_LETTERS = 22


def note_signal(seen: Seen, settings: Settings, signals: SignalRecorder, *, repeated: bool) -> str:
    """Note the signals of a ballot that was just accepted; the Set-Cookie header to answer
    with, "" for none. `seen.device` is what the browser's own cookie says.

    A browser without the cookie is given one with its first vote, which already counts as
    cast from it. A repeated answer notes nothing: its ballot has been noted. The ballot is
    committed, so whatever goes wrong here costs its signals and no more.
    """
    if repeated:
        return ""
    try:
        return _note(seen, settings, signals)
    except Exception as error:
        signals.give_up("not_noted", 1, error)
        return ""


def _note(seen: Seen, settings: Settings, signals: SignalRecorder) -> str:
    if len(seen.device) == _LETTERS:
        signals.note(seen)
        return ""
    device = secrets.token_urlsafe(16)
    signals.note(msgspec.structs.replace(seen, device=device))
    return f"{BROWSER_COOKIE}={device}{_attributes(settings.root_path, settings.secure_cookies)}"


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
