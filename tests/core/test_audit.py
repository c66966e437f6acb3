"""What was done is written down with the act, or not at all, and never changed."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core import audit
from core.audit import SYSTEM, Actor
from core.database import db

pytestmark = pytest.mark.usefixtures("pool")

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOMEBODY = Actor(7, "王一", "198.51.100.1")


async def test_entry_says_who_did_what_to_what_and_when() -> None:
    await audit.record(SOMEBODY, "thing.done", "thing", 12, NOW, {"何事": ["一", 2]})
    (entry,) = await audit.entries_about("thing", 12)
    assert (entry["at"], entry["actor_id"], entry["actor_name"]) == (NOW, 7, "王一")
    assert (entry["action"], entry["subject_type"], entry["subject_id"]) == (
        "thing.done",
        "thing",
        "12",
    )
    assert entry["client_address"] == "198.51.100.1"
    assert "何事" in str(entry["details"])


async def test_newest_stand_first_and_other_subjects_stay_out() -> None:
    for number in range(5):
        at = NOW + timedelta(minutes=number)
        await audit.record(SYSTEM, f"step.{number}", "walk", "a", at)
    await audit.record(SYSTEM, "step.other", "walk", "b", NOW)
    newest = await audit.entries_about("walk", "a", limit=2)
    assert [entry["action"] for entry in newest] == ["step.4", "step.3"]
    assert {entry["actor_id"] for entry in newest} == {None}
    assert len(await audit.entries_about("walk", "a")) == 5


class UndoneError(Exception):
    pass


async def test_entry_of_an_act_that_is_undone_is_undone_with_it() -> None:
    async def undone() -> None:
        async with db.unit_of_work():
            await audit.record(SOMEBODY, "thing.undone", "undone", 1, NOW)
            raise UndoneError

    with pytest.raises(UndoneError):
        await undone()
    assert await audit.entries_about("undone", 1) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
async def test_app_can_change_and_remove_no_entry(statement: str) -> None:
    async with db.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
