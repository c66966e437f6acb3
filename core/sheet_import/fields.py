"""What a caller wants to read from a table: its fields."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, and so how its cells are read and in what unit they come back."""

    MONEY = "money"
    """元 as Decimal with two decimals."""
    COUNT = "count"
    """A whole number as int."""
    NUMBER = "number"
    """A Decimal with `Field.decimals` at most."""
    PERCENT = "percent"
    """A share as Decimal: 0.68% is 0.0068."""
    DURATION = "duration"
    """Seconds as Decimal."""
    MOMENT = "moment"
    """A datetime in Beijing time, aware of its zone."""
    DAY = "day"
    """A date."""
    SPAN = "span"
    """Two moments written in one cell."""
    KEY = "key"
    """An identifier as str."""
    NAME = "name"
    """A name as str."""
    TEXT = "text"
    """Longer text as str."""


MEASURED = frozenset({Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.PERCENT, Kind.DURATION})
"""Kinds that have units. A merged cell never lends such a value to the rows below it."""


_GRAINS = {Kind.NUMBER: 6, Kind.PERCENT: 8, Kind.DURATION: 3}


@dataclass(frozen=True)
class Field:
    """One field wanted.

    `titles` are the headings, beside `name`, by which its column is known; brackets in them
    count as definitions. `required` asks for the column, `filled` for a value in each row,
    `unique` for another value in each row. `definitions` are the definitions that the field
    may have, such as 不含退款: a column that states another is a different figure. `unit` is
    taken where neither heading nor cell names one; "" asks a person, except for counts and
    numbers. `decimals` is the field's grain, None for the kind's own: of a percentage it
    counts places of the share, of a duration places of a second; money always has two.
    """

    id: str
    name: str
    kind: Kind
    titles: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    unique: bool = False
    definitions: frozenset[str] = frozenset()
    unit: str = ""
    decimals: int | None = None
    signed: bool = False
    longest: int = 0

    @property
    def grain(self) -> int:
        """How many decimals a value keeps."""
        if self.kind is Kind.MONEY:
            return 2
        return _GRAINS.get(self.kind, 0) if self.decimals is None else self.decimals
