"""The verifier on a bundle made without a server, whole and tampered with.

Every tampered bundle here is signed again by its tamperer, so that not the digests but the
recomputation must find the change.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.crypto import KeyRing, load_keys
from lab.bench import recount as bench
from scoring.verification.bundle import FILES, Bundle, BundleError, open_bundle, write_bundle
from scoring.verification.cli import verify as verify_command
from scoring.verification.verifier import first_difference, verify
from tests.support.bundles import RULEBOOK, about, bundle_files


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


def _opened(files: dict[str, bytes], keys: KeyRing) -> Bundle:
    return open_bundle(io.BytesIO(write_bundle(files, about(), keys)))


def test_verify_accepts_the_whole_and_counts(keys: KeyRing) -> None:
    steps = list(verify(_opened(bundle_files(keys), keys)))
    root = about()["ledger"]["root"]  # type: ignore[index]
    assert [step.detail for step in steps] == [
        RULEBOOK.digest,
        "2 人",
        f"5，{root}，逐票重算",
        "3 份",
        "2 人的每一步算式相符",
    ]


def test_fast_way_is_taken_by_name_and_says_the_same(keys: KeyRing) -> None:
    bundle = _opened(bundle_files(keys), keys)
    root = about()["ledger"]["root"]  # type: ignore[index]
    assert [step.detail for step in verify(bundle, fast=True)][2] == f"5，{root}，快速重算"


def test_unusual_ledger_is_counted_ballot_by_ballot_though_the_fast_way_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The fast way knows contests with one vote for an entry a day; this one has no such rule."""
    usual = bench.RULEBOOK
    monkeypatch.setattr(bench, "RULEBOOK", usual.replace("votes_per_entry_per_day = 1\n", ""))
    bench.write_bench_bundle(tmp_path / "bundle.zip", 20)
    details = [one.detail for one in verify(open_bundle(tmp_path / "bundle.zip"), fast=True)]
    assert details[2].endswith("，逐票重算（快速重算不适用）")


def test_fault_has_the_same_words_by_both_ways(keys: KeyRing) -> None:
    files = bundle_files(keys)
    changed = files["ballots.jsonl"].replace(b'"slot":1', b'"slot":2')
    bundle = _opened({**files, "ballots.jsonl": changed}, keys)
    refused = []
    for fast in (False, True):
        with pytest.raises(BundleError) as error:
            list(verify(bundle, fast=fast))
        refused.append(str(error.value))
    assert refused[0] == refused[1]
    assert "第 1 号" in refused[0]


TAMPERINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a ballot for another": ("ballots.jsonl", lambda b: b.replace(b'["002"]', b'["001"]')),
    "a ballot taken out": ("ballots.jsonl", lambda b: b.split(b"\n", 1)[1]),
    "a ballot more": ("ballots.jsonl", lambda b: b + b.split(b"\n")[0] + b"\n"),
    "a ballot out of time": ("ballots.jsonl", lambda b: b.replace(b"T01:30Z", b"T17:30Z")),
    "a void taken out": ("voids.jsonl", lambda b: b""),
    "a void by one person": ("voids.jsonl", lambda b: b.replace("乙".encode(), "甲".encode())),
    "a void of another ballot": ("voids.jsonl", lambda b: b.replace(b"[4]", b"[2]")),
    "a mark raised": ("sheets.jsonl", lambda b: b.replace(b"8.5", b"9.5")),
    "a version taken out": ("sheets.jsonl", lambda b: b"\n".join(b.split(b"\n")[:2]) + b"\n"),
    "a count raised": ("votes.csv", lambda b: b.replace(b"001,2,1", b"001,3,1")),
    "a mark raised in the table": ("marks.csv", lambda b: b.replace(b"8.5", b"9.5")),
    "another rulebook": ("rulebook.toml", lambda b: b.replace(b"weight = 30", b"weight = 3e1")),
    "a figure of the result": ("result.json", lambda b: b.replace(b'"rank":1', b'"rank":2')),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_finds_what_digests_cannot(keys: KeyRing, name: str) -> None:
    file, tamper = TAMPERINGS[name]
    files = bundle_files(keys)
    changed = tamper(files[file])
    assert changed != files[file]
    bundle = _opened({**files, file: changed}, keys)
    with pytest.raises(BundleError):
        list(verify(bundle))


def test_verify_names_the_first_figure_that_differs(keys: KeyRing) -> None:
    files = bundle_files(keys)
    plain = json.loads(files["result.json"])
    plain["entrants"][0]["components"][0]["contribution"] = "29.99"
    changed = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(BundleError) as refused:
        list(verify(_opened({**files, "result.json": changed.encode()}, keys)))
    assert refused.value.file == "result.json"
    assert refused.value.message.startswith("entrants[0].components[0].contribution 写的是 29.99")


def test_first_difference_of_equal_values_is_empty() -> None:
    assert first_difference({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == ""


def test_verify_command_exit_codes(keys: KeyRing, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bundles")
    good, bad = folder / "good.zip", folder / "bad.zip"
    good.write_bytes(write_bundle(bundle_files(keys), about(), keys))
    bad.write_bytes(good.read_bytes()[:-100])
    run = CliRunner().invoke
    assert run(verify_command, [str(good), "--key", keys.public_key.hex()]).exit_code == 0
    assert run(verify_command, [str(good), "--key", "00" * 32]).exit_code == 1
    assert run(verify_command, [str(bad)]).exit_code == 1
    assert run(verify_command, [str(folder / "none.zip")]).exit_code == 2
    assert set(FILES) == set(bundle_files(keys))
