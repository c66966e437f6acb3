"""How long a session lives: until sign-out, too long without use, or an absolute end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.people.rules import PUBLIC_ROLES, Role


@dataclass(frozen=True)
class Lifetime:
    """`idle` is the longest pause between two requests; `absolute` counts from sign-in."""

    idle: timedelta
    absolute: timedelta


# A voter comes back through a contest of 5–30 days; asking for a code each day would cost votes.
PUBLIC_LIFETIME = Lifetime(idle=timedelta(days=14), absolute=timedelta(days=45))
# A judge's tablet lies untouched through a programme; its PIN is asked again when signing.
JUDGE_LIFETIME = Lifetime(idle=timedelta(hours=6), absolute=timedelta(hours=16))
STAFF_LIFETIME = Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


def lifetime_of(roles: frozenset[Role]) -> Lifetime:
    """The strictest that any of the roles asks for."""
    if roles <= PUBLIC_ROLES:
        return PUBLIC_LIFETIME
    if roles <= PUBLIC_ROLES | {Role.JUDGE}:
        return JUDGE_LIFETIME
    return STAFF_LIFETIME


def seen_step(lifetime: Lifetime) -> timedelta:
    """How stale the noted time of the last request may get: exact to a thirtieth of `idle`.

    Writing it at every request would make each read a write.
    """
    return lifetime.idle / 30


def is_alive(lifetime: Lifetime, *, expires_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session may still be used; it ends at the exact moment of its limit."""
    return now < expires_at and now < seen_at + lifetime.idle


@dataclass(frozen=True)
class SignedIn:
    """A new session: its token goes into the cookie and nowhere else."""

    account_id: int
    token: str
    roles: frozenset[Role]
