"""Debian's packages that the assistant needs."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys

from scripts.installing.places import InstallError
from scripts.installing.telling import progress, run, say

NEEDED = ("libportaudio2", "espeak-ng")


def missing_packages() -> list[str]:
    """Return the packages that are not installed. venv is in a package of its own."""
    wanted = list(NEEDED)
    if any(importlib.util.find_spec(one) is None for one in ("ensurepip", "venv")):
        wanted.append(f"python{'.'.join(map(str, sys.version_info[:2]))}-venv")
    return [one for one in wanted if not _is_installed(one)]


def install_packages() -> None:
    """Install what is missing. Raises InstallError; on other systems says what is needed."""
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        _look_for_programs()
        return
    missing = missing_packages()
    if not missing:
        return
    command = ("apt-get", "install", "-y", "--no-install-recommends", *missing)
    by_hand = f"Try it yourself: sudo {' '.join(command)}"
    sudo: tuple[str, ...] = ()
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise InstallError(f"Debian packages are missing. As root, run: {' '.join(command)}")
        say(f"Debian packages are missing ({', '.join(missing)}); sudo may ask for your password.")
        sudo = ("sudo",)
        subprocess.run(("sudo", "-v"), check=False)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with progress("Debian's package lists"):
            run((*sudo, "apt-get", "update"), "", quiet)
    except InstallError:
        say("Going on with the package lists of last time.")
    with progress(f"Debian packages: {' '.join(missing)}"):
        run((*sudo, *command), f"Debian's packages could not be installed. {by_hand}", quiet)


def _is_installed(package: str) -> bool:
    asked = subprocess.run(
        ("dpkg-query", "-W", "-f", "${db:Status-Status}", package),
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout == "installed"


def _look_for_programs() -> None:
    if not shutil.which("espeak-ng"):
        say("There is no espeak-ng: replies are not spoken. Install it to hear them.")
    if not ctypes.util.find_library("portaudio"):
        say("There is no PortAudio library: install it, or no microphone can be used.")
