"""The development outbox: kept sealed, read by number or newest first."""

from accounts.sign_in.sms import outbox_store as outbox
from accounts.sign_in.sms.senders import OutboxSender
from core.clock import SettableClock
from core.database import db
from core.runtime import Runtime

PHONE = "13812345678"


async def test_outbox_keeps_messages_by_number_newest_first(
    runtime: Runtime, clock: SettableClock
) -> None:
    sender = OutboxSender(runtime)
    for phone, code in ((PHONE, "111111"), ("13912345678", "222222"), (PHONE, "333333")):
        await sender.send_code(phone, code)
    mine = await outbox.latest(runtime.keys, phone=PHONE)
    assert [(one.phone, one.code) for one in mine] == [(PHONE, "333333"), (PHONE, "111111")]
    assert mine[0].sent_at == clock.now()
    everybodys = await outbox.latest(runtime.keys, limit=2)
    assert [one.code for one in everybodys] == ["333333", "222222"]
    assert await outbox.latest(runtime.keys, phone="13700000000") == []


async def test_nothing_in_its_table_can_be_read(runtime: Runtime) -> None:
    await outbox.put(runtime.keys, PHONE, "042917", runtime.clock.now())
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT * FROM sms_outbox")
    stored = repr([dict(row) for row in rows])
    assert PHONE not in stored
    assert "042917" not in stored
