"""What is told while installing: a line for each step, and what a program said where it failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from scripts.installing.places import InstallError

LAST_LINES = 25


def say(what: str) -> None:
    """Tell a step."""
    print(f"{_bold('==>')} {what}", flush=True)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Tell a step, and how long it took."""
    began = time.monotonic()
    print(f"{_bold('==>')} {what} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"done ({time.monotonic() - began:.0f} s)", flush=True)


def run(
    command: Sequence[str | os.PathLike[str]],
    otherwise: str,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program and return what it printed.

    Raises InstallError with ``otherwise`` and the end of what it said when it fails.
    """
    try:
        done = subprocess.run(
            command,
            env=dict(os.environ) | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise InstallError(f"{otherwise}\n{command[0]}: {error.strerror}") from error
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()[-LAST_LINES:]
        raise InstallError("\n".join([*said, otherwise]))
    return done.stdout


def _bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text
