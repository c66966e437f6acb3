"""A process started with room for few files takes what it may have."""

import resource
import subprocess
import sys


def test_soft_limit_is_raised_to_the_hard_one() -> None:
    code = "from core.files.open_files import allow_open_files; print(allow_open_files())"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))"
    told = subprocess.run(
        [sys.executable, "-c", f"{limit}\n{code}"], check=False, capture_output=True, text=True
    )
    assert told.stdout == "512\n", told.stderr
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 512
