"""The token by which a page of ours proves that it is one: Litestar's double submit.

A token is a random half and the HMAC of that half under the server's secret. The cookie holds
it, and the form or the header of a request repeats it. The middleware and the fast path of
votes ask this one function.
"""

import hmac

from core.mac import mac

COOKIE, HEADER = "csrftoken", "x-csrftoken"
_HALF = 64


def is_own_token(secret: bytes, given: object, kept: str | None) -> bool:
    """Whether a request repeats the token of its cookie, and that token is one of ours.

    The HMAC follows from the random half: two tokens that are both ours and have one half are
    the same. What is no plain text is refused before it is compared.
    """
    if not isinstance(given, str) or not given.isascii() or not kept or not kept.isascii():
        return False
    if not hmac.compare_digest(given, kept):
        return False
    return hmac.compare_digest(given[_HALF:], mac(secret, given[:_HALF].encode()).hex())
