"""Time-based codes: the RFC's own figures, the drift that is allowed, each code good once."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sign_in.staff.rules.totp import STEP_SECONDS, matching_step, provisioning_uri

# RFC 6238, appendix B, SHA-1; its eight digits end in our six.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "digits"), VECTORS)
def test_figures_of_the_standard(seconds: int, digits: str) -> None:
    step = matching_step(SECRET, digits[-6:], last_step=0, now=at(seconds))
    assert step == seconds // STEP_SECONDS


@given(st.integers(10**9, 2 * 10**9), st.integers(-3, 3))
def test_one_step_either_way_and_no_further(seconds: int, drift: int) -> None:
    step = seconds // STEP_SECONDS + drift
    code = pyotp.TOTP(SECRET).generate_otp(step)
    near = {pyotp.TOTP(SECRET).generate_otp(seconds // STEP_SECONDS + d): d for d in (1, -1, 0)}
    found = matching_step(SECRET, code, last_step=0, now=at(seconds))
    if abs(drift) <= 1:
        assert found is not None
        assert abs(found - seconds // STEP_SECONDS) <= 1
    else:
        assert (found is None) == (code not in near)


@given(st.integers(10**9, 2 * 10**9), st.integers(-1, 1))
def test_spent_step_and_everything_before_it_is_refused(seconds: int, drift: int) -> None:
    step = seconds // STEP_SECONDS + drift
    code = pyotp.TOTP(SECRET).generate_otp(step)
    found = matching_step(SECRET, code, last_step=step, now=at(seconds))
    assert found is None or found > step


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "２８７０８２", "28708\0", "abcdef"])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert matching_step(SECRET, typed, last_step=0, now=at(59)) is None


def test_code_is_good_for_a_step_before_and_after_its_own() -> None:
    code, own = "287082", at(30)
    ends = own + timedelta(seconds=60)
    assert matching_step(SECRET, code, last_step=0, now=ends - timedelta(microseconds=1)) == 1
    assert matching_step(SECRET, code, last_step=0, now=ends) is None


def test_authenticator_is_told_whose_code_it_is() -> None:
    uri = pyotp.parse_uri(provisioning_uri(SECRET, "wang.yi"))
    assert isinstance(uri, pyotp.TOTP)
    assert (uri.secret, uri.name, uri.issuer, uri.interval) == (SECRET, "wang.yi", "十百千", 30)
