"""The order in which entrants are called, and when each was open for marks."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Boolean,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")
_ENTRANT = LazyTableReference("Entrant", app_name="contest")


class RunningOrder(Table, tablename="running_order"):
    """The order in which the host calls the entrants of a round: a list of their codes."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    round = Varchar(64)
    codes = JSONB()

    one_order_a_round = Unique([contest, "round"])


class ScoringWindow(Table, tablename="scoring_window"):
    """One opening of an entrant for marks.

    `is_open` is true or null, never false: so the unique constraint allows one open window a
    contest and any number of closed ones.
    """

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    round = Varchar(64)
    entrant: ForeignKey[Table] = ForeignKey(_ENTRANT, null=False, on_delete=OnDelete.restrict)
    is_open = Boolean(null=True, default=True)
    reason = Text()
    opened_at = Timestamptz()
    opened_by = Integer()
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Integer(null=True, default=None)

    one_open_at_a_time = Unique([contest, is_open])
    open_or_closed = Check("(is_open IS NULL) = (closed_at IS NOT NULL)")
    never_false = Check("is_open")


APPEND_ONLY: list[type[Table]] = []
