"""Upgrades of libraries whose private parts are used: what is relied on is still there.

Each fails with the file to look at. The bounds in pyproject.toml keep such a version out until
somebody has looked.
"""

import ast
import asyncio
import inspect
import re
import tomllib
from collections.abc import Iterator
from contextvars import ContextVar
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from litestar import Request
from litestar._parsers import parse_url_encoded_form_data
from litestar.middleware.csrf import CSRFMiddleware, generate_csrf_token
from litestar.utils.scope.state import ScopeState
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.table import Table
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from xlrd.book import Book

from core.paths import ROOT
from core.tables import AuditEntry
from core.web.csrf import is_own_token

LIBRARIES = {
    "asyncpg",
    "httptools",
    "litestar",
    "piccolo",
    "redis",
    "uvicorn",
    "websockets",
    "xlrd",
}
# Modules without an underscore that their libraries do not document as a way in.
INTERNAL = (
    "litestar.middleware.csrf",
    "litestar.utils",
    "piccolo.apps",
    "piccolo.engine",
    "uvicorn.protocols",
)
PRODUCT = ("accounts", "contest", "core", "demo", "fund", "live", "scoring", "voting")


def look_at(library: str, what: str) -> str:
    return (
        f"{library} {version(library)} has changed {what}: read private_{library}.py in core "
        f"against it, run the tests of what it serves, then move the bound in pyproject.toml"
    )


def keeps(library: str, owner: Any, *names: str) -> None:
    """Whether a class still has these methods, or sets these attributes on itself."""
    source = inspect.getsource(owner)
    for name in names:
        found = hasattr(owner, name) or re.search(rf"self\.{name}\b", source)
        assert found, look_at(library, f"{owner.__name__}.{name}")


@pytest.mark.parametrize("library", ["litestar", "piccolo", "uvicorn", "xlrd"])
def test_installed_version_is_within_the_bounds(library: str) -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (bound,) = [one for one in wanted if re.match(rf"{library}\W", one)]
    found = re.search(r">=(\d+)\.(\d+),<(\d+)\.(\d+)$", bound)
    assert found is not None, f"{bound} has no lower and upper bound in pyproject.toml"
    lowest, above = [(int(found[n]), int(found[n + 1])) for n in (1, 3)]
    installed = tuple(map(int, version(library).split(".")[:2]))
    assert lowest <= installed < above, look_at(library, "its version")


def test_sockets_of_uvicorn() -> None:
    protocol = WebSocketsSansIOProtocol
    methods = ("connection_made", "run_asgi", "resume_writing", "keepalive_timeout")
    keeps("uvicorn", protocol, *methods, "scope", "transport", "writable", "close_sent")
    assert inspect.iscoroutinefunction(protocol.run_asgi), look_at("uvicorn", "run_asgi")
    source = inspect.getsource(protocol)
    assert "self.writable = asyncio.Event()" in source, look_at("uvicorn", "writable")
    assert '"extensions": {' in source, look_at("uvicorn", "the extensions of a socket's scope")


def test_answers_of_uvicorn() -> None:
    keeps("uvicorn", HttpToolsProtocol, "on_headers_complete", "cycle", "scope")
    keeps(
        *("uvicorn", RequestResponseCycle, "scope", "transport", "flow", "keep_alive"),
        *("disconnected", "response_started", "response_complete", "waiting_for_100_continue"),
        *("message_event", "on_response"),
    )
    source = inspect.getsource(RequestResponseCycle)
    assert "write_paused" in source, look_at("uvicorn", "the flow control of an answer")
    assert "self.on_response()" in source, look_at("uvicorn", "how an answer ends")


def test_forms_and_tokens_of_litestar() -> None:
    assert hasattr(parse_url_encoded_form_data, "__wrapped__"), look_at("litestar", "form parser")
    parsed = parse_url_encoded_form_data.__wrapped__(b"a=1&b=2&b=%E4%B8%AD")
    assert parsed == {"a": "1", "b": ["2", "中"]}, look_at("litestar", "its form parser")
    for name in ("form", "cookies"):
        assert name in ScopeState.__slots__, look_at("litestar", f"ScopeState.{name}")
    assert "_connection_state.form" in inspect.getsource(Request.form), look_at("litestar", "forms")
    called = inspect.getsource(CSRFMiddleware.__call__)
    match = "self._csrf_tokens_match(existing_csrf_token, csrf_cookie)"
    assert match in called, look_at("litestar", "CSRFMiddleware")
    token = generate_csrf_token("secret")
    assert is_own_token(b"secret", token, token), look_at("litestar", "the form of its tokens")
    assert not is_own_token(b"other", token, token)


def test_engine_and_transactions_of_piccolo() -> None:
    for name in ("check_version", "prep_database"):
        method = getattr(PostgresEngine, name, None)
        assert inspect.iscoroutinefunction(method), look_at("piccolo", f"PostgresEngine.{name}")
    keeps("piccolo", PostgresEngine, "pool", "current_transaction")
    methods = ("get_connection", "begin", "commit", "rollback")
    keeps("piccolo", PostgresTransaction, *methods, "context", "connection")
    entered = inspect.getsource(PostgresTransaction.__aenter__)
    assert "await self.begin()" in entered, look_at("piccolo", "how a transaction begins")
    assert "ContextVar" in inspect.getsource(inspect.getmodule(PostgresEngine) or PostgresEngine)
    assert isinstance(ContextVar("x"), ContextVar)


def test_migrations_and_tables_of_piccolo() -> None:
    assert asyncio.iscoroutinefunction(run_forwards), look_at("piccolo", "run_forwards")
    outcome = inspect.signature(run_forwards, eval_str=True).return_annotation
    for name in ("success", "message"):
        assert name in outcome.__dataclass_fields__, look_at("piccolo", f"the outcome's {name}")
    assert issubclass(AuditEntry, Table)
    assert AuditEntry._meta.tablename == "audit_entry", look_at("piccolo", "Table._meta")
    assert AuditEntry.at._meta.db_column_name == "at", look_at("piccolo", "Column._meta")
    assert AuditEntry.at._meta.table is AuditEntry, look_at("piccolo", "Column._meta.table")


def test_sheets_of_xlrd() -> None:
    keeps("xlrd", Book, "_sheet_visibility", "_sh_abs_posn", "mem", "base", "stream_len")
    source = inspect.getsource(Book)
    assert "self._position = self._sh_abs_posn[sh_number]" in source, look_at("xlrd", "positions")
    assert "self._sheet_visibility.append(visibility)" in source, look_at("xlrd", "visibility")


def product_files() -> Iterator[Path]:
    for package in PRODUCT:
        yield from (ROOT / package).rglob("*.py")
    yield from ROOT.glob("*.py")


def private_uses(source: str) -> Iterator[str]:
    """Imports of internal modules, and underscored attributes of what is not `self`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
            owner = ast.unparse(node.value)
            if owner not in {"self", "cls", "super()"} and node.attr != "_replace":
                yield f"{owner}.{node.attr}"
            continue
        else:
            continue
        for name in names:
            inner = name.split(".")[0] in LIBRARIES and "._" in name
            if inner or name.startswith(INTERNAL):
                yield name


def test_private_parts_are_used_in_one_file_for_each_library() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {use}"
        for path in product_files()
        if not path.name.startswith("private_") and "piccolo_migrations" not in path.parts
        for use in private_uses(path.read_text("utf-8"))
    }
    assert found == set(), "put these into private_<library>.py, and what they rely on here"
