"""Tie keys with a choice of parameters."""

import pytest

from contest.rulebooks.rules.rulebook import RulebookError
from tests.support.contest_data import judged, rulebook


@pytest.mark.parametrize("given", ["", "mark = 12\nat_least = 1"])
def test_count_of_marks_says_exactly_one_of_its_bounds(given: str) -> None:
    with pytest.raises(RulebookError) as refused:
        rulebook(judged(), f'[[ties]]\nkey = "count_of_marks"\n{given}')
    assert [path for path, _ in refused.value.errors] == ["ties[0].mark"]


def test_count_of_marks_of_an_unknown_component_is_refused() -> None:
    with pytest.raises(RulebookError) as refused:
        rulebook(judged(), '[[ties]]\nkey = "count_of_marks"\nid = "votes"\nmark = 12')
    assert [path for path, _ in refused.value.errors] == ["ties[0].id"]
