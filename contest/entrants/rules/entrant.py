"""Who stands in a contest: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FIRST_TIME = "first_time"
"""The attribute that a rulebook tests to tell newcomers: `equals = "是"`."""
# These words stand in rulebooks and in published results, so they are never translated.
_YES, _NO = "是", "否"


@dataclass(frozen=True)
class Entrant:
    """Who stands in a contest. `code` is "" until codes are assigned; `photo` is a file's
    SHA-256 in hex. `attributes` are the words that were entered beside the fixed columns."""

    id: int
    contest_id: int
    code: str
    name: str
    nominator: str
    township: str
    summary: str
    case_report: str
    photo: str | None
    first_time: bool
    attributes: Mapping[str, str] = field(default_factory=dict)
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def tested_attributes(self) -> dict[str, str]:
        """All words that a gate or an award of the rulebook may test, by the attribute's id."""
        return {**self.attributes, FIRST_TIME: _YES if self.first_time else _NO}


@dataclass(frozen=True)
class NewEntrant:
    """One entrant as given; `code` is "" when codes are to be assigned later.

    Without a `township` the nominator's name is taken for it. `nomination_id` names the
    nomination that was passed, where there was one.
    """

    name: str
    code: str = ""
    nominator: str = ""
    township: str = ""
    summary: str = ""
    case_report: str = ""
    photo: str | None = None
    first_time: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    nomination_id: int | None = None
