"""What the big screen of each contest shows."""

from typing import Any

from piccolo.columns import (
    BigInt,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Serial,
    Text,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")


class Show(Table, tablename="screen_show"):
    """What the host put on the big screen. `plan` is the whole of a reveal, shown or not; `body` is
    what screens may know of it now."""

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(
        _CONTEST, null=False, unique=True, on_delete=OnDelete.cascade
    )
    version = BigInt()
    mode = Varchar(16)
    step = Integer()
    plan = Text(null=True, default=None)
    body = Text()

    known_mode = Check("mode IN ('board', 'blank', 'card', 'reveal')")


APPEND_ONLY: list[type[Table]] = []
