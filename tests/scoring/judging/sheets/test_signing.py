"""Sheets are signed with the PIN, then locked; the signature can be checked by anyone."""

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.audit import entries_about
from core.crypto import KeyRing
from core.database import db
from core.problems import Conflict, Invalid
from scoring.judging import service
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets import signing
from scoring.judging.sheets.rules.judge_sheet import (
    SheetState,
    SigningMethod,
    content_from_canonical,
)
from scoring.judging.snapshot import read_snapshot
from tests.conftest import START
from tests.support.judging import PIN, JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("pool")
KEYS = KeyRing(b"k" * 32, Ed25519PrivateKey.from_private_bytes(b"s" * 32))
FOUR = {"001": 10, "002": 20, "003": 30, "004": 40}
UPSIDE_DOWN = {"001": 40, "002": 30, "003": 20, "004": 10}


async def _sign(given: JudgingContest, number: int, *, pin: str = PIN, confirmed: bool = False):  # type: ignore[no-untyped-def]
    judge = given.judges[number - 1]
    hand = given.hand(number, KEYS)
    return await signing.sign(given.contest, judge, pin, hand, confirmed=confirmed)


async def test_signature_covers_the_canonical_sheet() -> None:
    given = await judging_contest(START, entrants=2, conflicts={1: {"002": "亲属关系"}})
    await mark_everyone(given, 1, {"001": 33})
    version = await _sign(given, 1)
    content = content_from_canonical(version.content)
    assert [(e.code, e.status.value, e.reason) for e in content.entries] == [
        ("001", "submitted", ""),
        ("002", "recused", "亲属关系"),
    ]
    assert (version.signing.version, version.signing.method) == (1, SigningMethod.PIN)
    public = Ed25519PublicKey.from_public_bytes(KEYS.public_key)
    public.verify(version.signature, version.signing.message())
    assert await service.signed_sheets(given.contest.id) == [version]


async def test_signing_is_written_to_the_audit_log() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 33})
    await _sign(given, 1)
    newest = (await entries_about("contest", given.contest.id))[0]
    assert (newest["action"], newest["actor_name"]) == ("sheet.signed", "评委1")


async def test_incomplete_sheet_cannot_be_signed() -> None:
    given = await judging_contest(START, entrants=2)
    await mark_everyone(given, 1, {"001": 33})
    with pytest.raises(Conflict) as refused:
        await _sign(given, 1)
    assert refused.value.code == "nothing_to_sign"


async def test_wrong_pin_locks_nothing() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 33})
    with pytest.raises(Invalid) as refused:
        await _sign(given, 1, pin="000000")
    assert [error.field for error in refused.value.errors] == ["pin"]
    assert await service.signed_sheets(given.contest.id) == []


async def test_locked_sheet_takes_no_mark_and_no_second_signature() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 33})
    await _sign(given, 1)
    for act in (
        sheets.save_marks(given.contest, given.judges[0], "001", {"content": "1"}, given.now),
        sheets.submit(given.contest, given.judges[0], "001", given.actor(1), given.now),
        sheets.take_back(given.contest, given.judges[0], "001", given.actor(1), given.now),
    ):
        with pytest.raises(Conflict) as refused:
            await act
        assert refused.value.code == "sheet_locked"
    with pytest.raises(Conflict) as refused:
        await _sign(given, 1)
    assert refused.value.code == "nothing_to_sign"


async def test_sheet_that_reverses_the_panel_is_asked_about_before_it_is_locked() -> None:
    given = await judging_contest(START, entrants=4, judges=4)
    for number in (1, 2, 3):
        await mark_everyone(given, number, FOUR)
    await mark_everyone(given, 4, UPSIDE_DOWN)
    with pytest.raises(Invalid) as refused:
        await _sign(given, 4)
    assert [error.field for error in refused.value.errors] == ["confirmed"]
    snapshot = await read_snapshot(given.contest)
    assert snapshot.sheet(given.judges[3], "main").state is SheetState.SUBMITTED
    version = await _sign(given, 4, confirmed=True)
    assert version.signing.version == 1


async def test_sheet_that_agrees_with_the_panel_is_not_asked_about() -> None:
    given = await judging_contest(START, entrants=4, judges=4)
    for number in (1, 2, 3, 4):
        await mark_everyone(given, number, FOUR)
    assert (await _sign(given, 4)).signing.version == 1


@pytest.mark.parametrize("table", ["judge_mark", "sheet_version", "sheet_change"])
async def test_app_can_neither_change_nor_remove_what_was_signed(table: str) -> None:
    async with db.connection() as connection:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
