import pytest

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.rulebook import parse_rulebook
from tests.support.voting import rulebook_text
from voting.public_ledger.rules import rows_open, rows_open_to_staff

AFTER_CLOSE = {Phase.JUDGING, Phase.TALLYING, Phase.PUBLIC_NOTICE, Phase.FINAL}
ANNOUNCED = {Phase.PUBLIC_NOTICE, Phase.FINAL}


@pytest.mark.parametrize(
    ("mode", "frozen", "phases"),
    [
        ("live", False, AFTER_CLOSE),
        ("live", True, ANNOUNCED),
        ("daily_snapshot", False, ANNOUNCED),
        ("hidden", False, ANNOUNCED),
        ("hidden", True, ANNOUNCED),
    ],
)
def test_rows_are_open_in_these_phases_and_no_other(
    mode: str, frozen: bool, phases: set[Phase]
) -> None:
    voting = parse_rulebook(rulebook_text(display=mode)).voting
    assert voting is not None
    opened = {phase for phase in Phase if rows_open(voting, phase, board_frozen=frozen)}
    assert opened == phases


def test_staff_see_rows_once_no_vote_can_be_added() -> None:
    assert {phase for phase in Phase if rows_open_to_staff(phase)} == AFTER_CLOSE
