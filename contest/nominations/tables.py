"""Nominations and the decisions on them.

Telephone numbers and dates of birth are sealed (`core.crypto.KeyRing.seal`).
"""

from piccolo.columns import (
    JSONB,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from contest.editions.tables import Contest


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


APPEND_ONLY: list[type[Table]] = [ReviewDecision]
KEPT_FILES: dict[str, list[Varchar]] = {"photos": [Nomination.photo]}
"""Which columns name files, by the folder they lie in: a backup must hold each of them."""
