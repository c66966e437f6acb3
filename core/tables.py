"""The audit log: who did what, to what, when; rows are only ever added."""

from piccolo.columns import JSONB, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class AuditEntry(Table, tablename="audit_entry"):
    id = BigSerial(primary_key=True)
    at = Timestamptz(index=True)
    actor_id = Integer(null=True, index=True)
    actor_name = Varchar(80)
    action = Varchar(80, index=True)
    subject_type = Varchar(40)
    subject_id = Varchar(80, index=True)
    details = JSONB()
    client_address = Text()


APPEND_ONLY = [AuditEntry]
