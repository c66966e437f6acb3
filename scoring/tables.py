"""Panels, the host's run of show, judges' marks, and the signed versions of their sheets."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    LazyTableReference,
    Numeric,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")
_ENTRANT = LazyTableReference("Entrant", app_name="contest")
_ACCOUNT = LazyTableReference("Account", app_name="accounts")


class PanelSeat(Table, tablename="panel_seat"):
    """One judge's place on a contest's panel; `number` is the judge's public number."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    account: ForeignKey[Table] = ForeignKey(_ACCOUNT, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    appointed_at = Timestamptz()
    conflicts_declared_at = Timestamptz(null=True, default=None)

    one_seat_each = Unique([contest, account])
    one_judge_a_number = Unique([contest, number])


class Conflict(Table, tablename="panel_conflict"):
    """A judge's own declaration that an entrant is too near to be judged by them."""

    id = BigSerial(primary_key=True)
    seat = ForeignKey(PanelSeat, null=False, on_delete=OnDelete.cascade)
    entrant: ForeignKey[Table] = ForeignKey(_ENTRANT, null=False, on_delete=OnDelete.restrict)
    reason = Text()
    declared_at = Timestamptz()

    declared_once = Unique([seat, entrant])


class RunningOrder(Table, tablename="running_order"):
    """The order in which the host calls the entrants of a round: a list of their codes."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    round = Varchar(64)
    codes = JSONB()

    one_order_a_round = Unique([contest, "round"])


class ScoringWindow(Table, tablename="scoring_window"):
    """One opening of an entrant for marks. `is_open` is true or null, never false, so that
    the unique constraint lets one window a contest be open and any number be closed."""

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


class Sheet(Table, tablename="judge_sheet"):
    """One judge's sheet of one round. Its state follows from its entries and versions."""

    id = BigSerial(primary_key=True)
    seat = ForeignKey(PanelSeat, null=False, on_delete=OnDelete.restrict)
    round = Varchar(64)

    one_sheet_a_round = Unique([seat, "round"])


class SheetEntry(Table, tablename="sheet_entry"):
    """Where one entrant stands on a sheet while it is being filled in."""

    id = BigSerial(primary_key=True)
    sheet = ForeignKey(Sheet, null=False, on_delete=OnDelete.restrict)
    entrant: ForeignKey[Table] = ForeignKey(_ENTRANT, null=False, on_delete=OnDelete.restrict)
    status = Varchar(16, default="draft")
    reason = Text()
    settled_at = Timestamptz(null=True, default=None)

    one_entry_each = Unique([sheet, entrant])
    known_status = Check("status IN ('draft', 'submitted', 'recused', 'absent')")
    settled_when_not_draft = Check("(status = 'draft') = (settled_at IS NULL)")


class Mark(Table, tablename="judge_mark"):
    """One saving of one mark; the mark in force is the one of the highest sequence.

    The tablet numbers its savings, so a late retry can neither overwrite a newer mark nor
    be counted twice. A null value takes the mark back.
    """

    id = BigSerial(primary_key=True)
    entry = ForeignKey(SheetEntry, null=False, on_delete=OnDelete.restrict)
    criterion = Varchar(64)
    client_sequence = BigInt()
    value = Numeric(null=True, default=None)
    saved_at = Timestamptz()

    saved_once = Unique([entry, criterion, client_sequence])


class SheetVersion(Table, tablename="sheet_version"):
    """A signed sheet: the canonical text, its digest, and the Ed25519 signature over
    `scoring.judging.rules.judge_sheet.Signing.message`. The highest version is in force."""

    id = BigSerial(primary_key=True)
    sheet = ForeignKey(Sheet, null=False, on_delete=OnDelete.restrict)
    version = Integer()
    content = Text()
    digest = Varchar(80)
    method = Varchar(16)
    signed_by = Integer()
    signed_by_name = Varchar(80)
    signed_at = Timestamptz()
    reason = Text()
    signature = Bytea()

    numbered_once = Unique([sheet, version])


class SheetChange(Table, tablename="sheet_change"):
    """A proposed next version of a sheet, waiting for a second person."""

    id = BigSerial(primary_key=True)
    sheet = ForeignKey(Sheet, null=False, on_delete=OnDelete.restrict)
    base_version = Integer()
    content = Text()
    reason = Text()
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()


class SheetChangeDecision(Table, tablename="sheet_change_decision"):
    """The second person's answer to a proposed version; there is one and it stands."""

    id = BigSerial(primary_key=True)
    change = ForeignKey(SheetChange, null=False, on_delete=OnDelete.restrict)
    approved = Boolean()
    reason = Text()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    decided_once = Unique([change])


class CertificationProposal(Table, tablename="certification_proposal"):
    """The first person's word that the result with this digest is right."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    result_digest = Varchar(80)
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()


class Certification(Table, tablename="certification"):
    """A certified result: the engine's canonical JSON and the SHA-256 of its bundle. The
    highest version is in force; `proposed_by` repeats the proposal's for the check."""

    id = BigSerial(primary_key=True)
    contest: ForeignKey[Table] = ForeignKey(_CONTEST, null=False, on_delete=OnDelete.restrict)
    proposal = ForeignKey(CertificationProposal, null=False, on_delete=OnDelete.restrict)
    version = Integer()
    result = Text()
    result_digest = Varchar(80)
    bundle = Varchar(64)
    ledger_size = BigInt()
    ledger_root = Varchar(64)
    proposed_by = Integer()
    approved_by = Integer()
    approved_by_name = Varchar(80)
    approved_at = Timestamptz()

    certified_once_a_version = Unique([contest, version])
    certified_once_a_proposal = Unique([proposal])
    two_people = Check("approved_by <> proposed_by")


APPEND_ONLY: list[type[Table]] = [
    Certification,
    CertificationProposal,
    Mark,
    SheetChange,
    SheetChangeDecision,
    SheetVersion,
]
KEPT_FILES: dict[str, list[Varchar]] = {"bundles": [Certification.bundle]}
"""As in `contest.tables`."""
