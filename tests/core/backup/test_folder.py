"""What a backup's folder holds, and that a damaged one is refused before anything is restored."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.backup.folder import (
    DUMP,
    MANIFEST,
    BackupRefused,
    copy_in,
    lasting_files,
    note,
    put_back,
    verified,
    write_manifest,
)
from core.backup.service import check_backup

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a data folder with two keys and a photo; the dump is any bytes."""
    data, target = tmp_path / "data", tmp_path / "backup"
    for name in ("keys/master.key", "keys/signing.key", "photos/ab/abcd"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
        (data / name).chmod(0o600 if "key" in name else 0o644)
    target.mkdir()
    (target / DUMP).write_bytes(b"dump")
    copied = [(path, f"data/{path.relative_to(data)}") for path in lasting_files(data)]
    files = [note(target, DUMP), *(copy_in(path, target, name) for path, name in copied)]
    write_manifest(target, files, "0.2.0", NOW)
    return target


def refusal(backup: Path) -> str:
    with pytest.raises(BackupRefused) as refused:
        verified(backup)
    return str(refused.value)


def test_whole_backup_is_verified_and_put_back_with_its_permissions(
    backup: Path, tmp_path: Path
) -> None:
    for one in verified(backup):
        put_back(backup, one, tmp_path / "new" / one.path)
    assert (tmp_path / "new/data/photos/ab/abcd").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "new/data/keys/master.key").stat().st_mode & 0o777 == 0o600
    assert (backup / "data/photos/ab/abcd").stat().st_mode & 0o777 == 0o600


def test_what_is_made_again_and_what_is_half_written_is_left_out(tmp_path: Path) -> None:
    for name in ("lock", "run/redis.sock.txt", "log/x.log", "postgres/base", "redis/dump"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for name in ("rehearsal-clock", "photos/a.1234.part", "photos/a", "later-kind/deep/file"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    kept = [path.relative_to(tmp_path).as_posix() for path in lasting_files(tmp_path)]
    assert kept == ["later-kind/deep/file", "photos/a", "rehearsal-clock"]


def test_changed_file_is_refused(backup: Path) -> None:
    (backup / "data/photos/ab/abcd").write_text("photos/ab/abce")
    assert "data/photos/ab/abcd 与清单里的摘要不符" in refusal(backup)


def test_missing_file_is_refused(backup: Path) -> None:
    (backup / "data/keys/master.key").unlink()
    assert "缺少 data/keys/master.key" in refusal(backup)


def test_file_too_many_is_refused(backup: Path) -> None:
    (backup / "data/keys/other.key").touch()
    assert "多出了 data/keys/other.key" in refusal(backup)


def test_backup_that_was_broken_off_is_refused(backup: Path) -> None:
    (backup / MANIFEST).unlink()
    assert "不是一份完整的备份" in refusal(backup)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1, "files": [{"path": 1}]}'])
def test_manifest_that_is_none_is_refused(backup: Path, text: str) -> None:
    (backup / MANIFEST).write_text(text)
    assert "读不懂" in refusal(backup)


def test_backup_of_a_later_version_is_refused(backup: Path) -> None:
    document = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**document, "format": 2}))
    assert "更新的版本" in refusal(backup)


def test_data_folder_that_holds_anything_is_refused(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "anything").touch()
    with pytest.raises(BackupRefused, match="不是空的"):
        check_backup(backup, tmp_path / "full", None)
    (tmp_path / "empty").mkdir()
    assert len(check_backup(backup, tmp_path / "empty", None)) == 4


def test_keys_are_asked_for_where_they_are_needed_and_only_there(
    backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(BackupRefused, match="不需要 --keys"):
        check_backup(backup, tmp_path / "new", tmp_path)
    document = json.loads((backup / MANIFEST).read_text())
    document["files"] = [one for one in document["files"] if "/keys/" not in one["path"]]
    (backup / MANIFEST).write_text(json.dumps(document))
    keys = (backup / "data/keys").rename(tmp_path / "keys")
    with pytest.raises(BackupRefused, match="请用 --keys"):
        check_backup(backup, tmp_path / "new", None)
    (keys / "signing.key").unlink()
    with pytest.raises(BackupRefused, match=r"没有 signing\.key"):
        check_backup(backup, tmp_path / "new", keys)
