"""The verifier by itself: built, installed where there is nothing else, and run on bundles."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from core.crypto import KeyRing, load_keys
from core.paths import ROOT
from scoring.verification.bundle import write_bundle
from tests.support.bundles import about, bundle_files
from tools.verifier_package.backend import imported_names, modules_needed

BIN = Path(sys.executable).parent
NEEDS_NUMPY = {"voting.ledger.rules.fast_ballots", "voting.ledger.rules.fast_recount"}

RUN_AND_TELL = """
import json, sys
from scoring.verification.command import main
sys.argv = ["shibaiqian-verify", *sys.argv[1:]]
code = 0
try:
    main()
except SystemExit as ended:
    code = ended.code
modules = {name: getattr(one, "__file__", None) for name, one in sys.modules.items()}
print(json.dumps({"code": code, "modules": modules}))
"""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the verifier and nothing else."""
    folder = tmp_path_factory.mktemp("verifier")
    uv = BIN / "uv"
    package = ROOT / "tools" / "verifier_package"
    options = ("--wheel", "--no-build-isolation", "--offline", "--python", sys.executable)
    built = run(uv, "build", *options, "--out-dir", folder, package)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    made = run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    assert made.returncode == 0, made.stderr
    programs = folder / "venv" / "bin"
    into = ("--no-deps", "--no-index", "--offline", "--python", programs / "python")
    put = run(uv, "pip", "install", *into, wheel)
    assert put.returncode == 0, put.stderr
    return programs


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def bundle(keys: KeyRing, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(write_bundle(bundle_files(keys), about(), keys))
    return path


def test_good_bundle_is_accepted(installed: Path, bundle: Path, keys: KeyRing) -> None:
    done = run(installed / "shibaiqian-verify", bundle, "--key", keys.public_key.hex())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 7
    assert "逐票重算" in lines[3]
    assert lines[-1] == "结果与重算完全相符。"


def test_first_difference_is_named(installed: Path, keys: KeyRing, tmp_path: Path) -> None:
    files = bundle_files(keys)
    result = json.loads(files["result.json"])
    result["entrants"][0]["total"] = "99"
    forged = json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path = tmp_path / "forged.zip"
    path.write_bytes(write_bundle({**files, "result.json": forged.encode()}, about(), keys))
    done = run(installed / "shibaiqian-verify", path)
    assert done.returncode == 1
    assert "✗ result.json：entrants[0].total 写的是 99，重算得" in done.stdout


def test_changed_signature_is_found_without_any_library(
    installed: Path, keys: KeyRing, tmp_path: Path
) -> None:
    files = bundle_files(keys)
    line = files["sheets.jsonl"].replace(b'"version":2', b'"version":3')
    path = tmp_path / "forged.zip"
    path.write_bytes(write_bundle({**files, "sheets.jsonl": line}, about(), keys))
    done = run(installed / "shibaiqian-verify", path)
    assert (done.returncode, "签名不符" in done.stdout) == (1, True)


def test_fast_way_says_that_it_needs_numpy(installed: Path, bundle: Path) -> None:
    done = run(installed / "shibaiqian-verify", bundle, "--fast")
    assert (done.returncode, "numpy" in done.stderr) == (2, True)


def test_file_that_is_not_there_has_a_code_of_its_own(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "shibaiqian-verify", tmp_path / "none.zip").returncode == 2


def test_run_imports_the_standard_library_and_itself_only(installed: Path, bundle: Path) -> None:
    done = run(installed / "python", "-I", "-c", RUN_AND_TELL, bundle)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["code"] == 0, done.stdout
    own = {name: file for name, file in told["modules"].items() if _is_own(name)}
    assert all(file.startswith(str(installed.parent)) for file in own.values() if file)
    others = {name.partition(".")[0] for name in told["modules"].keys() - own.keys()}
    others -= {one for one in others if one.startswith("_sysconfigdata_")}  # Python's own, too
    assert others <= sys.stdlib_module_names | {"__main__"}
    assert own.keys() == modules_needed().keys() - NEEDS_NUMPY


@cache
def _own_packages() -> set[str]:
    """The top packages of the modules that are needed; finding them parses each module."""
    return {one.partition(".")[0] for one in modules_needed()}


def _is_own(name: str) -> bool:
    return name.partition(".")[0] in _own_packages()


def test_modules_import_one_another_and_the_standard_library() -> None:
    """numpy stands in the two modules of the faster recount alone."""
    ours = modules_needed()
    foreign = {
        (module, name.partition(".")[0])
        for module, path in ours.items()
        for name in imported_names(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not _is_own(name)
    }
    assert foreign == {(module, "numpy") for module in NEEDS_NUMPY}
