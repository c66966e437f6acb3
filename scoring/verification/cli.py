"""`shibaiqian verify`: a certified result recomputed from its bundle, without a database."""

import sys
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.markup import escape

from core.i18n import _
from scoring.verification.bundle import BundleError
from scoring.verification.command import (
    BAD_INPUT,
    DIFFERENT,
    checks,
    closing_words,
    key_of_hex,
)


class _HexKey(click.ParamType[bytes]):
    name = "hex"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        try:
            return key_of_hex(value)
        except ValueError:
            self.fail(_("公钥应为 64 位十六进制数"), param, ctx)


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", type=_HexKey(), help="结果页上公布的签名公钥（64 位十六进制）")
@click.option("--fast", is_flag=True, help="用 numpy 快速重算账本，供数百万票时用")
def verify(bundle: Path, key: bytes | None, fast: bool) -> None:
    """重算结果包 BUNDLE：签名、选票账本、评分表和每一步算式。

    全部相符时退出码为 0；不符为 1，并指出第一处不同；文件打不开为 2。格式见 docs/bundle.md。
    """
    console = Console(highlight=False, soft_wrap=True)
    if not bundle.is_file():
        click.echo(_("打不开文件 %(file)s") % {"file": bundle}, err=True)
        sys.exit(BAD_INPUT)
    try:
        with console.status(_("正在核对签名和摘要")) as status:
            for check in checks(bundle, key, fast=fast):
                console.print(f"[green]✓[/] {check.name}  {escape(check.detail)}")
                status.update(_("正在重算"))
    except BundleError as difference:
        console.print(f"[red]✗[/] {escape(str(difference))}")
        sys.exit(DIFFERENT)
    for sentence in closing_words(key):
        console.print(sentence)
