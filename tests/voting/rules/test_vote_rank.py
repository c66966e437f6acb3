"""Places by votes alone."""

from hypothesis import given
from hypothesis import strategies as st

from voting.rules.vote_rank import vote_rank, with_change

COUNTS = st.dictionaries(st.integers(1, 9), st.integers(0, 50))


@given(COUNTS, st.integers(1, 9))
def test_place_is_one_more_than_those_with_more_votes(valid: dict[int, int], entrant: int) -> None:
    own = valid.get(entrant, 0)
    better = [one for one, votes in valid.items() if votes > own]
    assert vote_rank(valid, entrant) == len(better) + 1


@given(COUNTS, COUNTS)
def test_what_is_added_and_taken_away_again_changes_nothing(
    valid: dict[int, int], change: dict[int, int]
) -> None:
    there = with_change(valid, change)
    back = with_change(there, {one: -n for one, n in change.items()})
    assert {one: n for one, n in back.items() if n} == {one: n for one, n in valid.items() if n}


def test_votes_never_fall_below_none() -> None:
    assert with_change({1: 3}, {1: -5, 2: -1}) == {1: 0, 2: 0}
