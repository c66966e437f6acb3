"""A clock for the app's processes that can be stepped while they run.

libfaketime replaces the calls that read the time; the machine's own clock stays right. The
monotonic clock is left alone, as by a real step of the wall clock.
"""

from pathlib import Path

_LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
)


class NoWrongClock(Exception):
    """libfaketime is not installed."""


class WrongClock:
    """Raises NoWrongClock."""

    def __init__(self, folder: Path) -> None:
        library = next(filter(lambda one: Path(one).exists(), _LIBRARIES), None)
        if library is None:
            raise NoWrongClock("no libfaketime here (Debian's package libfaketime)")
        self._file = folder / "clock"
        self.step(0)
        self.environment = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
        }

    def step(self, seconds: int) -> None:
        """Wrong by so many seconds from about now on; 0 is right again."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{seconds:+d}\n", encoding="ascii")
        part.replace(self._file)
