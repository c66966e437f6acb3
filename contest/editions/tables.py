"""Contests, and the history of their phases."""

from piccolo.columns import Date, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class Contest(Table, tablename="contest"):
    """One edition of a contest. Its rules are the newest `RulebookVersion`."""

    id = Serial(primary_key=True)
    slug = Varchar(60, unique=True)
    title = Varchar(120)
    series = Varchar(60, index=True)
    edition = Varchar(20)
    phase = Varchar(20)
    phase_since = Timestamptz()
    created_at = Timestamptz()
    nomination_closes_at = Timestamptz(null=True, default=None)
    code_order = Varchar(20)
    code_seed = Text()
    approval_document = Varchar(120)
    notice_starts_on = Date(null=True, default=None)
    notice_ends_on = Date(null=True, default=None)


class PhaseChange(Table, tablename="phase_change"):
    """The history of a contest's phases. A contest enters each phase once."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest)
    from_phase = Varchar(20)
    to_phase = Varchar(20)
    at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)

    each_phase_once = Unique([contest, to_phase])


APPEND_ONLY: list[type[Table]] = [PhaseChange]
