"""Places by votes alone."""

from hypothesis import given
from hypothesis import strategies as st

from voting.casting.rules.vote_rank import vote_ranks, with_change

COUNTS = st.dictionaries(st.integers(1, 9), st.integers(0, 50))


@given(COUNTS)
def test_place_is_one_more_than_the_number_of_those_with_more_votes(valid: dict[int, int]) -> None:
    for entrant, place in vote_ranks(valid).items():
        assert place == 1 + sum(votes > valid[entrant] for votes in valid.values())


@given(COUNTS)
def test_all_have_a_place_once_there_is_a_vote_and_none_before(valid: dict[int, int]) -> None:
    assert vote_ranks(valid).keys() == (valid.keys() if any(valid.values()) else set())


@given(COUNTS, COUNTS)
def test_what_is_added_and_taken_away_again_changes_nothing(
    valid: dict[int, int], change: dict[int, int]
) -> None:
    there = with_change(valid, change)
    assert with_change(there, {one: -n for one, n in change.items()}) == valid


def test_votes_never_fall_below_none_and_strangers_get_none() -> None:
    assert with_change({1: 3}, {1: -5, 2: 1}) == {1: 0}
