"""Ending a command with a sentence instead of a traceback, where a refusal is expected."""

import sys
from collections.abc import Callable

from rich.console import Console

from core.backup.folder import BackupRefused
from core.database.migrate import MigrationFailedError
from core.engines.embedded import DataFolderInUse
from core.engines.process import EngineFailed
from core.engines.programs import NoProgramError
from core.problems import Invalid
from core.settings import SettingsError
from core.web.server import PortInUse

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
