"""Numbers and moments as a Chinese reader expects them on a page."""

from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from core.beijing import BEIJING

_WAN = 10_000
_YI = 100_000_000


def short_count(number: int) -> str:
    """A public count: 9,999, 1.2万, 3.4亿; cut, not rounded, so it never overstates.

    Never for scores, money or certificates.
    """
    for unit, name in ((_YI, "亿"), (_WAN, "万")):
        if number >= unit:
            cut = (Decimal(number) / unit).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
            return f"{cut.normalize():f}{name}"
    return exact_count(number)


def exact_count(number: int) -> str:
    """1,204 or 12,345: where every one is wanted, as in the ledger and in the hall."""
    return f"{number:,}"


def money(fen: int) -> str:
    """¥20,000.00 from integer fen."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def beijing(moment: datetime, form: str = "%Y-%m-%d %H:%M") -> str:
    return moment.astimezone(BEIJING).strftime(form)


def beijing_brief(moment: datetime, now: datetime) -> str:
    """For a narrow column: without the year, unless it is another one than now."""
    same_year = moment.astimezone(BEIJING).year == now.astimezone(BEIJING).year
    return beijing(moment, "%m-%d %H:%M" if same_year else "%Y-%m-%d %H:%M")


def masked_phone(phone: str) -> str:
    """138****5678: enough to recognise one's own number, too little to call it."""
    return phone[:3] + "****" + phone[-4:]


def masked_contact(contact: str) -> str:
    """A telephone number, an address, or whatever else somebody is reached by."""
    return masked_phone(contact) if len(contact) >= 11 else contact[:1] + "****"
