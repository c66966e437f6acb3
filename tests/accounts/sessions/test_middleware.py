"""Finding one cookie among those that a browser sends."""

import pytest

from core.web.cookies import read_cookies


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("sid=abc", "abc"),
        ("a=1; sid=abc; b=2", "abc"),
        ("a=1;sid=abc", "abc"),
        ("xsid=abc", ""),
        ("sid", ""),
        ("sid; sid=abc", "abc"),
        ("sid=", ""),
        ("", ""),
        (";;; =; sid=abc=def", "abc=def"),
        ("sid=first; sid=second", "first"),
        ("SID=abc", ""),
        ("sid=" + "x" * 512, "x" * 512),
        ("sid=" + "x" * 513, ""),
    ],
)
def test_of_several_cookies_the_first_of_a_name(header: str, value: str) -> None:
    assert read_cookies(header).get("sid", "") == value
