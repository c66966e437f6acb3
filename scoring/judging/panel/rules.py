"""A judge's place on the panel, with the conflicts of interest that the judge declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seat:
    """One judge's place. `conflicts` gives the reason by entrant id, as the judge declared
    it; `has_declared` is true once the judge has answered, with or without a conflict."""

    id: int
    contest_id: int
    account_id: int
    number: int
    has_declared: bool
    conflicts: Mapping[int, str] = field(default_factory=dict)
