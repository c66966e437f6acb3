"""The receipt as a file: one ballot's leaf, a signed head and the proof between them.

Whoever has the file can check without asking anybody that the ballot stands in the ledger
that the organiser signed; `docs/ledger.md` defines it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.canonical_json import canonical_json
from core.i18n import _
from voting.ledger.rules.merkle import leaf_hash
from voting.merkle_log.rules.proofs import proves_inclusion
from voting.merkle_log.rules.tree_head import NotAHeadError, SignedHead, read_head, read_hex

FORMAT = "shibaiqian-receipt/1"
_FIELDS = {"format", "head", "leaf", "proof", "public_key", "receipt"}


class NotAReceiptFileError(ValueError):
    """The file cannot be read as a receipt, as a Chinese sentence."""


class ReceiptFault(ValueError):
    """What does not hold, as a Chinese sentence."""


@dataclass(frozen=True)
class ReceiptFile:
    """What a receipt file says. Nothing of it is believed before `check`."""

    receipt: str
    leaf: bytes
    contest: str
    sequence: int
    entries: tuple[str, ...]
    minute: datetime
    head: SignedHead
    proof: tuple[bytes, ...]
    public_key: bytes


def receipt_document(
    receipt: str, leaf: bytes, head: SignedHead, proof: Sequence[bytes], public_key: bytes
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "head": head.document(),
        "leaf": leaf.decode(),
        "proof": [one.hex() for one in proof],
        "public_key": public_key.hex(),
        "receipt": receipt,
    }


def read_receipt_file(content: bytes) -> ReceiptFile:
    """Raises NotAReceiptFileError."""
    try:
        document = json.loads(content)
        if not isinstance(document, dict) or set(document) != _FIELDS:
            raise NotAReceiptFileError(_("文件里的项目与回执文件的格式不符"))
        if document["format"] != FORMAT:
            raise NotAReceiptFileError(_("不是本系统第 1 版的回执文件"))
        return _read(document)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotAReceiptFileError(_("不是合格的 JSON 文件")) from error
    except NotAHeadError as error:
        raise NotAReceiptFileError(_("树头的格式不对：%(error)s") % {"error": error}) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, NotAReceiptFileError):
            raise
        raise NotAReceiptFileError(_("回执文件里有写法不对的项目")) from error


def _read(document: dict[str, Any]) -> ReceiptFile:
    leaf = document["leaf"].encode()
    told = json.loads(leaf)
    if canonical_json(told) != leaf or told["kind"] != "ballot":
        raise NotAReceiptFileError(_("账本行不是规定的写法"))
    if not all(isinstance(one, str) for one in (told["contest"], *told["entries"])):
        raise NotAReceiptFileError(_("账本行不是规定的写法"))
    return ReceiptFile(
        receipt=str(document["receipt"]),
        leaf=leaf,
        contest=told["contest"],
        sequence=int(told["sequence"]),
        entries=tuple(told["entries"]),
        minute=datetime.strptime(told["minute"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC),
        head=read_head(document["head"]),
        proof=tuple(read_hex(one, 32) for one in document["proof"]),
        public_key=read_hex(document["public_key"], 32),
    )


def check(file: ReceiptFile, public_key: bytes | None, heads: Iterable[SignedHead] | None) -> None:
    """Everything that can be told offline. Raises ReceiptFault at the first thing wrong.

    `public_key` is the key known from elsewhere, `heads` are heads kept elsewhere: one of
    them must be of the receipt's size and say the same root.
    """
    key = public_key or file.public_key
    if file.public_key != key:
        raise ReceiptFault(_("回执文件里的公钥与指定的公钥不同"))
    if not file.head.is_signed_by(key):
        raise ReceiptFault(_("树头的签名不符：不是这个公钥签的，或签名之后被改动过"))
    if file.head.contest != file.contest:
        raise ReceiptFault(_("树头与账本行不属于同一个评选"))
    index, size = file.sequence - 1, file.head.size
    if not proves_inclusion(leaf_hash(file.leaf), index, size, file.proof, file.head.root):
        raise ReceiptFault(_("证明不成立：这一行不在树头所签的账本里"))
    if heads is not None:
        _check_against(file.head, key, heads)


def _check_against(head: SignedHead, key: bytes, heads: Iterable[SignedHead]) -> None:
    kept = next(
        (one for one in heads if (one.contest, one.size) == (head.contest, head.size)), None
    )
    if kept is None:
        raise ReceiptFault(
            _("留存的树头里没有大小为 %(n)s 的，无法离线比对；请按留存的大小另取一份回执文件")
            % {"n": head.size}
        )
    if not kept.is_signed_by(key):
        raise ReceiptFault(_("留存的树头不是这个公钥签的"))
    if kept.root != head.root:
        raise ReceiptFault(
            _("与留存的树头矛盾：同样 %(n)s 行，两个树头的根不同，账本被改写过") % {"n": head.size}
        )
