"""People. Telephone and identity numbers are sealed, with a keyed digest to find them by."""

from piccolo.columns import Array, Bytea, Integer, Serial, Timestamptz, Varchar
from piccolo.table import Table


class Account(Table, tablename="account"):
    """One person in one capacity. `contest_id` has no reference: contests are a higher layer."""

    id = Serial(primary_key=True)
    name = Varchar(80)
    roles = Array(base_column=Varchar(40))
    township = Varchar(40)
    contest_id = Integer(null=True, default=None)
    phone_sealed = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None, unique=True)
    identity_sealed = Bytea(null=True, default=None)
    identity_index = Bytea(null=True, default=None, unique=True)
    consent_version = Varchar(20)
    consented_at = Timestamptz(null=True, default=None)
    adult_declared_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    disabled_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


APPEND_ONLY: list[type[Table]] = []
