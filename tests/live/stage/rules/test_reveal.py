from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.stage.rules.reveal import Beat, Order, RevealPlan, reveal_plan, reveal_state, single_plan
from live.stage.rules.show import Mode, Show, screen_state, stepped, turned_to
from scoring.engine.compute import score
from tests.live.board_snapshots import entrants, judged, top_ten

RULES = top_ten()
totals = st.lists(st.integers(60, 85), min_size=1, max_size=6)


def plan(*given_totals: int, order: Order = Order.FROM_LAST, absent: str = "") -> RevealPlan:
    result = score(RULES, judged(*given_totals, absent=absent))
    return reveal_plan(RULES, result, entrants(len(given_totals)), order)


def test_reveal_goes_from_the_last_place_up() -> None:
    assert [(card.code, card.rank) for card in plan(70, 86, 80).cards] == [
        ("001", 3),
        ("003", 2),
        ("002", 1),
    ]


def test_reveal_by_award_names_the_award_on_each_card() -> None:
    cards = plan(70, 86, order=Order.BY_AWARD).cards
    assert [(card.code, card.heading) for card in cards] == [
        ("001", "十佳同江代言人"),
        ("002", "十佳同江代言人"),
    ]


def test_card_shows_the_dropped_marks_and_the_sum() -> None:
    card = plan(80).cards[0]
    assert [(mark.judge, mark.value, mark.dropped) for mark in card.panels[0].marks] == [
        (1, "77", "low"),
        (2, "78", ""),
        (3, "79", ""),
        (4, "80", ""),
        (5, "81", ""),
        (6, "82", ""),
        (7, "83", "high"),
    ]
    assert (card.panels[0].value, card.total, card.rank) == ("80", "86", 1)
    assert [(part.name, part.contribution) for part in card.parts] == [
        ("网络投票", "30"),
        ("专家评审", "56"),
    ]


def test_absent_judge_stands_on_the_card_without_a_mark() -> None:
    mark = plan(80, absent="03").cards[0].panels[0].marks[2]
    assert (mark.judge, mark.status, mark.value, mark.dropped) == (3, "absent", "", "")


def test_stage_tells_marks_then_the_sum_then_the_next_card() -> None:
    told = plan(70, 86)
    stages = [reveal_state(told, step) for step in range(told.last_step + 1)]
    assert [(s.beat, s.spotlight.code if s.spotlight else None) for s in stages] == [
        (None, None),
        (Beat.MARKS, "001"),
        (Beat.TOTAL, "001"),
        (Beat.MARKS, "002"),
        (Beat.TOTAL, "002"),
    ]
    assert [[card.code for card in s.told] for s in stages] == [
        [],
        [],
        ["001"],
        ["001"],
        ["002", "001"],
    ]


@given(totals)
def test_no_stage_holds_what_a_later_step_tells(given_totals: list[int]) -> None:
    told = plan(*given_totals)
    for step in range(told.last_step + 1):
        shown = reveal_state(told, step)
        finished = {card.entrant for card in told.cards[: step // 2]}
        assert {card.entrant for card in shown.told} == finished
        if shown.spotlight is not None and shown.beat is Beat.MARKS:
            card = shown.spotlight
            assert (card.total, card.rank, card.parts, card.awards) == (None, None, (), ())


def test_single_plan_tells_only_what_the_judges_gave() -> None:
    result = score(RULES, judged(70, 86))
    made = single_plan(RULES, result, entrants(2)[0])
    card = made.cards[0]
    assert made.beats == (Beat.CARD, Beat.MARKS, Beat.TOTAL)
    assert (card.total, card.rank, card.parts) == ("70", None, ())


def test_single_plan_without_marks_is_a_card_alone() -> None:
    result = score(RULES, replace(judged(70), marks=()))
    made = single_plan(RULES, result, entrants(1)[0])
    assert (made.beats, made.cards[0].total) == ((Beat.CARD,), None)


@given(totals, st.lists(st.sampled_from([1, -1]), max_size=20))
def test_steps_stay_within_the_plan_and_back_undoes_next(
    given_totals: list[int], moves: list[int]
) -> None:
    show = turned_to(Show(), Mode.REVEAL, plan(*given_totals))
    assert show.plan is not None
    for move in moves:
        moved = stepped(show, move)
        assert 0 <= moved.step <= show.plan.last_step
        if moved != show:
            back = stepped(moved, -move)
            assert replace(back, version=show.version) == show
        show = moved


@pytest.mark.parametrize("mode", [Mode.BOARD, Mode.BLANK])
def test_turning_away_from_a_reveal_forgets_its_plan(mode: Mode) -> None:
    show = turned_to(turned_to(Show(), Mode.REVEAL, plan(70, 86)), mode)
    assert (show.mode, show.plan, show.step, show.version) == (mode, None, 0, 2)


def test_screen_state_of_an_untold_reveal_names_nobody() -> None:
    show = turned_to(Show(), Mode.REVEAL, plan(70, 86))
    sent = msgspec.json.encode(screen_state(show, "十佳", provisional=True)).decode()
    assert ("候选人" in sent, "total" in sent) == (False, False)


def test_totals_told_have_as_many_decimals_as_the_result_page_writes() -> None:
    told = {card.code: card.total for card in plan(70, 86, 80).cards}
    places = {len(total.partition(".")[2]) for total in told.values() if total}
    assert (len(told), len(places)) == (3, 1), told
