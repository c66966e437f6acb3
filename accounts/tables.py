"""People, what they sign in with, and their sessions.

What opens a session (codes, links, session ids) is stored as a digest only; telephone and
identity numbers are sealed, with a keyed digest beside them to find them by.
"""

from piccolo.columns import (
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Account(Table, tablename="account"):
    """One person in one capacity. `contest_id` has no reference: contests are a higher layer."""

    id = Serial(primary_key=True)
    name = Varchar(80)
    roles = Array(base_column=Varchar(40))
    township = Varchar(40)
    contest_id = Integer(null=True, default=None)
    phone_sealed = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None, unique=True)
    identity_sealed = Bytea(null=True, default=None)
    identity_index = Bytea(null=True, default=None, unique=True)
    consent_version = Varchar(20)
    consented_at = Timestamptz(null=True, default=None)
    adult_declared_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    disabled_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


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


class Session(Table, tablename="session"):
    """A signed-in browser; with a device digest it works on that device alone."""

    id = BigSerial(primary_key=True)
    token_digest = Bytea(unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    opened_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz(index=True)
    device_digest = Bytea(null=True, default=None)


class SmsCode(Table, tablename="sms_code"):
    """A code that was sent; `public_id` stands in the address of the page that asks for it."""

    id = BigSerial(primary_key=True)
    public_id = Varchar(32, unique=True)
    phone_sealed = Bytea()
    phone_index = Bytea(index=True)
    code_digest = Bytea()
    as_creator = Boolean(default=False)
    adult_declared = Boolean(default=False)
    sent_at = Timestamptz(index=True)
    expires_at = Timestamptz()
    tries = Integer(default=0)
    used_at = Timestamptz(null=True, default=None)


class WechatLink(Table, tablename="wechat_link"):
    """A WeChat identity that signs in to an account whose phone was verified beside it. Only a
    keyed digest of the openid is kept: nothing is ever sent to it."""

    id = BigSerial(primary_key=True)
    openid_index = Bytea(unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    linked_at = Timestamptz()


class OutboxMessage(Table, tablename="sms_outbox"):
    """Messages of the development sender, shown in demo mode only."""

    id = BigSerial(primary_key=True)
    phone_sealed = Bytea()
    phone_index = Bytea(index=True)
    words_sealed = Bytea()
    sent_at = Timestamptz()


APPEND_ONLY: list[type[Table]] = []
