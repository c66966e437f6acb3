"""Any sequence of acts keeps the books balanced, never below zero, and pays nothing twice."""

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fund.rules.books import Account, Amounts, Posting, appropriated, balances, moved, where
from fund.rules.queue import Waiting, fundable
from fund.rules.states import (
    ACT_NAMES,
    OF_THE_PAYMENT,
    STATE_NAMES,
    TRANSITIONS,
    Act,
    NotPossible,
    Standing,
    State,
    after,
)

LINES = (1, 2)
MOST = 3
GROSS = st.integers(1, 1000)


class Fund(RuleBasedStateMachine):
    """A fund of two lines, and whatever can be done to its entitlements in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.postings: list[Posting] = []
        self.amounts: list[Amounts] = []
        self.standings: list[Standing] = []
        self.payments = 0
        self.paid_by: dict[int, int] = {}

    def _take(self, number: int, act: Act, payment: int | None, line: int | None = None) -> bool:
        before = self.standings[number]
        try:
            then = after(before, act, payment=payment, line=line)
        except NotPossible:
            return False
        if before.state and then.state and then.line:
            self.postings += moved(
                then.line, number, self.amounts[number], before.state, then.state
            )
        self.standings[number] = then
        return True

    def _serve_queue(self) -> None:
        queue = [
            Waiting(number, self.amounts[number].gross)
            for number, standing in enumerate(self.standings)
            if standing.state is State.QUEUED
        ]
        free = {line: self._balance(line, Account.AVAILABLE) for line in LINES}
        for number, line in fundable(queue, free):
            assert self._take(number, Act.RESERVE, None, line)

    def _balance(self, line: int, account: Account) -> int:
        return balances(self.postings).get((line, account), 0)

    @rule(line=st.sampled_from(LINES), fen=st.integers(1, 3000))
    def appropriate(self, line: int, fen: int) -> None:
        self.postings += appropriated(line, fen)
        self._serve_queue()

    @initialize()
    def one_is_approved(self) -> None:
        self.appropriate(1, 2000)
        self.approve(500, 1)

    @precondition(lambda self: len(self.standings) < MOST)
    @rule(gross=GROSS, share=st.integers(0, 5))
    def approve(self, gross: int, share: int) -> None:
        self.amounts.append(Amounts(gross, gross * share // 5))
        self.standings.append(after(Standing(), Act.APPROVE))
        self._serve_queue()

    @rule(data=st.data(), number=st.integers(0, MOST - 1))
    def fitting_act(self, data: st.DataObject, number: int) -> None:
        """An act that fits the state, so that long ways are gone to their end."""
        number %= len(self.standings)
        state = self.standings[number].state
        fitting = sorted(act for before, act in TRANSITIONS if before is state)
        fitting += 5 * [act for act in fitting if act in OF_THE_PAYMENT or act is Act.ORDER]
        self._act(number, data.draw(st.sampled_from(fitting)), self.standings[number].payment)

    @rule(number=st.integers(0, MOST - 1), act=st.sampled_from(Act), payment=st.integers(0, 3))
    def any_act(self, number: int, act: Act, payment: int) -> None:
        """Whatever may be clicked, of the present payment or of an old one."""
        number %= len(self.standings)
        self._act(number, act, payment or self.standings[number].payment)

    def _act(self, number: int, act: Act, payment: int | None) -> None:
        if act is Act.RESERVE:
            return
        if act is Act.ORDER:
            self.payments += 1
            payment = self.payments
        if not self._take(number, act, payment):
            return
        event(act.value)
        if act in (Act.PAY, Act.CONFIRM):
            assert number not in self.paid_by, "paid although a payment had arrived"
            assert payment is not None
            self.paid_by[number] = payment
        elif act is Act.REVERSE:
            assert self.paid_by.pop(number) == payment
        elif act is Act.CANCEL:
            self._serve_queue()

    @invariant()
    def books_add_up(self) -> None:
        held = balances(self.postings)
        for line in LINES:
            own = {account: fen for (at, account), fen in held.items() if at == line}
            assert sum(own.values()) == 0
            assert all(fen >= 0 for a, fen in own.items() if a is not Account.APPROPRIATED)

    @invariant()
    def books_hold_what_each_state_says(self) -> None:
        for number, standing in enumerate(self.standings):
            own: dict[Account, int] = {}
            for posting in self.postings:
                if posting.entitlement == number and posting.account is not Account.AVAILABLE:
                    own[posting.account] = own.get(posting.account, 0) + posting.amount
            assert standing.state is not None
            expected = where(standing.state, self.amounts[number])
            expected.pop(Account.AVAILABLE, None)
            assert {account: fen for account, fen in own.items() if fen} == expected
            assert (number in self.paid_by) == (standing.state is State.PAID)


Fund.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFund = Fund.TestCase


def test_every_state_is_reached_and_every_name_is_there() -> None:
    assert {*TRANSITIONS.values()} == set(State)
    assert {act for _, act in TRANSITIONS} == set(Act)
    assert (set(STATE_NAMES), set(ACT_NAMES)) == (set(State), set(Act))


def test_queue_stops_at_the_first_that_no_line_can_pay_whole() -> None:
    queue = [Waiting(1, 60), Waiting(2, 60), Waiting(3, 50), Waiting(4, 1)]
    assert fundable(queue, {7: 100, 8: 60}) == [(1, 7), (2, 8)]
    assert fundable(queue, {7: 170}) == [(1, 7), (2, 7), (3, 7)]
    assert fundable([], {7: 100}) == []
