"""The scripts: what they say when something is missing. That they work is shown by using them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = [
    ROOT / name
    for name in (
        "scripts/setup", "scripts/run", "scripts/test", ".ci/run", "scripts/install",
        "scripts/lock", "scripts/make-deb", "scripts/check-wheels", "scripts/check-install",
        "scripts/packaging/postinst", "scripts/packaging/prerm", "scripts/packaging/postrm",
    )
]  # fmt: skip

pytestmark = pytest.mark.engines


def stand_in(folder: Path, name: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o755)


def setup(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/setup for a new environment in ``folder``, the stand-ins there before others."""
    return subprocess.run(
        (ROOT / "scripts/setup", "--venv", str(folder / "venv"), *arguments),
        env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHON": sys.executable}
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_script_is_executable_and_parses(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(("bash", "-n", script), check=True)


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """A Debian without flite, where installing packages fails and sudo asks for no password."""
    folder = tmp_path / "bin"
    stand_in(folder, "dpkg-query", 'test "$4" = flite || echo installed')
    stand_in(folder, "apt-get", 'echo "$@" >> "${0%/*}/../asked"; test "$1" = update')
    stand_in(folder, "sudo", 'while [ "$1" = -n ] || [ "$1" = true ]; do shift; done; "$@"')
    return tmp_path


def test_error_only_missing_packages_are_asked_for_once_the_lists_are_new(debian: Path) -> None:
    done = setup(debian, "--dev")
    assert done.returncode == 1
    assert (debian / "asked").read_text().splitlines() == [
        "update",
        "install -y --no-install-recommends flite",
    ]
    assert done.stderr.splitlines() == [
        (
            "Debian's packages could not be installed. "
            "Try it yourself: sudo apt-get install -y --no-install-recommends flite"
        )
    ]
    assert re.fullmatch(
        r"==> Debian's package lists ... done \(\d+ s\)\n"
        r"==> Debian packages: flite ... failed\n",
        done.stdout,
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root needs no sudo")
def test_error_without_sudo(debian: Path) -> None:
    stand_in(debian / "bin", "sudo", "exit 1")
    done = setup(debian, "--dev")
    assert done.returncode == 1
    assert done.stderr == (
        "Some Debian packages are missing. "
        "Run: sudo apt-get install -y --no-install-recommends flite\n"
    )


def test_error_another_python(tmp_path: Path) -> None:
    done = setup(tmp_path, PYTHON="/bin/false")
    assert (done.returncode, done.stderr) == (
        1,
        "PYTHON=/bin/false is not a Python of 3.11 to 3.13.\n",
    )


def test_error_unknown_option(tmp_path: Path) -> None:
    done = setup(tmp_path, "--fast")
    assert (done.returncode, done.stderr) == (2, "Usage: scripts/setup [--dev] [--venv FOLDER]\n")
