"""Ending a command with a sentence instead of a traceback, where a refusal is expected."""

import sys
from collections.abc import Callable

from rich.console import Console

from core.backup_folder import BackupRefused
from core.engines import DataFolderInUse
from core.engines_found import NoProgramError
from core.engines_process import EngineFailed
from core.migrate import MigrationFailedError
from core.problems import Invalid
from core.server import PortInUse
from core.settings import SettingsError

REFUSED = 2
console = Console(stderr=True, highlight=False)
_EXPECTED = (
    BackupRefused,
    DataFolderInUse,
    EngineFailed,
    MigrationFailedError,
    NoProgramError,
    PortInUse,
    SettingsError,
)


def refusing(act: Callable[[], None]) -> None:
    """Run; end with exit code 2 and the sentence of an expected refusal."""
    try:
        act()
    except _EXPECTED as refusal:
        console.print(str(refusal), style="bold red", soft_wrap=True, markup=False)
        sys.exit(REFUSED)
    except Invalid as problem:
        for error in problem.errors:
            console.print(error.message, style="bold red", soft_wrap=True, markup=False)
        sys.exit(REFUSED)
