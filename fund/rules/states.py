"""The way of one entitlement, from its approval to the day the money has arrived.

There is one way only: an entitlement has one state, and in the states ORDERED, SENT and PAID it
has exactly one payment. A payment that failed or came back is made again for the same
entitlement, under the same key; a second payment beside a live one has no transition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from core.i18n import _


class State(StrEnum):
    QUEUED = "queued"
    RESERVED = "reserved"
    ORDERED = "ordered"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    REVERSED = "reversed"
    CANCELLED = "cancelled"
    IN_KIND = "in_kind"


STATE_NAMES: Mapping[State, str] = {
    State.QUEUED: _("排队等待资金"),
    State.RESERVED: _("已预留"),
    State.ORDERED: _("已列入支付批次"),
    State.SENT: _("已送银行"),
    State.PAID: _("已付到账"),
    State.FAILED: _("付款失败待重付"),
    State.REVERSED: _("已冲回待重付"),
    State.CANCELLED: _("已撤销"),
    State.IN_KIND: _("只有非现金部分"),
}


class Act(StrEnum):
    APPROVE = "approve"
    APPROVE_IN_KIND = "approve_in_kind"
    RESERVE = "reserve"
    CANCEL = "cancel"
    ORDER = "order"
    TAKE_OUT = "take_out"
    SEND = "send"
    PAY = "pay"
    FAIL = "fail"
    REVERSE = "reverse"
    CONFIRM = "confirm"
    HOLD = "hold"
    RELEASE = "release"


ACT_NAMES: Mapping[Act, str] = {
    Act.APPROVE: _("核准，等待资金"),
    Act.APPROVE_IN_KIND: _("核准，只有非现金部分"),
    Act.RESERVE: _("预留资金"),
    Act.CANCEL: _("撤销"),
    Act.ORDER: _("列入支付批次"),
    Act.TAKE_OUT: _("批次未获批准，退出批次"),
    Act.SEND: _("送交银行"),
    Act.PAY: _("银行回单：付款成功"),
    Act.FAIL: _("银行回单：付款失败"),
    Act.REVERSE: _("款项退回，冲回账目"),
    Act.CONFIRM: _("更正：原记失败的付款实已到账"),
    Act.HOLD: _("暂缓支付"),
    Act.RELEASE: _("解除暂缓"),
}

# What is owed and could be put into a batch.
PAYABLE = frozenset({State.RESERVED, State.FAILED, State.REVERSED})
# Where something may still be stopped; once the bank has it, only the bank's answer counts.
HOLDABLE = frozenset({State.QUEUED, State.ORDERED, *PAYABLE})
CANCELLABLE = frozenset({State.QUEUED, *PAYABLE})

TRANSITIONS: Mapping[tuple[State | None, Act], State] = {
    (None, Act.APPROVE): State.QUEUED,
    (None, Act.APPROVE_IN_KIND): State.IN_KIND,
    (State.CANCELLED, Act.APPROVE): State.QUEUED,
    (State.CANCELLED, Act.APPROVE_IN_KIND): State.IN_KIND,
    (State.QUEUED, Act.RESERVE): State.RESERVED,
    **{(state, Act.ORDER): State.ORDERED for state in PAYABLE},
    (State.ORDERED, Act.TAKE_OUT): State.RESERVED,
    (State.ORDERED, Act.SEND): State.SENT,
    (State.SENT, Act.PAY): State.PAID,
    (State.SENT, Act.FAIL): State.FAILED,
    (State.PAID, Act.REVERSE): State.REVERSED,
    (State.FAILED, Act.CONFIRM): State.PAID,
    (State.IN_KIND, Act.CANCEL): State.CANCELLED,
    **{(state, Act.CANCEL): State.CANCELLED for state in CANCELLABLE},
    **{(state, Act.HOLD): state for state in HOLDABLE},
    **{(state, Act.RELEASE): state for state in HOLDABLE},
}
STOPPED_BY_HOLD = frozenset({Act.ORDER, Act.SEND})
ENDS_HOLD = frozenset({Act.RELEASE, Act.CANCEL, Act.CONFIRM})
OF_THE_PAYMENT = frozenset({Act.TAKE_OUT, Act.SEND, Act.PAY, Act.FAIL, Act.REVERSE, Act.CONFIRM})
"""Acts that must name the payment which the entitlement has now."""


class NotPossible(Exception):
    """The act does not fit the state; the message is the sentence for the person."""


@dataclass(frozen=True)
class Standing:
    """Where an entitlement is. `number` counts its acts; `payment` is the newest payment's id,
    `line` the budget line that its money comes from, None before there is one."""

    state: State | None = None
    held: bool = False
    number: int = 0
    payment: int | None = None
    line: int | None = None


def after(
    standing: Standing, act: Act, *, payment: int | None = None, line: int | None = None
) -> Standing:
    """Where an act leads. `payment` is the new one for ORDER and the present one for the acts of
    OF_THE_PAYMENT; `line` is given for RESERVE. Raises NotPossible."""
    state = TRANSITIONS.get((standing.state, act))
    if state is None:
        now = STATE_NAMES[standing.state] if standing.state else _("未核准")
        raise NotPossible(_("现在是“%(now)s”，不能%(act)s") % {"now": now, "act": ACT_NAMES[act]})
    if standing.held and act in STOPPED_BY_HOLD:
        raise NotPossible(_("已暂缓支付，解除暂缓后才能付款"))
    if standing.held == (act is Act.HOLD) and act in (Act.HOLD, Act.RELEASE):
        raise NotPossible(_("已经暂缓支付") if standing.held else _("没有暂缓支付，无须解除"))
    if act in OF_THE_PAYMENT and payment != standing.payment:
        raise NotPossible(_("这笔付款已经不是当前的付款"))
    if act is Act.ORDER and payment == standing.payment:
        raise NotPossible(_("重付须另立一笔付款"))
    return replace(
        standing,
        state=state,
        held=act is Act.HOLD or (standing.held and act not in ENDS_HOLD),
        number=standing.number + 1,
        payment=payment if act is Act.ORDER else standing.payment,
        line=line if act is Act.RESERVE else standing.line,
    )
