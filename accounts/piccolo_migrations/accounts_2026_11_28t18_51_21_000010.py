"""Tables"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import (
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-28T18:51:21:000010"
VERSION = "1.38.0"
DESCRIPTION = "Tables"


class Account(Table, tablename="account"):
    id = Serial(primary_key=True)


TABLES = {
    ("WechatLink", "wechat_link"): {
        "id": (BigSerial, {"primary_key": True}),
        "openid_index": (Bytea, {"default": b"", "unique": True}),
        "account": (ForeignKey, {"references": Account, "null": False, "index": True}),
        "linked_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("Enrolment", "enrolment"): {
        "id": (BigSerial, {"primary_key": True}),
        "account": (ForeignKey, {"references": Account, "null": False}),
        "token_digest": (Bytea, {"default": b"", "unique": True}),
        "made_at": (Timestamptz, {"default": TimestamptzNow()}),
        "expires_at": (Timestamptz, {"default": TimestamptzNow()}),
        "used_at": (Timestamptz, {"default": None, "null": True}),
    },
    ("OutboxMessage", "sms_outbox"): {
        "id": (BigSerial, {"primary_key": True}),
        "phone_sealed": (Bytea, {"default": b""}),
        "phone_index": (Bytea, {"default": b"", "index": True}),
        "words_sealed": (Bytea, {"default": b""}),
        "sent_at": (Timestamptz, {"default": TimestamptzNow()}),
    },
    ("Session", "session"): {
        "id": (BigSerial, {"primary_key": True}),
        "token_digest": (Bytea, {"default": b"", "unique": True}),
        "account": (ForeignKey, {"references": Account, "null": False, "index": True}),
        "opened_at": (Timestamptz, {"default": TimestamptzNow()}),
        "seen_at": (Timestamptz, {"default": TimestamptzNow()}),
        "expires_at": (Timestamptz, {"default": TimestamptzNow(), "index": True}),
        "device_digest": (Bytea, {"default": None, "null": True}),
    },
    ("SmsCode", "sms_code"): {
        "id": (BigSerial, {"primary_key": True}),
        "public_id": (Varchar, {"length": 32, "default": "", "unique": True}),
        "phone_sealed": (Bytea, {"default": b""}),
        "phone_index": (Bytea, {"default": b"", "index": True}),
        "code_digest": (Bytea, {"default": b""}),
        "as_creator": (Boolean, {"default": False}),
        "adult_declared": (Boolean, {"default": False}),
        "sent_at": (Timestamptz, {"default": TimestamptzNow(), "index": True}),
        "expires_at": (Timestamptz, {"default": TimestamptzNow()}),
        "tries": (Integer, {"default": 0}),
        "used_at": (Timestamptz, {"default": None, "null": True}),
    },
    ("Account", "account"): {
        "id": (Serial, {"primary_key": True}),
        "name": (Varchar, {"length": 80, "default": ""}),
        "roles": (
            Array,
            {
                "default": list,
                "base_column": Varchar(
                    length=40,
                    default="",
                    null=False,
                    primary_key=False,
                    unique=False,
                    index=False,
                    index_method=IndexMethod.btree,
                    choices=None,
                    db_column_name=None,
                    secret=False,
                ),
            },
        ),
        "township": (Varchar, {"length": 40, "default": ""}),
        "contest_id": (Integer, {"default": None, "null": True}),
        "phone_sealed": (Bytea, {"default": None, "null": True}),
        "phone_index": (Bytea, {"default": None, "null": True, "unique": True}),
        "identity_sealed": (Bytea, {"default": None, "null": True}),
        "identity_index": (Bytea, {"default": None, "null": True, "unique": True}),
        "consent_version": (Varchar, {"length": 20, "default": ""}),
        "consented_at": (Timestamptz, {"default": None, "null": True}),
        "adult_declared_at": (Timestamptz, {"default": None, "null": True}),
        "created_at": (Timestamptz, {"default": TimestamptzNow()}),
        "disabled_at": (Timestamptz, {"default": None, "null": True}),
        "erased_at": (Timestamptz, {"default": None, "null": True}),
    },
    ("Credential", "credential"): {
        "account": (ForeignKey, {"references": Account, "null": False, "unique": True}),
        "login": (Varchar, {"length": 40, "default": None, "null": True, "unique": True}),
        "password_hash": (Text, {"default": None, "null": True}),
        "totp_sealed": (Bytea, {"default": None, "null": True}),
        "totp_last_step": (BigInt, {"default": 0}),
        "pin_hash": (Text, {"default": None, "null": True}),
        "device_digest": (Bytea, {"default": None, "null": True}),
        "failures": (Integer, {"default": 0}),
        "locked_until": (Timestamptz, {"default": None, "null": True}),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    for (class_name, tablename), columns in TABLES.items():
        manager.add_table(class_name=class_name, tablename=tablename)
        for name, (kind, params) in columns.items():
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=kind.__name__,
                column_class=kind,
                params=params,
            )

    return manager
