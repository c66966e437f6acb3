"""Units that headings and cells name: 元, 万元, 千次, %, 分钟, and foreign currencies."""

from dataclasses import dataclass
from fractions import Fraction

from core.sheet_import.fields import Kind
from core.sheet_import.text import folded

_MAGNITUDES = {
    "": 1, "十": 10, "百": 100, "千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4,
    "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10,
    "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_MONEY = {
    "": Fraction(1), "元": Fraction(1), "元人民币": Fraction(1), "人民币": Fraction(1),
    "人民币元": Fraction(1), "rmb": Fraction(1), "cny": Fraction(1), "¥": Fraction(1),
    "角": Fraction(1, 10), "分": Fraction(1, 100),
}  # fmt: skip
_COUNTED = ("", *"人次件单个笔条场票台套位份户篇部家名", "人次", "订单")
_RATIO = {"%": Fraction(1, 100), "百分比": Fraction(1, 100), "‰": Fraction(1, 1000)}
_TIME = {
    "毫秒": Fraction(1, 1000), "ms": Fraction(1, 1000), "秒": Fraction(1), "s": Fraction(1),
    "秒钟": Fraction(1), "分": Fraction(60), "分钟": Fraction(60), "min": Fraction(60),
    "时": Fraction(3600), "小时": Fraction(3600), "h": Fraction(3600), "天": Fraction(86400),
}  # fmt: skip
_CURRENCIES = """
美元 美金 usd $ us$ 港元 港币 hkd hk$ 欧元 eur € 日元 jpy 英镑 gbp £ 韩元 韩币
krw ₩ 卢布 rub ₽ 泰铢 thb 新台币 台币 twd nt$ 澳门元 mop 新加坡元 sgd s$ 澳元
aud 加元 cad 越南盾 vnd 马币 林吉特 myr 印尼盾 idr 比索 php 印度卢比 inr 迪拉姆
aed 瑞士法郎 chf
"""
_FOREIGN = frozenset(_CURRENCIES.split())


@dataclass(frozen=True, slots=True)
class Unit:
    """What one of a unit is in the kind's own unit: 元, one, a second, or the whole 1.

    `said` is the bare word after the magnitude, as 次 in 千次; `text` is all of it.
    """

    factor: Fraction
    said: str
    text: str = ""


def is_foreign(text: str) -> bool:
    word = folded(text)
    for magnitude in sorted(_MAGNITUDES, key=len, reverse=True):
        if magnitude and word.startswith(magnitude) and word.removeprefix(magnitude) in _FOREIGN:
            return True
    return word in _FOREIGN


def unit_for(text: str, kind: Kind) -> Unit | None:
    """The unit that `text` names for a field of this kind, or None if it is no such unit."""
    word = folded(text).removeprefix("单位").lstrip(":")
    if not word:
        return None
    if kind is Kind.PERCENT:
        return Unit(_RATIO[word], word, word) if word in _RATIO else None
    if kind is Kind.DURATION:
        return Unit(_TIME[word], word, word) if word in _TIME else None
    if kind not in (Kind.MONEY, Kind.COUNT, Kind.NUMBER):
        return None
    for magnitude in sorted(_MAGNITUDES, key=len, reverse=True):
        if word.startswith(magnitude):
            said = word.removeprefix(magnitude)
            base = _base(said, kind)
            if base is not None:
                return Unit(base * _MAGNITUDES[magnitude], said, word)
    return None


def _base(said: str, kind: Kind) -> Fraction | None:
    if kind is Kind.MONEY:
        return _MONEY.get(said)
    if said in _COUNTED or (kind is Kind.NUMBER and said in ("分", "点")):
        return Fraction(1)
    return None


def names_any_unit(text: str) -> bool:
    """Whether `text` is a unit of some kind, foreign currencies included."""
    return is_foreign(text) or any(unit_for(text, kind) for kind in Kind)
