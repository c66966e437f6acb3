"""WeChat identities."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, OnDelete, Timestamptz
from piccolo.table import Table

from accounts.people.tables import Account


class WechatLink(Table, tablename="wechat_link"):
    """A WeChat identity that signs in to an account whose phone was verified beside it. Only a
    keyed digest of the openid is kept: nothing is ever sent to it."""

    id = BigSerial(primary_key=True)
    openid_index = Bytea(unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    linked_at = Timestamptz()


APPEND_ONLY: list[type[Table]] = []
