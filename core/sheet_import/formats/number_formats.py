"""Number formats of workbooks: what a person sees where a number is stored.

A format can add words and change the size: 12.5 stored and 12.50万 shown, or 125000 stored
and 12.5万 shown. What is shown is made as a spreadsheet program makes it, for every format
that is more than digits.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
_PLAIN = re.compile(r"(General|G/通用格式|@|[#,]*0(\.0+)?(_[) ])?)(;.*)?", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|!(?P<literal>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<exponent>[eE][+-]0+)|(?P<digit>[0#?])|(?P<mark>[.,%])|(?P<other>.)",
    re.DOTALL,
)
_DATE = re.compile(r"[ymdhs]|上午|AM/PM|\[[hms]+\]", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_GENERAL = re.compile(r"General|G/通用格式", re.IGNORECASE)


class NotShown(Exception):
    """What the format shows cannot be told."""


def is_plain(code: str) -> bool:
    """Digits alone, without a word or a change of size: what is stored is what is seen."""
    return _plain(code)


@lru_cache(maxsize=1024)
def _plain(code: str) -> bool:
    found = _PLAIN.fullmatch(code)
    if not found:
        return False
    return all(
        re.fullmatch(r"[-(]?[#,]*0?(\.0+)?(_[) ])?\)?|@|", one.strip()) and "%" not in one
        for one in (found[4] or "")[1:].split(";")
    )


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Whether the number is shown as a day, a time of day or a duration."""
    bare = re.sub(r'"[^"]*"|\\.|!.|\[(?![hms]+\])[^\]]*\]', "", code.split(";")[0], flags=re.I)
    return not _GENERAL.search(bare) and bool(_DATE.search(bare)) and "0" not in bare.split("s")[0]


@lru_cache(maxsize=1024)
def is_elapsed(code: str) -> bool:
    """A time format without a day: h:mm:ss, [h]:mm:ss."""
    return is_date(code) and not re.search(r"[yd]|月", code, re.IGNORECASE)


@lru_cache(maxsize=8192)
def shown(code: str, value: Decimal) -> str:
    """The text that a spreadsheet program shows for a number. Raises NotShown."""
    section, magnitude = _section(code, value)
    if _GENERAL.search(section) or section.strip() == "@":
        return f"{value:f}"
    return _rendered(_tokens(section), magnitude)


def _section(code: str, value: Decimal) -> tuple[str, Decimal]:
    """The part of the format for this value, and the value as that part writes it."""
    parts = re.findall(r'(?:"[^"]*"|\\.|!.|\[[^\]]*\]|[^;])+', code) or ["General"]
    conditions = [_CONDITION.search(part) if "[" in part else None for part in parts]
    if any(conditions[:2]):
        for part, condition in zip(parts, conditions, strict=True):
            if condition is None or _holds(condition, value):
                return part, abs(value) if condition and value < 0 else value
        raise NotShown
    if value < 0 and len(parts) > 1:
        return parts[1], -value
    if value == 0 and len(parts) > 2:
        return parts[2], value
    return parts[0], value


def _holds(condition: re.Match[str], value: Decimal) -> bool:
    bound = Decimal(condition[2])
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
        "=": value == bound, "<>": value != bound,
    }[condition[1]]  # fmt: skip


@dataclass(frozen=True)
class _Shape:
    """Tokens before, among and after the digits: "0" for a place that always shows."""

    whole: tuple[str, ...]
    decimals: tuple[str, ...]
    tail: tuple[str, ...]
    grouped: bool
    commas: int
    percent: int


@lru_cache(maxsize=1024)
def _tokens(section: str) -> _Shape:
    lists: list[list[str]] = [[], [], []]
    at, commas, percent, grouped, digits = 0, 0, 0, False, 0
    for token in _TOKEN.finditer(section):
        kind, text = token.lastgroup, token[token.lastgroup] if token.lastgroup else ""
        if kind == "digit":
            at = 0 if at == 2 and not lists[1] else at
            grouped, commas, digits = grouped or commas > 0, 0, digits + 1
            lists[at].append("\0" + text)
        elif kind == "mark" and text == ".":
            at = 1
        elif kind == "mark" and text == ",":
            commas += 1 if digits else 0
        elif kind in ("exponent", None) or (kind == "other" and text in "/ymdhsEe@"):
            if kind is not None:
                raise NotShown
        else:
            percent += text == "%" and kind == "mark"
            lists[at].append(_literal(kind or "", text))
    if not digits:
        raise NotShown
    whole = tuple(lists[0])
    return _Shape(whole, tuple(lists[1]), tuple(lists[2]), grouped, commas, percent)


def _literal(kind: str, text: str) -> str:
    """A currency in brackets shows its sign; colours, conditions and languages show nothing."""
    if kind == "bracket":
        return text[1:].split("-")[0] if text.startswith("$") else ""
    return text


def _rendered(shape: _Shape, value: Decimal) -> str:
    decimals = sum(one.startswith("\0") for one in shape.decimals)
    with localcontext(Context(prec=80, rounding=ROUND_HALF_UP)):
        scaled = value.scaleb(2 * shape.percent - 3 * shape.commas)
        rounded = scaled.quantize(Decimal(1).scaleb(-decimals))
    sign, (whole, _point, rest) = rounded < 0, f"{abs(rounded):f}".partition(".")
    whole = whole.lstrip("0")
    places = sum(one.startswith("\0") for one in shape.whole)
    out: list[str] = []
    position = 0
    for token in reversed(shape.whole):
        if not token.startswith("\0"):
            out.insert(0, token)
            continue
        places -= 1
        take = len(whole) if places == 0 else 1
        digits = whole[len(whole) - take :] if take else ""
        whole = whole[: len(whole) - take]
        for digit in reversed(digits or ("0" if token == "\0" + "0" else "")):
            if shape.grouped and position and position % 3 == 0:
                out.insert(0, ",")
            out.insert(0, digit)
            position += 1
    out += [*("." if decimals else "")]
    fraction = iter(rest)
    out += [next(fraction) if one.startswith("\0") else one for one in shape.decimals]
    return ("-" if sign else "") + "".join(out + list(shape.tail)).strip()
