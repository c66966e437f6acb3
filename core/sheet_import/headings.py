"""A heading is its words and its brackets, and a bracket is a unit, a definition or unknown."""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.sheet_import.fields import Field, Kind
from core.sheet_import.text import folded
from core.sheet_import.units import Unit, is_foreign, names_any_unit, unit_for

_OPEN, _CLOSE = "([{〔", ")]}〕"
_SEPARATORS = re.compile(r"[,、;/|&+]|且")
# Each line is one definition and the words that mean the same.
_DEFINITIONS = """
含券 含优惠券 券前
不含券 不含优惠券 券后 除券
含退款 含退 退前
不含退款 不含退 退后 去退款 剔除退款 扣除退款 退款后
未结算 待结算
已结算 结算后
预估 预计 估算
实际
人数 人 uv 去重 去重人数
次数 次 pv 人次
件数 件
单数 单
累计
日均
均值 平均 人均
含税
不含税 除税
含运费
不含运费 除运费
店铺绑定
店铺被投
计佣金额
含预售
不含预售
仅支付
仅直播
本场
近7天 近7日
近30天 近30日
""".strip()
DEFINITIONS = {word: line.split()[0] for line in _DEFINITIONS.splitlines() for word in line.split()}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's title: `text` as it stands, its words, and what is in brackets, each folded."""

    text: str
    words: str
    brackets: tuple[str, ...]

    @property
    def whole(self) -> str:
        """The same for two columns only if words and brackets are the same."""
        return self.words + "".join(f"({one})" for one in self.brackets)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the brackets of a heading say of one field's column."""

    units: tuple[Unit, ...] = ()
    definitions: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    other_units: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def heading(text: str) -> Heading:
    words, brackets, depth, inside = "", [], 0, ""
    for letter in folded(text):
        if letter in _OPEN and (depth or letter in "([〔{"):
            depth += 1
            inside += letter if depth > 1 else ""
        elif letter in _CLOSE and depth:
            depth -= 1
            if depth:
                inside += letter
            else:
                brackets.append(inside)
                inside = ""
        elif depth:
            inside += letter
        else:
            words += letter
    if depth:  # a bracket that is never closed is no bracket
        words += "(" + inside
    return Heading(" ".join(text.split()), words.rstrip(":*"), tuple(filter(None, brackets)))


def joined(upper: str, lower: str) -> str:
    """The title of a column under two header lines."""
    upper, lower = upper.strip(), lower.strip()
    if not upper or not lower or upper == lower:
        return lower or upper
    return f"{upper}·{lower}"


def claims(of: Heading, kind: Kind) -> Claims:
    """Each bracket, and each part of one between commas, sorted by what it says.

    A counted thing is both unit and definition: （千次） is thousands, and times, not people.
    """
    units: list[Unit] = []
    definitions: set[str] = set()
    unknown, foreign, other = [], [], []
    for part in _parts(of):
        unit = unit_for(part, kind)
        if unit is not None:
            units.append(unit)
        if (said := unit.said if unit else part) in DEFINITIONS:
            definitions.add(DEFINITIONS[said])
        elif unit is not None:
            continue
        elif is_foreign(part.removeprefix("单位").lstrip(":")):
            foreign.append(part)
        elif names_any_unit(part):
            other.append(part)
        else:
            unknown.append(part)
    return Claims(
        tuple(units), frozenset(definitions), tuple(unknown), tuple(foreign), tuple(other)
    )


def _parts(of: Heading) -> list[str]:
    parts = []
    for bracket in of.brackets:
        if bracket in DEFINITIONS or names_any_unit(bracket):
            parts.append(bracket)
        else:
            parts += [part for part in _SEPARATORS.split(bracket) if part]
    return parts


def titles_of(field: Field) -> list[Heading]:
    return [heading(text) for text in (field.name, *field.titles, field.id)]


def definitions_of(field: Field) -> frozenset[str]:
    """What the field may be: as it says, or as the brackets of its own titles say."""
    own = (claims(title, field.kind).definitions for title in titles_of(field))
    return field.definitions.union(*own)


def known_words(fields: tuple[Field, ...]) -> frozenset[str]:
    """The words by which any field's column is known, for telling a header from other rows."""
    return frozenset(title.words for field in fields for title in titles_of(field))


def words_in(text: str) -> set[str]:
    """All words by which a joined title may be known: its last line's, or both lines'."""
    last = text.rpartition("·")[2]
    return {heading(text).words, heading(text).words.replace("·", ""), heading(last).words}
