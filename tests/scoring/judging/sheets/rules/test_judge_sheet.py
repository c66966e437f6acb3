from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.judging.sheets.rules.judge_sheet import (
    Entry,
    EntryStatus,
    SheetContent,
    SheetState,
    Signing,
    SigningMethod,
    content_from_canonical,
    digest_of,
    state_of,
)

MARKS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 100)),
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        code=st.integers(1, 999).map(lambda n: f"{n:03d}"),
        status=st.sampled_from(EntryStatus),
        marks=MARKS,
        reason=st.text(max_size=20),
    ),
    unique_by=lambda entry: entry.code,
    max_size=6,
).map(tuple)
SHEETS = st.builds(
    SheetContent,
    contest=st.just("c"),
    rulebook_digest=st.just("sha256:0"),
    round=st.just("main"),
    seat=st.integers(1, 50),
    judge=st.text(max_size=10),
    entries=ENTRIES,
)


def sheet(*entries: Entry) -> SheetContent:
    return SheetContent("top-ten", "sha256:ab", "main", 3, "评委3", entries)


@given(SHEETS)
def test_canonical_text_reads_back_to_itself(content: SheetContent) -> None:
    text = content.canonical()
    assert content_from_canonical(text).canonical() == text


@given(SHEETS, st.randoms())
def test_canonical_text_does_not_depend_on_the_order_of_entries(
    content: SheetContent, random: Random
) -> None:
    entries = list(content.entries)
    random.shuffle(entries)
    shuffled = SheetContent(
        content.contest,
        content.rulebook_digest,
        content.round,
        content.seat,
        content.judge,
        tuple(entries),
    )
    assert digest_of(shuffled.canonical()) == digest_of(content.canonical())


def test_canonical_text_is_what_the_signature_has_always_covered() -> None:
    content = sheet(
        Entry("002", EntryStatus.SUBMITTED, {"b": Fraction(0), "a": Fraction(37, 4)}),
        Entry("001", EntryStatus.RECUSED, {"a": Fraction(9)}, "亲属"),
    )
    assert content.canonical() == (
        '{"contest":"top-ten","entries":['
        '{"code":"001","marks":{},"reason":"亲属","status":"recused"},'
        '{"code":"002","marks":{"a":"9.25","b":"0"},"reason":"","status":"submitted"}],'
        '"judge":"评委3","round":"main","rulebook":"sha256:ab","seat":3}'
    )


def test_signed_message_names_the_moment_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 9, 16, 18, 0, tzinfo=beijing)
    here = Signing("sha256:ab", 1, SigningMethod.PIN, "评委3", at)
    there = Signing("sha256:ab", 1, SigningMethod.PIN, "评委3", at.astimezone(UTC))
    assert here.message() == there.message()
    assert b'"signed_at":"2026-09-16T10:00:00.000000+00:00"' in here.message()


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "sha256:ac"},
        {"version": 2},
        {"method": SigningMethod.TWO_PEOPLE},
        {"signed_by": "评委4"},
        {"signed_at": datetime(2026, 9, 16, 10, 0, 1, tzinfo=UTC)},
        {"reason": "笔误"},
    ],
)
def test_signed_message_covers_every_part_of_the_act(change: dict[str, object]) -> None:
    plain: dict[str, object] = {
        "digest": "sha256:ab",
        "version": 1,
        "method": SigningMethod.PIN,
        "signed_by": "评委3",
        "signed_at": datetime(2026, 9, 16, 10, 0, tzinfo=UTC),
        "reason": "",
    }
    original = Signing(**plain)  # type: ignore[arg-type]
    changed = Signing(**{**plain, **change})  # type: ignore[arg-type]
    assert original.message() != changed.message()


@pytest.mark.parametrize(
    ("statuses", "signed", "state"),
    [
        ({}, False, SheetState.DRAFT),
        ({"001": EntryStatus.SUBMITTED}, False, SheetState.DRAFT),
        ({"001": EntryStatus.SUBMITTED, "002": EntryStatus.DRAFT}, False, SheetState.DRAFT),
        ({"001": EntryStatus.SUBMITTED, "002": EntryStatus.ABSENT}, False, SheetState.SUBMITTED),
        ({"001": EntryStatus.RECUSED, "002": EntryStatus.ABSENT}, False, SheetState.SUBMITTED),
        ({"001": EntryStatus.SUBMITTED}, True, SheetState.LOCKED),
    ],
)
def test_state_follows_from_entries_and_signature(
    statuses: dict[str, EntryStatus], signed: bool, state: SheetState
) -> None:
    assert state_of(statuses, {"001", "002"}, signed=signed) is state


def test_sheet_without_entrants_is_never_complete() -> None:
    assert state_of({}, set(), signed=False) is SheetState.DRAFT
