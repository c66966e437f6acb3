"""What a contest is to the packages above: plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from contest.rulebooks.rules.rulebook import Rulebook


class Phase(StrEnum):
    """The life of a contest, in order."""

    DRAFT = "draft"
    NOMINATION = "nomination"
    REVIEW = "review"
    VOTING = "voting"
    JUDGING = "judging"
    TALLYING = "tallying"
    PUBLIC_NOTICE = "public_notice"
    FINAL = "final"


@dataclass(frozen=True)
class Contest:
    """One edition of a contest. `notice_ends_on` is the last day of the public notice."""

    id: int
    slug: str
    title: str
    series: str
    edition: str
    phase: Phase
    phase_since: datetime
    rulebook: Rulebook
    rulebook_number: int
    created_at: datetime
    nomination_closes_at: datetime | None = None
    code_order: str = ""
    code_seed: str = ""
    approval_document: str = ""
    notice_starts_on: date | None = None
    notice_ends_on: date | None = None

    @property
    def opens_at(self) -> datetime | None:
        """When voting opens; None for a contest without a vote."""
        return self.rulebook.voting.window.opens_at if self.rulebook.voting else None

    @property
    def closes_at(self) -> datetime | None:
        return self.rulebook.voting.window.closes_at if self.rulebook.voting else None

    @property
    def public(self) -> bool:
        """Whether the public may know of it: a draft is the organisers' alone."""
        return self.phase is not Phase.DRAFT
