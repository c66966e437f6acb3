"""Time-based one-time passwords (RFC 6238), each good once."""

from datetime import datetime

import pyotp

STEP_SECONDS = 30
# One step either way, for clocks that differ and slow typing (RFC 6238, 5.2).
_DRIFT = (0, -1, 1)


def matching_step(secret: str, typed: str, *, last_step: int, now: datetime) -> int | None:
    """The time step that `typed` belongs to; None when it is wrong or was used before.

    Only steps after `last_step` count, so that a code read over a shoulder is spent.
    """
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for drift in _DRIFT:
        step = current + drift
        if step > last_step and totp.generate_otp(step) == typed:
            return step
    return None


def provisioning_uri(secret: str, login: str) -> str:
    """What the QR code for an authenticator app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="十百千")
