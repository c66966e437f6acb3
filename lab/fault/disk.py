"""A small disk in a file, which can be filled, and whose writes can be stalled.

Linux and root only. A disk that is still frozen when this process is killed would block every
process that touches it, so a child process thaws it after `LONGEST_FREEZE` seconds in any case.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LONGEST_FREEZE = 20
_MEGABYTES = 4096
_TOOLS = ("mkfs.ext4", "mount", "umount", "fsfreeze")


class NoDisk(Exception):
    """A disk cannot be made on this machine; the message says why."""


@dataclass(frozen=True)
class Disk:
    """A mounted file system. PostgreSQL keeps its data on it, and nothing else does."""

    folder: Path

    def fill(self) -> None:
        """Take every free block, also those that only root may have."""
        with self._ballast.open("wb") as file:
            left = shutil.disk_usage(self.folder).free
            while left > 4096:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), left)
                except OSError:
                    left //= 2

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def freeze(self) -> None:
        """Let no write and no fsync on this disk return until `thaw`."""
        subprocess.Popen(  # noqa: S603 - ends by itself
            ["/bin/sh", "-c", f'sleep {LONGEST_FREEZE}; fsfreeze -u "$0"', str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _run("fsfreeze", "-f", str(self.folder))

    def thaw(self) -> None:
        with suppress(subprocess.CalledProcessError):  # thawed already
            _run("fsfreeze", "-u", str(self.folder))

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path, megabytes: int = _MEGABYTES) -> Iterator[Disk]:
    """A disk in a sparse file below `folder`, unmounted at the end. Raises NoDisk."""
    if os.geteuid() != 0:
        raise NoDisk("a disk can be mounted by root alone")
    if missing := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        raise NoDisk(f"no {' and no '.join(missing)} here")
    image, place = folder / "disk.img", folder / "disk"
    place.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    try:
        _run("mkfs.ext4", "-q", "-m", "0", str(image))
        _run("mount", "-o", "loop", str(image), str(place))
    except subprocess.CalledProcessError as error:
        raise NoDisk(f"no disk can be mounted here: {error.stderr.strip()}") from error
    disk = Disk(place)
    try:
        yield disk
    finally:
        disk.thaw()
        with suppress(subprocess.CalledProcessError):
            _run("umount", "--lazy", str(place))
        image.unlink()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
