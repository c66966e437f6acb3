"""The panel: judges' seats, and the conflicts of interest that they declared."""

from piccolo.columns import (
    BigSerial,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")
_ENTRANT = LazyTableReference("Entrant", app_name="contest")
_ACCOUNT = LazyTableReference("Account", app_name="accounts")


class PanelSeat(Table, tablename="panel_seat"):
    """One judge's place on a contest's panel; `number` is the judge's public number."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    account: ForeignKey[Table] = ForeignKey(_ACCOUNT, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    appointed_at = Timestamptz()
    conflicts_declared_at = Timestamptz(null=True, default=None)

    one_seat_each = Unique([contest, account])
    one_judge_a_number = Unique([contest, number])


class Conflict(Table, tablename="panel_conflict"):
    """A judge's own declaration of a conflict of interest with an entrant."""

    id = BigSerial(primary_key=True)
    seat = ForeignKey(PanelSeat, null=False, on_delete=OnDelete.cascade)
    entrant: ForeignKey[Table] = ForeignKey(_ENTRANT, null=False, on_delete=OnDelete.restrict)
    reason = Text()
    declared_at = Timestamptz()

    declared_once = Unique([seat, entrant])


APPEND_ONLY: list[type[Table]] = []
