"""The same bytes as the standard library's, also under one key again and again."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from core.mac import mac


@given(st.binary(max_size=200), st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_is_hmac_sha256(key: bytes, messages: list[bytes]) -> None:
    for message in messages:
        assert mac(key, message) == hmac.digest(key, message, "sha256")
