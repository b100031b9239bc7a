"""A release: one version of the program in a virtual environment of its own.

It is made beside the one in use, and a link, ``current``, is turned over to it at once. So an
upgrade that is cut off by the power leaves the old version or the new one.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.installing.places import SOURCE, UNITS, InstallError, Places
from scripts.installing.telling import progress, run

MACHINES = ("x86_64", "aarch64")
WHOLE = ".whole"
"""A file in a release that was made to its end."""


def lock() -> Path:
    """Return the lock for this Python. Raises InstallError where there is none."""
    version = ".".join(map(str, sys.version_info[:2]))
    path = SOURCE / "locks" / f"python{version}.txt"
    known = [one.stem.removeprefix("python") for one in sorted(path.parent.glob("python*.txt"))]
    if not path.exists():
        raise InstallError(
            f"This is Python {version}; the assistant is installed on {' or '.join(known)}. "
            f"Choose another one: PYTHON=python{known[-1]} scripts/install"
        )
    if platform.machine() not in MACHINES:
        raise InstallError(
            f"This machine is {platform.machine()}, and the packages are for 64-bit x86 and ARM. "
            "On a Raspberry Pi use the 64-bit system."
        )
    return path


def name_of_release() -> str:
    """Name what would be installed: its version, and what it is made of."""
    (version,) = re.findall(
        r'(?m)^__version__ = "(.+)"$', (SOURCE / "assistant/__init__.py").read_text()
    )
    digest = hashlib.sha256(sys.version.encode())
    for path in _sources():
        digest.update(f"{path.relative_to(SOURCE)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{version}-{digest.hexdigest()[:10]}"


def _sources() -> Iterator[Path]:
    yield lock()
    yield SOURCE / "pyproject.toml"
    for folder in ("assistant", "intents", "systemd", "scripts/installing"):
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def make_environment(folder: Path) -> None:
    """Make a virtual environment with the program in it, of exact versions. Raises InstallError."""
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    nothing_else = ("--require-hashes", "--no-build-isolation", "-r")
    as_root = {"PIP_ROOT_USER_ACTION": "ignore"}
    with progress(f"Virtual environment {folder}"):
        run((sys.executable, "-m", "venv", folder), "The virtual environment could not be made.")
    with progress("Python packages, of exact versions"):
        for wanted in (SOURCE / "locks" / "build.txt", lock()):
            run((*pip, *nothing_else, wanted), "The packages could not be installed.", as_root)
        ours = ("--no-deps", "--no-build-isolation", SOURCE)
        run((*pip, *ours), "The program could not be installed.", as_root)
        run((python, "-m", "pip", "check"), "The packages do not fit together.")


def add_extras(folder: Path) -> None:
    """Put into a release what is copied out of it later: units, manual, completion."""
    extras = folder / "share" / "assistant"
    for kind, where in (("system", SOURCE / "systemd"), ("user", SOURCE / "systemd" / "user")):
        (extras / kind).mkdir(parents=True, exist_ok=True)
        for one in UNITS:
            shutil.copyfile(where / one, extras / kind / one)
    for name in ("sysusers.conf", "config.yaml"):
        shutil.copyfile(SOURCE / "systemd" / name, extras / name)
    maker = Path(__file__).with_name("manual.py")
    with progress("Manual and shell completion"):
        run((folder / "bin" / "python", maker, extras), "The manual could not be written.")


def put_root_aside(folder: Path, root: Path) -> None:
    """Have the programs of a release say where they will be, not where they were made."""
    for path in (folder / "bin").iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        text = path.read_bytes()
        path.write_bytes(text.replace(bytes(root / "x")[:-2] + b"/", b"/"))


def releases(places: Places) -> list[Path]:
    """Return the whole releases that are there."""
    found = places.at(places.program / "releases").glob(f"*/{WHOLE}")
    return sorted(path.parent for path in found)


def release_in_use(places: Places) -> Path | None:
    """Return the release that ``current`` leads to."""
    if not places.current.exists():
        return None
    return places.current.parent / places.current.readlink()


def use(places: Places, release: Path) -> None:
    """Turn ``current`` over to a release, in one step."""
    new = places.current.with_name("current.new")
    new.unlink(missing_ok=True)
    new.symlink_to(release.relative_to(places.current.parent))
    new.replace(places.current)


def forget_others(places: Places, kept: list[Path]) -> None:
    """Remove releases but these, and those that were never made to their end."""
    for path in places.at(places.program / "releases").glob("*"):
        if path not in kept:
            shutil.rmtree(path)
