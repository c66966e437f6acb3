"""Finding one cookie among those that a browser sends."""

import pytest

from accounts.middleware import cookie


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("sid=abc", "abc"),
        ("a=1; sid=abc; b=2", "abc"),
        ("a=1;sid=abc", "abc"),
        ("xsid=abc", ""),
        ("sid", ""),
        ("sid=", ""),
        ("", ""),
        (";;; =; sid=abc=def", "abc=def"),
        ("sid=first; sid=second", "first"),
        ("SID=abc", ""),
        ("sid=" + "x" * 64, "x" * 64),
        ("sid=" + "x" * 65, ""),
    ],
)
def test_cookie(header: str, value: str) -> None:
    assert cookie(header, "sid") == value
