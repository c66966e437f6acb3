"""Amounts in the Chinese capitals that payment papers carry: ¥20,000.00 is 贰万元整.

After the annex to the Measures for Payment and Settlement of the People's Bank (支付结算办法
附一): a zero between figures is written once, however many there are; nothing is written for
zeros at the end; after 元 and after 角 follows 整, after 分 it does not. Where the annex lets
the writer choose, 零 is written after a 万 that ends in zero (壹拾万零柒仟元) and not before
a 角 that follows a yuan figure ending in zero (壹仟陆佰捌拾元叁角贰分).
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
LARGEST_FEN = 10**14 - 1
"""9,999 亿 and more: beyond any fund of a city, and below the next group."""


def chinese_amount(fen: int) -> str:
    """The amount in words. Raises ValueError for a negative amount or one of a trillion yuan."""
    if not 0 <= fen <= LARGEST_FEN:
        raise ValueError(f"{fen} fen cannot be written on a payment paper")
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cents and yuan:
        words += "零"
    if cents:
        return f"{words}{_DIGITS[cents]}分"
    return (words or "零元") + "整"


def _whole(yuan: int) -> str:
    """A number of yuan above zero, group of four figures by group, the highest first."""
    groups = [yuan // 10_000**power % 10_000 for power in range(len(_GROUPS))]
    words, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = groups[power]
        if group:
            if words and (gap or group < 1000):
                words += _DIGITS[0]
            words += _group(group) + _GROUPS[power]
        gap = group % 10 == 0
    return words


def _group(group: int) -> str:
    """1 to 9,999, without zeros before the first and after the last figure."""
    words, gap = "", False
    for place in reversed(range(len(_PLACES))):
        digit = group // 10**place % 10
        if digit:
            words += (_DIGITS[0] if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0
    return words
