"""The fund as it is spent through the year: what was committed and paid by the end of each
month, and the picture of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from core.i18n import _
from core.numbers import money
from fund.rules.books import Account

_PAID = (Account.PAID, Account.TAX_WITHHELD, Account.RECEIVABLE)
_COMMITTED = (Account.RESERVED, Account.PAYABLE)


@dataclass(frozen=True)
class MonthEnd:
    """Fen at the end of a month: appropriated in all, of which paid and set aside."""

    month: int
    appropriated: int
    paid: int
    committed: int

    @property
    def available(self) -> int:
        return self.appropriated - self.paid - self.committed


def month_ends(gains: Sequence[Mapping[str, Any]], year: int, today: date) -> list[MonthEnd]:
    """From what each account gained in each month (month, account, amount) to the ends of the
    months of `year` up to today's. What was booked before the year counts from January, what was
    booked after it in December."""
    last = 12 if today.year > year else today.month if today.year == year else 0
    held = dict.fromkeys(Account, 0)
    found = []
    waiting = [
        (min(max(one["month"], date(year, 1, 1)), date(year, 12, 1)).month, one) for one in gains
    ]
    for month in range(1, last + 1):
        for place, one in waiting:
            if place == month:
                held[Account(one["account"])] += one["amount"]
        found.append(
            MonthEnd(
                month,
                -held[Account.APPROPRIATED],
                sum(held[account] for account in _PAID),
                sum(held[account] for account in _COMMITTED),
            )
        )
    return found


_BLUE, _ORANGE, _GREY, _TEXT, _MUTED, _LINE = (
    *("#0B5CAD", "#D9730D", "#7A8599"),
    *("#1A1F2B", "#5A6475", "#E1E5EC"),
)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 260, 64, 170, 26, 30


def year_chart(title: str, ends: Sequence[MonthEnd]) -> str:
    """SVG: a column for each month, what was paid below what is set aside, under the line of
    what was appropriated. Only presentation attributes: the content policy allows no styles."""
    top = max([1, *(one.appropriated for one in ends)])
    across = (_WIDTH - _LEFT - _RIGHT) / 12

    def y(fen: int) -> float:
        return _HEIGHT - _BOTTOM - fen / top * (_HEIGHT - _TOP - _BOTTOM)

    parts = _scale(top)
    for one in ends:
        x = _LEFT + (one.month - 1) * across
        for low, high, colour in (
            (0, one.paid, _BLUE),
            (one.paid, one.paid + one.committed, _ORANGE),
        ):
            if high > low:
                parts.append(
                    f'<rect x="{x + 4:.1f}" y="{y(high):.1f}" width="{across - 8:.1f}"'
                    f' height="{y(low) - y(high):.1f}" fill="{colour}"/>'
                )
    points = [
        f"{_LEFT + place * across:.1f},{y(one.appropriated):.1f}"
        for one in ends
        for place in (one.month - 1, one.month)
    ]
    # a line over time: narrow screens scroll it instead of shrinking its words
    parts.append(
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{_GREY}" stroke-width="2"/>'
    )
    for month in range(1, 13):
        parts.append(_words(_LEFT + (month - 0.5) * across, _HEIGHT - 10, str(month), "middle"))
    parts.append(_words(_WIDTH - _RIGHT + 6, _HEIGHT - 10, _("月")))
    if ends:
        parts += _names(ends[-1], y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _scale(top: int) -> list[str]:
    parts = []
    for quarter in range(5):
        fen = top * quarter // 4
        at = _HEIGHT - _BOTTOM - quarter / 4 * (_HEIGHT - _TOP - _BOTTOM)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"'
            f' stroke="{_LINE}"/>'
        )
        parts.append(_words(_LEFT - 6, at + 4, f"{fen / 1_000_000:g}", "end"))
    parts.append(_words(6, 14, _("万元")))
    return parts


def _names(last: MonthEnd, y: Callable[[int], float]) -> list[str]:
    """What the parts of the newest column are, a line apart, from the top downwards."""
    named = [
        (last.appropriated, _("拨款"), last.appropriated, _MUTED),
        (last.paid + last.committed, _("已预留"), last.committed, "#9A5B00"),
        (last.paid, _("已付"), last.paid, _BLUE),
    ]
    parts, lowest = [], 0.0
    for place, (height, name, fen, colour) in enumerate(named):
        room = 18 * (len(named) - 1 - place)
        at = min(max(y(height) + 4, lowest + 18), _HEIGHT - _BOTTOM - room)
        lowest = at
        parts.append(_words(_WIDTH - _RIGHT + 8, at, f"{name} {money(fen)}", colour=colour))
    return parts


def _words(x: float, y: float, words: str, anchor: str = "start", colour: str = _MUTED) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="13"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )
