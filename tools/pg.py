"""Run one of PostgreSQL's own programs on the embedded server that runs on DATA_DIR.

    .venv/bin/python tools/pg.py pg_dump --format=custom --file=backup.dump

It is the program of the same version, signed in as the owner of the schema.
"""

import os
import subprocess
import sys

from core.engines.embedded import running_endpoints
from core.engines.programs import NoProgramError, postgres_for
from core.settings import from_environment


def main() -> int:
    program, *arguments = sys.argv[1:] or [""]
    folder = from_environment().data_dir
    try:
        binaries = postgres_for(folder / "postgres").path
    except NoProgramError as refusal:
        sys.exit(str(refusal))
    if not program or not (binaries / program).is_file():
        sys.exit(f"usage: {sys.argv[0]} psql|pg_dump|pg_restore [OPTION]…")
    endpoints = running_endpoints(folder)
    if endpoints is None:
        sys.exit(f"no server runs on {folder}: start it first, or set DATA_DIR")
    command = [str(binaries / program), "--dbname", endpoints.database_url, *arguments]
    environment = {**os.environ, "PSQLRC": os.devnull}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
