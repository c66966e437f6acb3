"""Candidate codes: unique, never changed, and a draw that anyone can repeat."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.entrants.rules.codes import MOST_CODES, in_code_order, new_codes
from contest.entrants.rules.entrant import Entrant

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def entrant(number: int, name: str = "", code: str = "", *, withdrawn: bool = False) -> Entrant:
    return Entrant(
        id=number,
        contest_id=1,
        code=code,
        name=name or f"候选人{number}",
        nominator="同江镇",
        township="同江镇",
        summary="",
        case_report="",
        photo=None,
        first_time=False,
        withdrawn_at=NOW if withdrawn else None,
    )


def plain(name: str) -> str:
    return name


def test_random_order_is_by_the_published_digest() -> None:
    people = [entrant(n) for n in range(1, 9)]

    def digest(one: Entrant) -> str:
        return hashlib.sha256(f"种子\n同江镇\n{one.name}".encode()).hexdigest()

    drawn = in_code_order(people, "random", "种子", plain)
    assert drawn == sorted(people, key=digest)
    assert drawn != in_code_order(people, "random", "另一粒种子", plain)


def test_pinyin_order_is_by_sound_and_then_by_entry() -> None:
    people = [entrant(1, "zhou"), entrant(2, "an"), entrant(3, "an")]
    assert [one.id for one in in_code_order(people, "pinyin", "", plain)] == [2, 3, 1]


def test_given_codes_stay_and_the_withdrawn_get_none() -> None:
    people = [entrant(1, code="002"), entrant(2), entrant(3, withdrawn=True), entrant(4)]
    assert new_codes(people, "pinyin", "", plain) == {2: "001", 4: "003"}


def test_three_digits_do_not_suffice_for_a_thousand() -> None:
    people = [entrant(n) for n in range(1, MOST_CODES + 1)]
    assert len(new_codes(people, "random", "x", plain)) == MOST_CODES
    with pytest.raises(ValueError, match="three digits"):
        new_codes([*people, entrant(1000)], "random", "x", plain)


@given(
    taken=st.sets(st.integers(1, 40)),
    waiting=st.integers(0, 40),
    seed=st.text(max_size=20),
    shuffled=st.randoms(),
)
def test_codes_are_unique_and_the_order_of_entry_is_no_matter(
    taken: set[int], waiting: int, seed: str, shuffled: "Iterator[object]"
) -> None:
    people = [entrant(n, code=f"{n:03d}") for n in taken]
    people += [entrant(100 + n) for n in range(waiting)]
    given_codes = new_codes(people, "random", seed, plain)
    codes = [one.code for one in people if one.code] + list(given_codes.values())
    assert len(set(codes)) == len(codes) == len(taken) + waiting
    shuffled.shuffle(people)  # type: ignore[attr-defined]
    assert new_codes(people, "random", seed, plain) == given_codes
    later = [replace(one, code=given_codes.get(one.id, one.code)) for one in people]
    assert new_codes(later, "random", "another", plain) == {}
