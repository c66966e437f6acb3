"""Which picture the big screen shows, and how far its plan has been told."""

from live.stage.rules.reveal import Order, RevealPlan, reveal_plan, single_plan
from live.stage.rules.show import Mode, Show, screen_state, stepped, turned_to
from scoring.engine.compute import score
from tests.live.board_snapshots import entrants, judged, top_ten


def plan() -> RevealPlan:
    return reveal_plan(top_ten(), score(top_ten(), judged(70, 80)), entrants(2), Order.FROM_LAST)


def card() -> RevealPlan:
    return single_plan(top_ten(), score(top_ten(), judged(70, 80)), entrants(2)[0])


def test_reveal_begins_with_nothing_told_and_a_card_with_who_it_is() -> None:
    reveal = turned_to(Show(), Mode.REVEAL, plan())
    one = turned_to(Show(), Mode.CARD, card())
    assert (reveal.step, reveal.has_back, reveal.has_next) == (0, False, True)
    assert (one.step, one.has_back) == (1, False)


def test_turning_away_forgets_the_plan_and_is_a_new_version() -> None:
    reveal = turned_to(Show(version=3), Mode.REVEAL, plan())
    board = turned_to(reveal, Mode.BOARD)
    assert (reveal.version, board.version, board.plan, board.step) == (4, 5, None, 0)


def test_steps_go_on_and_back_and_stop_at_both_ends() -> None:
    show = turned_to(Show(), Mode.REVEAL, plan())
    assert stepped(show, -1) is show
    seen = [show]
    while seen[-1].has_next:
        seen.append(stepped(seen[-1], 1))
    assert stepped(seen[-1], 1) is seen[-1]
    assert [one.step for one in seen] == list(range(len(seen)))
    assert [one.version for one in seen] == [show.version + n for n in range(len(seen))]
    back = seen[-1]
    while back.has_back:
        back = stepped(back, -1)
    assert back.step == 0


def test_screens_are_never_sent_more_than_the_step_tells() -> None:
    show = turned_to(Show(), Mode.REVEAL, plan())
    begun = screen_state(show, "十佳", provisional=True)
    assert "候选人" not in repr(begun.stage)
    told = screen_state(stepped(show, 1), "十佳", provisional=True)
    # the last place comes first; the winner's name is not in the message yet
    assert ("候选人1" in repr(told.stage), "候选人2" in repr(told.stage)) == (True, False)
    assert screen_state(Show(), "十佳", provisional=False).stage is None
