"""Certification: proposals, and the results that a second person approved."""

from piccolo.columns import (
    BigInt,
    BigSerial,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_CONTEST = LazyTableReference("Contest", app_name="contest")


class CertificationProposal(Table, tablename="certification_proposal"):
    """The first person's statement that the result with this digest is right."""

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


APPEND_ONLY: list[type[Table]] = [Certification, CertificationProposal]
KEPT_FILES: dict[str, list[Varchar]] = {"bundles": [Certification.bundle]}
"""Which columns name files, by the folder they lie in: a backup must hold each of them."""
