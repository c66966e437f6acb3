"""Which numbers are mobile numbers of mainland China, however they are written."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mobile import mainland_mobile
from lab.replay.people import phone_of

PREFIXES = ("130", "135", "138", "139", "147", "150", "166", "171", "177", "186", "198", "199")
INVISIBLE = "\u200b\u200e\u200f\u202a\u202c\u202d\u2060\u2066\u2069\ufeff"
BETWEEN = ["", " ", "-", "\u3000", "\u00a0", "\u2011", *INVISIBLE]
numbers = st.builds(
    "".join, st.tuples(st.sampled_from(PREFIXES), st.text(string.digits, min_size=8, max_size=8))
)


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one in string.digits else one for one in text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 138 1234 5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("＋８６ １３８－１２３４－５６７８", "13812345678"),
        ("\u202d138 1234 5678\u202c", "13812345678"),
        ("138\u200b12345678", "13812345678"),
        ("12812345678", None),
        ("14012345678", None),
        ("1381234567", None),
        ("138123456789", None),
        ("13812345678 ext 5", None),
        ("13800CALLME", None),
        ("0454-2920000", None),
        ("+852 9123 4567", None),
        ("电话", None),
        ("", None),
        ("9" * 250, None),
    ],
)
def test_only_mainland_mobiles_are_taken(typed: str, digits: str | None) -> None:
    assert mainland_mobile(typed) == digits


@given(
    numbers,
    st.sampled_from(["", "+86", "0086", "+86 ", "0086-"]),
    st.lists(st.sampled_from(BETWEEN), min_size=13, max_size=13),
    st.booleans(),
)
def test_a_number_is_read_however_it_is_written(
    number: str, country: str, marks: list[str], wide: bool
) -> None:
    pieces = [country, *number, ""]
    written = "".join(piece + mark for piece, mark in zip(pieces, marks, strict=True))
    assert mainland_mobile(full_width(written) if wide else written) == number


@given(st.text(max_size=60))
def test_what_is_read_is_eleven_digits_and_is_read_the_same_again(typed: str) -> None:
    number = mainland_mobile(typed)
    if number is not None:
        assert len(number) == 11
        assert number.isascii()
        assert number.isdigit()
        assert mainland_mobile(number) == number


@given(numbers, st.sampled_from(string.ascii_letters + "年ＡΩ"), st.integers(0, 11))
def test_a_number_with_a_letter_in_it_is_none(number: str, letter: str, at: int) -> None:
    assert mainland_mobile(number[:at] + letter + number[at:]) is None


@given(st.integers(0, 10**8 - 1))
def test_numbers_of_made_up_voters_are_mobile_numbers(voter: int) -> None:
    assert mainland_mobile(phone_of(voter)) == phone_of(voter)
