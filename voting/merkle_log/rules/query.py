"""What is asked of the Merkle log: numbers and hashes as they stand in an address.

Everything wrong with an address is told at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.i18n import _
from voting.merkle_log.rules.tree_head import read_hex

MOST_HEADS = 1000
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")


class QueryError(ValueError):
    """What is wrong, by parameter."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class HeadsQuery:
    after: int
    limit: int


@dataclass(frozen=True)
class InclusionQuery:
    """A leaf by its number or by its hash, one of the two; `size` None: the newest head."""

    sequence: int | None
    leaf_hash: bytes | None
    size: int | None


@dataclass(frozen=True)
class ConsistencyQuery:
    """`second` None: the newest head."""

    first: int
    second: int | None


def heads_query(after: str | None, limit: str | None) -> HeadsQuery:
    """Raises QueryError."""
    errors: dict[str, str] = {}
    start = 0 if after in (None, "0") else _number("after", after, errors)
    most = MOST_HEADS if limit is None else _number("limit", limit, errors)
    if most is not None and most > MOST_HEADS:
        errors["limit"] = _("一次最多取 %(n)s 个") % {"n": MOST_HEADS}
    if errors or start is None or most is None:
        raise QueryError(errors)
    return HeadsQuery(start, most)


def inclusion_query(
    sequence: str | None, leaf_hash: str | None, size: str | None
) -> InclusionQuery:
    """Raises QueryError."""
    errors: dict[str, str] = {}
    if (sequence is None) == (leaf_hash is None):
        errors["sequence"] = _("请给出序号 sequence 或摘要值 leaf_hash，二者选一")
    place = None if sequence is None else _number("sequence", sequence, errors)
    covered = None if size is None else _number("size", size, errors)
    digest = None if leaf_hash is None else _digest("leaf_hash", leaf_hash, errors)
    if place is not None and covered is not None and place > covered:
        errors["sequence"] = _("序号不能大于树的大小")
    if errors:
        raise QueryError(errors)
    return InclusionQuery(place, digest, covered)


def consistency_query(first: str | None, second: str | None) -> ConsistencyQuery:
    """Raises QueryError."""
    errors: dict[str, str] = {}
    old = _number("first", first or "", errors)
    new = None if second is None else _number("second", second, errors)
    if old is not None and new is not None and old > new:
        errors["first"] = _("第一棵树不能大于第二棵")
    if errors or old is None:
        raise QueryError(errors)
    return ConsistencyQuery(old, new)


def size_of(text: str) -> int:
    """A tree size as a part of an address. Raises QueryError."""
    errors: dict[str, str] = {}
    size = _number("size", text, errors)
    if size is None:
        raise QueryError(errors)
    return size


def _number(name: str, text: str | None, errors: dict[str, str]) -> int | None:
    if text is not None and _NUMBER.fullmatch(text):
        return int(text)
    errors[name] = _("应为从 1 开始的整数")
    return None


def _digest(name: str, text: str, errors: dict[str, str]) -> bytes | None:
    try:
        return read_hex(text, 32)
    except ValueError:
        errors[name] = _("应为 64 位小写十六进制数")
        return None
