"""Who may be put forward, and what a nomination still lacks."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.nominations.rules import (
    EDITABLE,
    FIELD_NAMES,
    LEAST_REPORT,
    STATUS_NAMES,
    WITHDRAWABLE,
    Candidate,
    NominationStatus,
    age_on,
    gaps,
)

TODAY = date(2026, 3, 2)
COMPLETE = Candidate(
    name="江小鱼",
    born_on=date(1990, 1, 1),
    phone="13900000001",
    platform="抖音",
    account="江小鱼在同江",
    summary="跟着渔船看江",
    case_report="事" * LEAST_REPORT,
    photo="0" * 64,
    consent=True,
)


def fields(candidate: Candidate) -> list[str]:
    return [gap.field for gap in gaps(candidate, TODAY)]


def test_statuses_have_names_and_a_decided_one_is_fixed() -> None:
    assert set(STATUS_NAMES) == set(NominationStatus)
    assert EDITABLE < WITHDRAWABLE
    decided = {NominationStatus.PASSED, NominationStatus.REJECTED}
    assert decided.isdisjoint(WITHDRAWABLE)


def test_empty_nomination_lacks_everything_at_once() -> None:
    assert fields(Candidate()) == [
        "name",
        "born_on",
        "phone",
        "platform",
        "account",
        "summary",
        "case_report",
        "photo",
        "consent",
    ]
    assert gaps(COMPLETE, TODAY) == []


@pytest.mark.parametrize(
    "field", ["name", "born_on", "phone", "platform", "account", "summary", "photo", "consent"]
)
def test_each_missing_part_is_one_gap_with_a_sentence(field: str) -> None:
    empty = getattr(Candidate(), field)
    (gap,) = gaps(replace(COMPLETE, **{field: empty}), TODAY)
    assert (gap.field, bool(gap.message)) == (field, True)
    assert gap.field in FIELD_NAMES


@pytest.mark.parametrize(("length", "found"), [(49, ["case_report"]), (50, [])])
def test_case_report_has_a_least_length(length: int, found: list[str]) -> None:
    assert fields(replace(COMPLETE, case_report="事" * length)) == found


@pytest.mark.parametrize(
    ("born_on", "found"),
    [
        (date(2026, 3, 3), ["born_on"]),
        (date(2010, 3, 3), ["born_on"]),
        (date(2010, 3, 2), ["guardian_name", "guardian_phone", "guardian_consent"]),
        (date(2008, 3, 3), ["guardian_name", "guardian_phone", "guardian_consent"]),
        (date(2008, 3, 2), []),
        (date(1905, 3, 3), []),
        (date(1905, 3, 2), ["born_on"]),
    ],
    ids=["unborn", "not 16", "16 today", "not 18", "18 today", "120", "121 today"],
)
def test_age_limits_on_the_day_itself(born_on: date, found: list[str]) -> None:
    assert fields(replace(COMPLETE, born_on=born_on)) == found


def test_minor_with_guardian_is_complete() -> None:
    minor = replace(
        COMPLETE,
        born_on=date(2009, 1, 1),
        guardian_name="江大鱼",
        guardian_phone="13900000002",
        guardian_consent=True,
    )
    assert fields(minor) == []


def test_one_born_on_29_february_turns_older_on_1_march() -> None:
    born = date(2008, 2, 29)
    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (17, 18)


@given(born=st.dates(date(1900, 1, 1), date(2020, 1, 1)), day=st.dates(date(2020, 1, 1)))
def test_age_never_falls_and_grows_by_one_a_year(born: date, day: date) -> None:
    age = age_on(born, day)
    assert 0 <= day.year - born.year - age <= 1
