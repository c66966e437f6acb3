"""The board of each contest as last published."""

from typing import Any

from piccolo.columns import (
    BigInt,
    ForeignKey,
    LazyTableReference,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
)
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")


class Board(Table, tablename="board"):
    """The newest snapshot; `body` is the JSON text that page, JSON and sockets all give out.

    Derived state: a board can always be made again from ballots, so only the newest is kept.
    """

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(
        _CONTEST, null=False, unique=True, on_delete=OnDelete.cascade
    )
    version = BigInt()
    body = Text()
    frozen_at = Timestamptz(null=True, default=None)


APPEND_ONLY: list[type[Table]] = []
