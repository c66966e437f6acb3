"""Judges' sheets: marks as saved, signed versions, and proposed changes of these."""

from piccolo.columns import (
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

from scoring.judging.panel.tables import PanelSeat

_ENTRANT = LazyTableReference("Entrant", app_name="contest")


class Sheet(Table, tablename="judge_sheet"):
    """One judge's sheet of one round. Its state follows from its entries and versions."""

    id = BigSerial(primary_key=True)
    seat = ForeignKey(PanelSeat, null=False, on_delete=OnDelete.restrict)
    round = Varchar(64)

    one_sheet_a_round = Unique([seat, "round"])


class SheetEntry(Table, tablename="sheet_entry"):
    """The state of one entrant on a sheet while it is being filled in."""

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
    `scoring.judging.sheets.rules.judge_sheet.Signing.message`. The highest version is in force."""

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
    """The second person's decision on a proposed version. There is one, and it is final."""

    id = BigSerial(primary_key=True)
    change = ForeignKey(SheetChange, null=False, on_delete=OnDelete.restrict)
    approved = Boolean()
    reason = Text()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    decided_once = Unique([change])


APPEND_ONLY: list[type[Table]] = [Mark, SheetChange, SheetChangeDecision, SheetVersion]
