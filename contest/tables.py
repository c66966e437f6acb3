"""Contests, their rulebooks and phases, nominations, entrants, metrics, notices, objections.

Phones, birth dates and the contacts of objectors are sealed (`core.crypto.KeyRing.seal`).
"""

from piccolo.columns import (
    JSONB,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
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


class RulebookVersion(Table, tablename="rulebook_version"):
    """The exact TOML text of every version that was ever in force."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest)
    number = Integer()
    source = Text()
    digest = Varchar(71)
    uploaded_at = Timestamptz()
    uploaded_by = Integer(null=True, default=None)

    one_number_each = Unique([contest, number])


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


class Nomination(Table, tablename="nomination"):
    """One candidate put forward by a committee, from first draft to decision.

    `born_on` and the phones are sealed; a photo is the SHA-256 of its file.
    """

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    nominator = Varchar(40, index=True)
    created_by = Integer(null=True, default=None)
    status = Varchar(20, index=True)
    name = Varchar(40)
    phone_sealed = Bytea(null=True, default=None)
    born_on_sealed = Bytea(null=True, default=None)
    platform = Varchar(20)
    account = Varchar(60)
    summary = Varchar(120)
    case_report = Text()
    photo = Varchar(64, null=True, default=None)
    first_time = Boolean(default=False)
    guardian_name = Varchar(40)
    guardian_phone_sealed = Bytea(null=True, default=None)
    guardian_consent = Boolean(default=False)
    consent = Boolean(default=False)
    created_at = Timestamptz()
    saved_at = Timestamptz()
    submitted_at = Timestamptz(null=True, default=None)
    withdrawn_reason = Text()


class ReviewDecision(Table, tablename="review_decision"):
    """One reading of a nomination by the bureau. `gaps` is a list of {field, message}."""

    id = Serial(primary_key=True)
    nomination = ForeignKey(Nomination, index=True)
    decision = Varchar(20)
    gaps = JSONB()
    reason = Text()
    at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


class Entrant(Table, tablename="entrant"):
    """Who stands in the contest; never removed, only withdrawn."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    nomination = ForeignKey(Nomination, null=True, default=None, unique=True)
    code = Varchar(3, null=True, default=None)
    name = Varchar(60)
    nominator = Varchar(40)
    township = Varchar(40)
    summary = Varchar(120)
    case_report = Text()
    photo = Varchar(64, null=True, default=None)
    first_time = Boolean(default=False)
    attributes = JSONB(default={})
    added_at = Timestamptz()
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_reason = Text()

    one_code_each = Unique([contest, code])


class FigureImport(Table, tablename="figure_import"):
    """One uploaded file of figures. It counts only once a second person verified it."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    file_name = Varchar(200)
    file_digest = Varchar(64)
    as_of = Timestamptz()
    note = Text()
    status = Varchar(20)
    uploaded_at = Timestamptz()
    uploaded_by = Integer(null=True, default=None)
    uploaded_by_name = Varchar(80)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = Integer(null=True, default=None)
    decided_by_name = Varchar(80)
    decision_note = Text()

    two_people = Check((decided_by.is_null()) | (decided_by != uploaded_by))


class Figure(Table, tablename="figure"):
    """One entrant's figure as a file says it; `line` is the row of the sheet.

    `figure_id` names a metric, or a component of given points, of the rulebook.
    """

    id = Serial(primary_key=True)
    figure_import = ForeignKey(FigureImport, index=True)
    entrant = ForeignKey(Entrant)
    figure_id = Varchar(60)
    value = Numeric((24, 6))
    line = Integer()

    once_in_a_file = Unique([figure_import, entrant, figure_id])


class Notice(Table, tablename="notice"):
    """A public notice as it was posted; a correction is a new notice."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    title = Varchar(120)
    body = Text()
    posted_at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


class Objection(Table, tablename="objection"):
    """A written objection: real name and contact sealed, answered in writing."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    reference = Varchar(20, unique=True)
    real_name_sealed = Bytea()
    contact_sealed = Bytea()
    about = Varchar(60)
    body = Text()
    filed_at = Timestamptz()


class ObjectionAnswer(Table, tablename="objection_answer"):
    """The one written answer to an objection."""

    id = Serial(primary_key=True)
    objection = ForeignKey(Objection, unique=True)
    outcome = Varchar(20)
    body = Text()
    at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


class HolidayYear(Table, tablename="holiday_year"):
    """The State Council's arrangement for a year, where the library does not know it."""

    id = Serial(primary_key=True)
    year = Integer(unique=True)
    days_off = JSONB()
    makeup_days = JSONB()
    recorded_at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


APPEND_ONLY: list[type[Table]] = [
    RulebookVersion,
    PhaseChange,
    ReviewDecision,
    Figure,
    Notice,
    Objection,
    ObjectionAnswer,
]
KEPT_FILES: dict[str, list[Varchar]] = {
    "photos": [Nomination.photo, Entrant.photo],
    "evidence": [FigureImport.file_digest],
}
"""Which columns name files, by the folder they lie in: a backup must hold each of them."""
