"""After the lock: a new version, with a reason and a second person; nothing is overwritten."""

from fractions import Fraction

import pytest

from accounts import service as accounts
from accounts.people.rules import Role
from core.audit import SYSTEM, Actor
from core.problems import Conflict, Invalid, NotAllowed
from scoring.judging import service
from scoring.judging.sheets import corrections, signing
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.corrections import Correction
from scoring.judging.sheets.rules.judge_sheet import (
    EntryStatus,
    SigningMethod,
    content_from_canonical,
)
from scoring.judging.sheets.signing import Hand
from tests.conftest import START
from tests.scoring.judging.sheets.test_signing import KEYS
from tests.support.judging import PIN, JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("pool")
TYPED = {"influence": "35", "content": "20", "conduct": "0"}
CORRECTION = Correction("main", "001", TYPED, recused=False, reason="把 35 写成了 33")


async def _locked(entrants: int = 2) -> JudgingContest:
    given = await judging_contest(START, entrants=entrants)
    await mark_everyone(given, 1, {f"{n:03d}": 33 for n in range(1, entrants + 1)})
    hand = given.hand(1, KEYS)
    await signing.sign(given.contest, given.judges[0], PIN, hand, confirmed=False)
    return given


async def _propose(given: JudgingContest, correction: Correction = CORRECTION) -> int:
    await corrections.propose_correction(
        given.contest, given.judges[0], correction, given.actor(1), given.now
    )
    return (await store_versions.changes(given.contest.id))[-1].id


async def _organiser(given: JudgingContest, name: str = "组委会") -> Hand:
    account = await accounts.create_account(name, [Role.ORGANISER], actor=SYSTEM, now=given.now)
    return Hand(Actor(account, name), KEYS, given.now)


async def test_correction_becomes_a_new_version_once_a_second_person_approves() -> None:
    given = await _locked()
    change = await _propose(given)
    (before,) = await service.signed_sheets(given.contest.id)
    assert before.signing.version == 1
    hand = await _organiser(given)
    await corrections.decide(given.contest, change, hand, "", approved=True)
    (after,) = await service.signed_sheets(given.contest.id)
    assert (after.signing.version, after.signing.method) == (2, SigningMethod.TWO_PEOPLE)
    assert (after.signing.signed_by, after.signing.reason) == (
        "评委1、组委会",
        "把 35 写成了 33",
    )
    old, new = content_from_canonical(before.content), content_from_canonical(after.content)
    assert old.entries[1] == new.entries[1]
    assert [one.entries[0].marks["influence"] for one in (old, new)] == [Fraction(33), Fraction(35)]
    versions = await store_versions.versions_of_seat(given.judges[0].seat.id)
    assert [one.signing.version for one in versions] == [1, 2]


async def test_refused_correction_changes_nothing() -> None:
    given = await _locked()
    change = await _propose(given)
    hand = await _organiser(given)
    await corrections.decide(given.contest, change, hand, "没有依据", approved=False)
    (version,) = await service.signed_sheets(given.contest.id)
    assert version.signing.version == 1
    with pytest.raises(Conflict) as refused:
        await corrections.decide(given.contest, change, hand, "", approved=True)
    assert refused.value.code == "already_decided"


async def test_judge_cannot_approve_the_own_correction() -> None:
    given = await _locked()
    change = await _propose(given)
    with pytest.raises(NotAllowed) as refused:
        await corrections.decide(given.contest, change, given.hand(1, KEYS), "", approved=True)
    assert refused.value.code == "second_person_needed"


async def test_judge_may_find_out_later_that_recusal_was_due() -> None:
    given = await _locked()
    late = Correction("main", "002", {}, recused=True, reason="是同一单位的同事")
    change = await _propose(given, late)
    await corrections.decide(given.contest, change, await _organiser(given), "", approved=True)
    marks = await service.marks(given.contest.id)
    assert {mark.status for mark in marks if mark.entrant == "002"} == {"recused"}
    (version,) = await service.signed_sheets(given.contest.id)
    entry = content_from_canonical(version.content).entries[1]
    assert (entry.status, entry.marks) == (EntryStatus.RECUSED, {})


async def test_correction_names_every_error_at_once() -> None:
    given = await _locked()
    wrong = Correction("main", "009", {"influence": "99"}, recused=False, reason="x")
    with pytest.raises(Invalid) as refused:
        await _propose(given, wrong)
    assert [error.field for error in refused.value.errors] == ["influence", "code"]
    half = Correction("main", "001", {"influence": "1"}, recused=False, reason="x")
    with pytest.raises(Invalid) as refused:
        await _propose(given, half)
    assert [error.field for error in refused.value.errors] == ["content", "conduct"]


async def test_one_correction_at_a_time_and_never_an_empty_one() -> None:
    given = await _locked()
    same = {"influence": "33", "content": "0", "conduct": "0"}
    with pytest.raises(Conflict) as refused:
        await _propose(given, Correction("main", "001", same, recused=False, reason="x"))
    assert refused.value.code == "nothing_changed"
    await _propose(given)
    with pytest.raises(Conflict) as refused:
        await _propose(given)
    assert refused.value.code == "change_waiting"


async def test_two_people_lock_the_sheet_of_a_judge_who_cannot_sign() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 20})
    first, second = await _organiser(given, "甲"), await _organiser(given, "乙")
    await corrections.propose_unsigned_lock(
        given.contest, given.judges[0], "main", "送医", first.actor, given.now
    )
    change = (await store_versions.changes(given.contest.id))[-1].id
    with pytest.raises(NotAllowed):
        await corrections.decide(given.contest, change, first, "", approved=True)
    await corrections.decide(given.contest, change, second, "", approved=True)
    (version,) = await service.signed_sheets(given.contest.id)
    assert (version.signing.version, version.signing.signed_by) == (1, "甲、乙")


async def test_signature_given_meanwhile_outdates_the_proposal() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 20})
    first, second = await _organiser(given, "甲"), await _organiser(given, "乙")
    await corrections.propose_unsigned_lock(
        given.contest, given.judges[0], "main", "送医", first.actor, given.now
    )
    await signing.sign(given.contest, given.judges[0], PIN, given.hand(1, KEYS), confirmed=False)
    change = (await store_versions.changes(given.contest.id))[-1].id
    with pytest.raises(Conflict) as refused:
        await corrections.decide(given.contest, change, second, "", approved=True)
    assert refused.value.code == "sheet_moved_on"
    assert (await store_versions.changes(given.contest.id))[-1].approved is None
