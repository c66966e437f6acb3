"""Sessions. Of the token in a cookie only a digest is stored."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, OnDelete, Timestamptz
from piccolo.table import Table

from accounts.people.tables import Account


class Session(Table, tablename="session"):
    """A signed-in browser; with a device digest it works on that device alone."""

    id = BigSerial(primary_key=True)
    token_digest = Bytea(unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    opened_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz(index=True)
    device_digest = Bytea(null=True, default=None)


APPEND_ONLY: list[type[Table]] = []
