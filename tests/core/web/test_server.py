"""The listening socket is taken before anything else is started."""

import socket
from pathlib import Path

import pytest

from core.settings import Settings
from core.web.server import PortInUse, listen
from tests.support.server import free_port


def settings(port: int, host: str = "127.0.0.1") -> Settings:
    return Settings(data_dir=Path("unused"), port=port, host=host)


def test_second_server_on_a_port_is_refused_with_a_sentence() -> None:
    port = free_port()
    with listen(settings(port)), pytest.raises(PortInUse) as refused:
        listen(settings(port))
    assert f"端口 {port} 已被别的程序占用" in str(refused.value)
    assert f"port {port} on 127.0.0.1 is in use" in str(refused.value)


def test_port_is_free_again_once_its_server_has_stopped() -> None:
    port = free_port()
    with listen(settings(port)), socket.create_connection(("127.0.0.1", port)):
        pass
    listen(settings(port)).close()


def test_address_with_colons_is_of_the_newer_kind() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with listen(settings(free_port(), "::1")) as listener:
        assert listener.family is socket.AF_INET6
