"""Run one of PostgreSQL's own programs on the embedded server that runs on DATA_DIR.

    .venv/bin/python tools/pg.py pg_dump --format=custom --file=backup.dump

It is the program of the same version, signed in as the owner of the schema.
"""

import os
import subprocess
import sys

from core.engines.embedded import running_endpoints
from core.engines.postgres import BINARIES
from core.settings import from_environment


def main() -> int:
    program, *arguments = sys.argv[1:] or [""]
    if not (BINARIES / program).is_file():
        sys.exit(f"usage: {sys.argv[0]} psql|pg_dump|pg_restore [OPTION]…")
    folder = from_environment().data_dir
    endpoints = running_endpoints(folder)
    if endpoints is None:
        sys.exit(f"no server runs on {folder}: start it first, or set DATA_DIR")
    command = [str(BINARIES / program), "--dbname", endpoints.database_url, *arguments]
    environment = {**os.environ, "PSQLRC": os.devnull}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
