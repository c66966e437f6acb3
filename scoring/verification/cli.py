"""`shibaiqian verify`: a certified result recomputed from its bundle, without a database."""

import sys
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.markup import escape

from core.i18n import _
from scoring.verification.bundle import BundleError, open_bundle
from scoring.verification.verifier import verify as verify_bundle

_DIFFERENT, _BAD_INPUT = 1, 2


class _HexKey(click.ParamType[bytes]):
    name = "hex"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        try:
            key = bytes.fromhex(value)
        except ValueError:
            key = b""
        if len(key) != 32:
            self.fail(_("公钥应为 64 位十六进制数"), param, ctx)
        return key


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", type=_HexKey(), help="结果页上公布的签名公钥（64 位十六进制）")
def verify(bundle: Path, key: bytes | None) -> None:
    """重算结果包 BUNDLE：签名、选票账本、评分表和每一步算式。

    全部相符时退出码为 0；不符为 1，并指出第一处不同；文件打不开为 2。格式见 docs/bundle.md。
    """
    console = Console(highlight=False, soft_wrap=True)
    if not bundle.is_file():
        click.echo(_("打不开文件 %(file)s") % {"file": bundle}, err=True)
        sys.exit(_BAD_INPUT)
    try:
        with console.status(_("正在核对签名和摘要")) as status:
            opened = open_bundle(bundle, key)
            console.print(f"[green]✓[/] {_('签名与摘要')}  {opened.manifest['public_key']}")
            for step in verify_bundle(opened):
                status.update(_("正在重算"))
                console.print(f"[green]✓[/] {step.name}  {escape(step.detail)}")
    except BundleError as difference:
        console.print(f"[red]✗[/] {escape(str(difference))}")
        sys.exit(_DIFFERENT)
    if key is None:
        console.print(_("没有指定公钥（--key）：只证明签名之后没有改动，不证明是谁签的。"))
    console.print(_("结果与重算完全相符。"))
