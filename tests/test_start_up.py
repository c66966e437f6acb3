"""What a start loads: every command and every worker waits for it."""

import json
import subprocess
import sys

import pytest

from core.paths import ROOT

LATER = (
    "alibabacloud_dysmsapi20170525",
    "alibabacloud_tea_openapi",
    "fpdf",
    "numpy",
    "pypinyin",
    "scipy",
    "xlsxwriter",
)
"""Used by few requests and slow to load, so each is loaded by the function that uses it."""


@pytest.mark.parametrize("module", ["app", "cli"])
def test_start_loads_no_library_that_few_requests_use(module: str) -> None:
    program = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert module in loaded
    assert loaded & set(LATER) == set()
