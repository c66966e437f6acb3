"""Parts of an award that are not money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.i18n import _

KINDS: Mapping[str, str] = {
    "bus_stop_advertising": _("公交站牌广告位"),
    "interview": _("媒体专访"),
    "mayors_award": _("市长授牌"),
    "traffic_support": _("流量扶持"),
    "training": _("免费培训"),
    "other": _("其他"),
}


@dataclass(frozen=True)
class Arrangement:
    """Where and when a part in kind is given; "" and None are not settled yet."""

    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Done:
    """That a part has been given: the day, the evidence in words, and a file if there is one
    (its SHA-256 in hex, and the name it came with)."""

    on: date
    evidence: str
    file_digest: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class Part:
    """A part in kind with its newest arrangement, and whether it is done."""

    id: int
    entitlement: int
    code: str
    beneficiary: str
    title: str
    kind: str
    words: str
    department: str
    due_on: date | None
    arrangement: Arrangement
    done: Done | None
    said_by: str
    said_at: datetime | None
    cancelled: bool

    def overdue(self, today: date) -> bool:
        return not self.done and not self.cancelled and bool(self.due_on and self.due_on < today)
