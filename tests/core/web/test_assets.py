"""Addresses of static files change with their content."""

from pathlib import Path

import pytest

from core.web import assets


def test_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    one, same, other = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    one.write_bytes(b"a")
    same.write_bytes(b"a")
    other.write_bytes(b"b")
    assert assets.fingerprint(one) == assets.fingerprint(same) == "ca978112"
    assert assets.fingerprint(other) != assets.fingerprint(one)


def test_addresses_carry_the_fingerprint() -> None:
    css = assets.STATIC_DIR / "css" / "base.css"
    assert assets.static_path("css/base.css") == f"/static/css/base.css?v={assets.fingerprint(css)}"


def test_file_that_is_not_there_has_no_address() -> None:
    with pytest.raises(FileNotFoundError):
        assets.static_path("no-such-file.css")
