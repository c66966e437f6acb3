from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Settings
from core.web.network import client_address, network_prefix

PROXIES = Settings(data_dir=Path("unused"), trusted_proxies=("10.0.0.1", "10.0.0.2"))


def address(peer: str, *forwarded: str) -> str:
    scope: Any = {
        "client": (peer, 1),
        "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded],
    }
    return client_address(scope, PROXIES)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        # nobody but a trusted proxy is believed
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        # what the client wrote itself stands to the left of what the proxy saw
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        # a proxy that adds a line of its own below the client's
        ("10.0.0.1", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.2", "198.51.100.1"], "198.51.100.1"),
        # a client that names a trusted proxy hides behind nothing
        ("10.0.0.1", ["1.2.3.4, 10.0.0.2, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
    ],
)
def test_client_address(peer: str, forwarded: list[str], expected: str) -> None:
    assert address(peer, *forwarded) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.254", True),
        ("198.51.100.1", "198.51.101.1", False),
        ("2001:db8:0:100::1", "2001:db8:0:1ff::2", True),
        ("2001:db8:0:100::1", "2001:db8:0:200::1", False),
        ("::ffff:198.51.100.1", "198.51.100.2", True),
    ],
)
def test_network_prefix_tells_subscriber_lines_apart(one: str, other: str, same: bool) -> None:
    assert (network_prefix(one) == network_prefix(other)) is same


def test_network_prefix_of_no_address_is_empty() -> None:
    assert network_prefix("") == network_prefix("unix") == ""


@given(
    st.one_of(
        st.text(max_size=20),
        st.text("0123456789.", max_size=16),
        st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,4}){3}\s?", fullmatch=True),
        st.ip_addresses().map(str),
    )
)
def test_what_is_an_address_is_told_as_the_standard_library_does(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        assert network_prefix(text) == ""
    else:
        assert network_prefix(text) != ""


@given(st.ip_addresses(v=4))
def test_network_of_an_ipv4_address_is_its_first_three_numbers(one: IPv4Address) -> None:
    network = ip_network(network_prefix(str(one)))
    assert str(network) == ".".join(str(one).split(".")[:3]) + ".0/24"
    assert network_prefix(f"::ffff:{one}") == network_prefix(str(one))


@given(st.integers(2**48, 2**128 - 1).map(IPv6Address), st.integers(1, 128))
def test_network_of_an_ipv6_address_is_as_wide_as_asked(one: IPv6Address, bits: int) -> None:
    network = ip_network(network_prefix(str(one), ipv6_bits=bits))
    assert one in network
    assert network.prefixlen == bits


@given(st.lists(st.ip_addresses().map(str) | st.text("0123456789.,:ab ", max_size=8), max_size=5))
def test_nobody_chooses_their_own_address_through_a_trusted_proxy(written: list[str]) -> None:
    """Whatever the client wrote, the address that the proxy saw and added is believed."""
    seen = "203.0.113.7"
    assert address("10.0.0.1", *written, seen) == seen
    assert address("10.0.0.1", ", ".join([*written, seen])) == seen
    assert address("198.51.100.9", *written) == "198.51.100.9"
