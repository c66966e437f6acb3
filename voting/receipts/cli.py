"""`shibaiqian verify-receipt`: one ballot's receipt checked without asking anybody."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from core.beijing import BEIJING
from core.i18n import _
from voting.merkle_log.hex_key import HexKey
from voting.merkle_log.rules.tree_head import NotAHeadError, SignedHead, read_head
from voting.receipts.rules.receipt_file import (
    NotAReceiptFileError,
    ReceiptFault,
    ReceiptFile,
    check,
    read_receipt_file,
)

_WRONG, _BAD_INPUT = 1, 2


@click.command("verify-receipt")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=HexKey(), help="结果页或公告上公布的签名公钥（64 位十六进制）")
@click.option(
    "--head",
    "heads_file",
    type=click.Path(path_type=Path),
    help="别处留存的树头：一个 JSON 文件，或 watch-log 存下的 heads.jsonl",
)
def verify_receipt(file: Path, key: bytes | None, heads_file: Path | None) -> None:
    """离线核对回执文件 FILE：这一票确实在主办单位签过名的账本里。

    相符时退出码为 0；不符为 1，并说明哪里不符；文件读不出为 2。格式见 docs/ledger.md。
    """
    try:
        receipt = read_receipt_file(_content(file))
        heads = None if heads_file is None else list(_heads(_content(heads_file)))
    except (NotAReceiptFileError, NotAHeadError) as error:
        click.echo(_("读不出：%(error)s") % {"error": error}, err=True)
        sys.exit(_BAD_INPUT)
    try:
        check(receipt, key, heads)
    except ReceiptFault as fault:
        click.echo(f"✗ {fault}")
        sys.exit(_WRONG)
    _report(receipt, pinned=key is not None, compared=heads is not None)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        click.echo(_("打不开文件 %(file)s") % {"file": file}, err=True)
        sys.exit(_BAD_INPUT)


def _heads(content: bytes) -> Iterator[SignedHead]:
    """One head as JSON, over any number of lines, or one on each line."""
    try:
        documents = [json.loads(content)]
    except ValueError:
        documents = [_json(line) for line in content.splitlines() if line.strip()]
    for one in documents:
        yield read_head(one)


def _json(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise NotAHeadError(_("不是合格的 JSON 文件")) from error


def _report(receipt: ReceiptFile, *, pinned: bool, compared: bool) -> None:
    minute = receipt.minute.astimezone(BEIJING)
    signed = receipt.head.signed_at.astimezone(BEIJING)
    click.echo(_("✓ 回执 %(code)s 属实") % {"code": receipt.receipt})
    click.echo(_("评选：%(contest)s") % {"contest": receipt.contest})
    click.echo(_("账本序号：第 %(n)s 号") % {"n": receipt.sequence})
    click.echo(_("投给：%(codes)s") % {"codes": "、".join(receipt.entries)})
    click.echo(_("时间：%(at)s（北京时间）") % {"at": f"{minute:%Y-%m-%d %H:%M}"})
    click.echo(
        _("所在账本：%(n)s 行，%(at)s 签名") % {"n": receipt.head.size, "at": f"{signed:%F %T}"}
    )
    if not pinned:
        click.echo(_("没有指定公钥（--key）：只证明前后一致，不证明是谁签的。"))
    if not compared:
        click.echo(_("没有指定留存的树头（--head）：不证明别人看到的是同一本账。"))
