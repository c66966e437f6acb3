"""Which tokens are ours, by the one function that the middleware and the fast path ask."""

import pytest
from litestar.middleware.csrf import generate_csrf_token

from core.web.csrf import is_own_token

TOKEN = generate_csrf_token("secret")


def test_token_of_ours_repeated_is_taken() -> None:
    assert is_own_token(b"secret", TOKEN, TOKEN)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, TOKEN),
        ("", TOKEN),
        (TOKEN, None),
        (TOKEN, ""),
        ("", ""),
        (TOKEN, generate_csrf_token("secret")),
        (TOKEN[:64], TOKEN[:64]),
        (TOKEN[:-1], TOKEN[:-1]),
        ("a" * 128, "a" * 128),
        ("\xe9" * 128, "\xe9" * 128),
        (TOKEN, "\xe9" * 128),
        (["a"], TOKEN),
    ],
    ids=range(12),  # tokens are random, and two workers must name a test alike
)
def test_anything_else_is_refused(given: object, kept: str | None) -> None:
    assert not is_own_token(b"secret", given, kept)


def test_token_under_another_secret_is_refused() -> None:
    assert not is_own_token(b"other", TOKEN, TOKEN)
