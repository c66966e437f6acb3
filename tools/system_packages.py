"""What the tests need of the system, by apt where it is missing: Chromium and Chinese fonts for
the browser, a voice for spoken digits, and a clock that can be made wrong for fault runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def missing() -> list[str]:
    lacking = []
    if shutil.which("chromium") is None:
        lacking.append("chromium")
    if not has_chinese_font():
        lacking.append("fonts-noto-cjk")
    if shutil.which("espeak-ng") is None:
        lacking.append("espeak-ng")
    if not any(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")):
        lacking.append("libfaketime")
    return lacking


def has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    asked = ["fc-list", "Noto Sans CJK SC"]
    return bool(subprocess.run(asked, capture_output=True, check=True).stdout)


def as_root() -> list[str]:
    """The words before a command that make it run as root, without asking for a password."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], check=False).returncode == 0:
        return sudo
    sys.exit(f"the tests need {' and '.join(missing())}: install them, as root")


def main() -> None:
    lacking = missing()
    if not lacking:
        return
    if shutil.which("apt-get") is None:
        sys.exit(f"the tests need {' and '.join(lacking)}, and there is no apt-get here")
    root = as_root()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "--quiet", *lacking]
    for command in (["apt-get", "update", "--quiet"], install):
        subprocess.run([*root, *command], env=environment, stdin=subprocess.DEVNULL, check=True)
    if still := missing():
        sys.exit(f"apt-get did not bring {' and '.join(still)}")


if __name__ == "__main__":
    main()
