"""Codes sent by SMS, and the messages that the development sender keeps.

Numbers are sealed; of a code only a keyed digest is stored beside them.
"""

from piccolo.columns import BigSerial, Boolean, Bytea, Integer, Timestamptz, Varchar
from piccolo.table import Table


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


class OutboxMessage(Table, tablename="sms_outbox"):
    """Messages of the development sender, shown in demo mode only."""

    id = BigSerial(primary_key=True)
    phone_sealed = Bytea()
    phone_index = Bytea(index=True)
    words_sealed = Bytea()
    sent_at = Timestamptz()


APPEND_ONLY: list[type[Table]] = []
