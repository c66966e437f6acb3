"""Bank accounts, batches, what the bank answered, and corrections of it."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

_ENTITLEMENT = LazyTableReference("FundEntitlement", app_name="fund")
_KEPT = OnDelete.restrict


class FundPayee(Table, tablename="fund_payee"):
    """The bank account that an entitlement is paid to; the highest version is in force.
    `sealed` holds holder, bank and number; `number_index` finds the same number elsewhere."""

    id = BigSerial(primary_key=True)
    entitlement: ForeignKey[Table] = ForeignKey(_ENTITLEMENT, null=False, on_delete=_KEPT)
    version = Integer()
    sealed = Bytea()
    number_index = Bytea(index=True)
    entered_by = Integer()
    entered_by_name = Varchar(80)
    entered_at = Timestamptz()

    fund_payee_numbered_once = Unique([entitlement, version])


class FundBatch(Table, tablename="fund_batch"):
    """Payments that go to the bank together, as their maker put them together."""

    id = Serial(primary_key=True)
    note = Varchar(200)
    made_by = Integer()
    made_by_name = Varchar(80)
    made_at = Timestamptz()


class FundBatchDecision(Table, tablename="fund_batch_decision"):
    """The checker's answer to a batch."""

    id = Serial(primary_key=True)
    batch = ForeignKey(FundBatch, null=False, on_delete=_KEPT)
    approved = Boolean()
    reason = Text()
    made_by = Integer()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    fund_batch_decision_decided_once = Unique([batch])
    two_people = Check("decided_by <> made_by")


class FundBatchSending(Table, tablename="fund_batch_sending"):
    """The payer's word that a batch goes to the bank, and the digest of its file. `approved`,
    `made_by` and `decided_by` repeat the decision's for the checks."""

    id = Serial(primary_key=True)
    batch = ForeignKey(FundBatch, null=False, on_delete=_KEPT)
    approved = Boolean(default=True)
    made_by = Integer()
    decided_by = Integer()
    sent_by = Integer()
    sent_by_name = Varchar(80)
    sent_at = Timestamptz()
    file_digest = Varchar(64)

    fund_batch_sending_sent_once = Unique([batch])
    only_approved = Check("approved")
    three_people = Check("sent_by <> made_by AND sent_by <> decided_by")


class FundPayment(Table, tablename="fund_payment"):
    """One attempt to pay an entitlement: its line in a batch. `attempt` counts from 1."""

    id = BigSerial(primary_key=True)
    batch = ForeignKey(FundBatch, null=False, on_delete=_KEPT)
    entitlement: ForeignKey[Table] = ForeignKey(_ENTITLEMENT, null=False, on_delete=_KEPT)
    payee = ForeignKey(FundPayee, null=False, on_delete=_KEPT)
    attempt = Integer()
    net = BigInt()

    fund_payment_once_in_a_batch = Unique([batch, entitlement])
    fund_payment_numbered_once = Unique([entitlement, attempt])
    something_to_pay = Check("net > 0")


class FundResultFile(Table, tablename="fund_result_file"):
    """A result file of the bank, by its digest, and what was made of each row."""

    id = Serial(primary_key=True)
    batch = ForeignKey(FundBatch, null=False, on_delete=_KEPT)
    digest = Varchar(64, unique=True)
    file_name = Varchar(200)
    report = JSONB()
    uploaded_by = Integer()
    uploaded_by_name = Varchar(80)
    uploaded_at = Timestamptz()


class FundCorrection(Table, tablename="fund_correction"):
    """One person's proposal to correct what a payment came to: `act` is "reverse" for money
    that came back, "confirm" for money that arrived although the bank had said it failed."""

    id = Serial(primary_key=True)
    payment = ForeignKey(FundPayment, null=False, on_delete=_KEPT)
    act = Varchar(16)
    reason = Text()
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()

    known_act = Check("act IN ('reverse', 'confirm')")


class FundCorrectionDecision(Table, tablename="fund_correction_decision"):
    """The second person's answer to a correction."""

    id = Serial(primary_key=True)
    correction = ForeignKey(FundCorrection, null=False, on_delete=_KEPT)
    approved = Boolean()
    reason = Text()
    proposed_by = Integer()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    fund_correction_decision_decided_once = Unique([correction])
    two_people = Check("decided_by <> proposed_by")


APPEND_ONLY: list[type[Table]] = [
    FundBatch,
    FundBatchDecision,
    FundBatchSending,
    FundCorrection,
    FundCorrectionDecision,
    FundPayee,
    FundPayment,
    FundResultFile,
]
