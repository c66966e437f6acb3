"""Builds the verifier as a distribution of its own: setuptools, after collecting its modules.

The modules are those that the command imports, directly or through one another, copied from
the repository two folders above. Nothing is listed by hand, so nothing can be forgotten or be
left over. Inside an unpacked source distribution the modules lie there already.
"""

import ast
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from setuptools import build_meta

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
COLLECTED = HERE / "src"
START = "scoring.verification.command"


def modules_needed(start: str = START, root: Path = REPOSITORY) -> dict[str, Path]:
    """The files of the start module and of all of ours that it imports, by module name.

    Imports inside functions count: they are needed as soon as the function runs.
    """
    found: dict[str, Path] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        path = None if name in found else _file(name, root)
        if path is not None:
            found[name] = path
            waiting += [*imported_names(path), *_packages_around(name)]
    return found


def imported_names(path: Path) -> Iterator[str]:
    """Every dotted name that a module imports; of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "the repository has no relative imports"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _packages_around(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _file(name: str, root: Path) -> Path | None:
    """The file of one of our modules; None for what comes from elsewhere."""
    place = root.joinpath(*name.split("."))
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((one for one in candidates if one.is_file()), None)


@contextmanager
def _collected() -> Iterator[None]:
    """The modules lie below `src/`, where setuptools looks for them, as long as it builds."""
    if _file(START, REPOSITORY) is None:
        yield
        return
    _clear()
    for path in modules_needed().values():
        target = COLLECTED / path.relative_to(REPOSITORY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    try:
        yield
    finally:
        _clear()


def _clear() -> None:
    """What an earlier build left would be packed again."""
    for leftover in (COLLECTED, HERE / "build"):
        shutil.rmtree(leftover, ignore_errors=True)


def build_wheel(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    with _collected():
        return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    with _collected():
        return str(build_meta.build_sdist(sdist_directory, config_settings))
