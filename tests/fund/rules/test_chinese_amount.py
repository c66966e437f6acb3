"""Amounts in capitals: the examples of the payment rules, and a slow reference for all others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.rules.chinese_amount import LARGEST_FEN, chinese_amount

AMOUNTS = st.one_of(
    st.integers(0, LARGEST_FEN),
    # zeros in every place are what the rules are about
    st.text("0123", min_size=1, max_size=14).map(int),
    st.text("05", min_size=1, max_size=14).map(int),
)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万零柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (1_000_000, "壹万元整"),
        (2_000_000, "贰万元整"),
        (200_000_000, "贰佰万元整"),
        (10_050_050, "壹拾万零伍佰元伍角整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_050_000, "壹亿零伍佰元整"),
        (100_500_000_000, "壹拾亿零伍佰万元整"),
        (1_000, "壹拾元整"),
        (0, "零元整"),
        (50, "伍角整"),
        (5, "伍分"),
        (105, "壹元零伍分"),
        (110, "壹元壹角整"),
        (LARGEST_FEN, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amount_is_written_as_the_rules_say(fen: int, words: str) -> None:
    assert chinese_amount(fen) == words


@pytest.mark.parametrize("fen", [-1, LARGEST_FEN + 1])
def test_impossible_amount_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="payment paper"):
        chinese_amount(fen)


def slow_reference(fen: int) -> str:
    """Every figure with its place, zeros too; then what is not written is struck out."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", "元拾佰仟万拾佰仟亿拾佰仟"
    yuan = str(fen // 100)
    words = "".join(
        digits[int(digit)] + units[len(yuan) - place - 1] for place, digit in enumerate(yuan)
    )
    words = re.sub("零[拾佰仟]", "零", words)
    # the group's own sign stays; a group of zeros alone loses it
    words = re.sub("零+万", "万零", words)
    words = re.sub("零+亿", "亿零", words)
    words = re.sub("亿万", "亿", words).replace("亿零万", "亿零")
    words = re.sub("零+", "零", words)
    words = re.sub("零*元", "元", words)
    if fen < 100:
        words = ""
    jiao, cents = fen // 10 % 10, fen % 10
    if jiao:
        words += digits[jiao] + "角"
    elif cents and words:
        words += "零"
    words += digits[cents] + "分" if cents else ("" if words else "零元") + "整"
    return words


@given(AMOUNTS)
def test_amount_is_what_the_slow_reference_says(fen: int) -> None:
    assert chinese_amount(fen) == slow_reference(fen)


def read_back(words: str) -> int:
    """The fen that the words mean."""
    places = {"拾": 1000, "佰": 10_000, "仟": 100_000}
    total = group = digit = 0
    for sign in words:
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign in "万亿":
            power = {"万": 10_000, "亿": 100_000_000}[sign]
            total, group, digit = total + (group + digit * 100) * power, 0, 0
        elif sign == "元":
            total, group, digit = total + group + digit * 100, 0, 0
        elif sign in "角分":
            total, digit = total + digit * {"角": 10, "分": 1}[sign], 0
    return total


@given(AMOUNTS)
def test_words_mean_the_amount_and_no_zero_stands_twice(fen: int) -> None:
    words = chinese_amount(fen)
    assert read_back(words) == fen
    assert "零零" not in words
    assert words.endswith("分") != words.endswith("整")
