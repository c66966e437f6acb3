"""What will do as a password, a PIN or a sign-in name."""

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sign_in.staff.rules.secrets import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    login_problem,
    password_problem,
    pin_problem,
)

GOOD = "six wild geese over the river"


@pytest.mark.parametrize("login", ["abc", "wang.yi", "a_b-c.9", "a" * 40])
def test_login_that_will_do(login: str) -> None:
    assert login_problem(login) is None


@pytest.mark.parametrize(
    "login", ["", "ab", "a" * 41, "9abc", "Wang", "wang yi", "王一", "abc\n", "ａｂｃ", "abc\0"]
)
def test_login_that_will_not(login: str) -> None:
    assert login_problem(login) is not None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "至少"),
        ("x7!kQ2#mP9$", "至少"),
        ("a1" * 6, "重复"),
        ("abcdefghijklm", "连续"),
        ("nmlkjihgfedcb", "连续"),
        ("has Wang.Yi inside", "登录名"),
        ("x" * 129, "最多"),
    ],
)
def test_password_that_a_guesser_tries_first(password: str, said: str) -> None:
    problem = password_problem(password, "wang.yi")
    assert problem is not None
    assert said in problem


@pytest.mark.parametrize("password", [GOOD, "大江东去浪淘尽千古风流人物", "x7!kQ2#mP9$z"])
def test_password_that_will_do(password: str) -> None:
    assert password_problem(password, "wang.yi") is None


@given(st.text(max_size=200), st.sampled_from(["", "wang.yi"]))
def test_password_that_passes_has_its_length(password: str, login: str) -> None:
    if password_problem(password, login) is None:
        assert SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD


@pytest.mark.parametrize("pin", ["", "25803", "2580361", "25803a", "２５８０３６", "258036\n"])
def test_pin_is_six_plain_digits(pin: str) -> None:
    assert "6 位数字" in (pin_problem(pin) or "")


@pytest.mark.parametrize("pin", ["123456", "987654", "000000", "121212", "111112"])
def test_pin_that_is_soon_guessed(pin: str) -> None:
    assert "太容易猜到" in (pin_problem(pin) or "")


@given(st.text(string.digits, min_size=6, max_size=6))
def test_most_pins_will_do(pin: str) -> None:
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    easy = len(set(pin)) < 3 or steps in ({1}, {-1})
    assert (pin_problem(pin) is not None) == easy
