"""What is kept of a ballot's network: enough to see many act as one, too little to find a person.

Addresses, device ids and browser names themselves are never stored: a prefix and a device
become eight bytes under a key of this contest, and a browser becomes one of five words.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from core.mac import mac
from core.value import Value

DIGEST_BYTES = 8
MOST_MINUTES = 7 * 24 * 60
"""An account older than a week is only "older than a week": its age must name nobody."""

_MINUTE = timedelta(minutes=1)
_WECHAT, _PHONE, _DESKTOP, _PROGRAM, _NONE = "wechat", "phone", "desktop", "program", "none"


class Seen(Value, frozen=True):
    """What a request showed when its ballot was accepted; never written down as it is."""

    contest_id: int
    sequence: int
    account_id: int
    at: datetime
    address: str
    device: str
    user_agent: str


class Signal(Value, frozen=True):
    """What is stored of it."""

    contest_id: int
    sequence: int
    at: datetime
    prefix: bytes | None
    device: bytes | None
    agent: str
    account_minutes: int | None


def signal_of(seen: Seen, prefix: str, secret: bytes, first_seen: datetime | None) -> Signal:
    """`prefix` is the network that the address lies in, `secret` the contest's own;
    `first_seen` is when the account was made, if known."""
    return Signal(
        contest_id=seen.contest_id,
        sequence=seen.sequence,
        at=seen.at.replace(microsecond=0),
        prefix=_digest(secret, b"prefix", prefix),
        device=_digest(secret, b"device", seen.device),
        agent=agent_class(seen.user_agent),
        account_minutes=None if first_seen is None else _minutes(seen.at - first_seen),
    )


@lru_cache(maxsize=1024)
def agent_class(user_agent: str) -> str:
    """One of wechat, phone, desktop, program, none."""
    text = user_agent.lower()
    if not text.strip():
        return _NONE
    if "micromessenger" in text:
        return _WECHAT
    if any(word in text for word in ("android", "iphone", "ipad", "harmony", "mobile")):
        return _PHONE
    if text.startswith("mozilla/") and any(word in text for word in ("windows", "mac", "linux")):
        return _DESKTOP
    return _PROGRAM


@lru_cache(maxsize=8192)
def _digest(secret: bytes, purpose: bytes, value: str) -> bytes | None:
    if not value:
        return None
    message = b"signal/" + purpose + b"/" + value.encode()
    return mac(secret, message)[:DIGEST_BYTES]


def _minutes(age: timedelta) -> int:
    return max(0, min(MOST_MINUTES, age // _MINUTE))
