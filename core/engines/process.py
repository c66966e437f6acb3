"""Child processes of the embedded engines: how they are started, watched and stopped."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 60
POLL_SECONDS = 0.02


class EngineFailed(RuntimeError):
    """An embedded engine did not start."""


def without_root(command: Sequence[str]) -> list[str]:
    """Wrap a PostgreSQL command so that root can run it too, which PostgreSQL itself refuses.

    It becomes the account `nobody`, which keeps one ability of root: to reach files whose parent
    folders only root may enter, as a checkout below /root. No permission on disk is widened.
    """
    if os.geteuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineFailed(
            "以 root 身份启动内置 PostgreSQL 需要 setpriv（util-linux）；请改用普通用户。\n"
            "Starting the embedded PostgreSQL as root needs setpriv (util-linux); "
            "use an ordinary account instead."
        )
    account = pwd.getpwnam("nobody")
    return [
        setpriv,
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        *command,
    ]


def dying_with_parent(command: Sequence[str], death_signal: signal.Signals) -> list[str]:
    """Wrap a command so that the kernel signals it when its parent ends, even by kill -9.

    Only Linux can; elsewhere leftovers are stopped at the next start.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    return [setpriv, f"--pdeathsig={death_signal.name.removeprefix('SIG')}", *command]


def run_tool(command: Sequence[str], *, stdin: str = "", allow: tuple[int, ...] = (0,)) -> int:
    """Run a short command to its end and return its exit code, which must be one of `allow`."""
    done = subprocess.run(  # noqa: S603 - the engine files build every command from constants
        command, capture_output=True, text=True, input=stdin, check=False
    )
    if done.returncode not in allow:
        raise EngineFailed(f"{Path(command[0]).name} failed: {done.stdout}{done.stderr}")
    return done.returncode


@contextmanager
def child(
    command: Sequence[str],
    *,
    log: Path,
    ready: Callable[[int], bool],
    stop_signal: signal.Signals,
) -> Iterator[None]:
    """Run a server as a child in a session of its own, so that Ctrl-C reaches only this process.

    Args:
        log: receives what the server prints; the log of the run before is kept beside it.
        ready: asked with the child's pid until it says yes.
        stop_signal: the signal on which this server shuts down in an orderly way.
    """
    log.parent.mkdir(exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - as above
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, ready, log)
        yield
    finally:
        _stop(process, stop_signal)


def _wait_until_ready(
    process: subprocess.Popen[bytes], ready: Callable[[int], bool], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready(process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            last_words = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise EngineFailed(f"{log.stem} did not start; its log {log} ends:\n{last_words}")
        time.sleep(POLL_SECONDS)


def _stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
