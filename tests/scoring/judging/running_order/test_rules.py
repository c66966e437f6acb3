from hypothesis import given
from hypothesis import strategies as st

from scoring.judging.running_order.rules import (
    ActKind,
    NextAct,
    Turn,
    TurnState,
    in_order,
    next_act,
)

TURNS = st.lists(
    st.builds(
        Turn,
        round=st.just("main"),
        code=st.integers(1, 99).map(str),
        state=st.sampled_from([TurnState.WAITING, TurnState.CLOSED]),
    ),
    unique_by=lambda turn: turn.code,
)


@given(TURNS)
def test_next_is_the_first_who_waits_else_signing(turns: list[Turn]) -> None:
    waiting = [turn for turn in turns if turn.state is TurnState.WAITING]
    expected = NextAct(ActKind.OPEN, waiting[0]) if waiting else NextAct(ActKind.SIGN)
    assert next_act(turns) == expected


@given(TURNS, st.data())
def test_open_turn_comes_before_everything(turns: list[Turn], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(turns)))
    opened = Turn("main", "0", TurnState.OPEN)
    assert next_act([*turns[:place], opened, *turns[place:]]) == NextAct(ActKind.CLOSE, opened)


@given(st.lists(st.text("0123", min_size=1), unique=True), st.lists(st.text("0123", min_size=1)))
def test_order_names_every_entrant_once(codes: list[str], chosen: list[str]) -> None:
    assert sorted(in_order(codes, chosen)) == sorted(codes)


def test_order_follows_the_choice_and_then_the_codes() -> None:
    assert in_order(["001", "002", "003", "004"], ["003", "009", "001", "003"]) == [
        "003",
        "001",
        "002",
        "004",
    ]
