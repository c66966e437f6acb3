"""What appointed people sign in with, and the links by which they first set it."""

from piccolo.columns import (
    BigInt,
    BigSerial,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from accounts.people.tables import Account


class Credential(Table, tablename="credential"):
    """What an appointed person proves themselves with, and how often that failed."""

    account = ForeignKey(Account, on_delete=OnDelete.cascade, unique=True, null=False)
    login = Varchar(40, null=True, default=None, unique=True)
    password_hash = Text(null=True, default=None)
    totp_sealed = Bytea(null=True, default=None)
    totp_last_step = BigInt(default=0)
    pin_hash = Text(null=True, default=None)
    device_digest = Bytea(null=True, default=None)
    failures = Integer(default=0)
    locked_until = Timestamptz(null=True, default=None)


class Enrolment(Table, tablename="enrolment"):
    """A one-time link by which a person sets what they will sign in with."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    token_digest = Bytea(unique=True)
    made_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


APPEND_ONLY: list[type[Table]] = []
