"""The public key that signs heads, as an option of the commands that check them."""

import rich_click as click

from core.i18n import _
from voting.merkle_log.rules.tree_head import read_hex


class HexKey(click.ParamType[bytes]):
    """A public key as 64 hex digits."""

    name = "hex"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        try:
            return read_hex(value.lower(), 32)
        except ValueError:
            self.fail(_("公钥应为 64 位十六进制数"), param, ctx)
