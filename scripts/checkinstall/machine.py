"""An empty Debian that boots: debootstrap makes it, systemd-nspawn runs it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CACHE = Path("/var/tmp/assistant-roots")  # noqa: S108 - root's own, and made with mode 0700
PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates"
BOOT_SECONDS = 90
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class CheckError(Exception):
    """Something is not as it should be."""


class Machine:
    """A Debian in a folder. ``run`` needs it not to be booted, ``call`` needs it to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._container: subprocess.Popen[bytes] | None = None
        self._leader = 0

    def path(self, name: str) -> Path:
        """A file of it, from the outside."""
        return self.folder / name.lstrip("/")

    def run(self, *command: str) -> str:
        """Run a command in it, with the network of this machine. Raises CheckError."""
        return _checked(
            ("systemd-nspawn", "--quiet", "--directory", str(self.folder), "--register=no",
             "--keep-unit", "--pipe", *_certificates(), "env", *_pip(), *command)
        )  # fmt: skip

    def run_plainly(self, *command: str) -> str:
        """Run a command in its folder and no more: no /proc and no /sys. Raises CheckError."""
        return _checked(("chroot", str(self.folder), "env", "-i", f"PATH={PATH}", "HOME=/root",
                         "LANG=C.UTF-8", *command))  # fmt: skip

    @contextlib.contextmanager
    def booted(self) -> Iterator[None]:
        """Let its systemd run meanwhile, in a network of its own with nobody in it.

        With that of this machine it could make none for its services.
        """
        log = (self.folder.parent / f"{self.folder.name}.log").open("wb")
        self._container = subprocess.Popen(
            ("systemd-nspawn", "--quiet", "--directory", str(self.folder), "--register=no",
             "--keep-unit", "--boot", "--private-network", "--console=pipe"),
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            self._wait(self._container)
            yield
        finally:
            if self._leader:
                self.ask("systemctl", "poweroff")
            try:
                self._container.wait(30)
            except subprocess.TimeoutExpired:
                self._container.kill()
                self._container.wait()
            self._leader = 0
            log.close()

    def _wait(self, container: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + BOOT_SECONDS
        children = Path(f"/proc/{container.pid}/task/{container.pid}/children")
        while time.monotonic() < end and container.poll() is None:
            time.sleep(0.5)
            self._leader = int((children.read_text().split() or ["0"])[0])
            if self._leader:
                state = self.ask("systemctl", "is-system-running").stdout.strip()
                if state in {"running", "degraded"}:
                    return
        raise CheckError(f"{self.folder} does not boot; see {self.folder}.log")

    def ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside its systemd, and take the result as it comes."""
        inside = ("nsenter", f"--target={self._leader}", "--all", "env", "-i", f"PATH={PATH}",
                  "HOME=/root", "LANG=C.UTF-8", *command)  # fmt: skip
        return subprocess.run(
            inside, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def call(self, *command: str) -> str:
        """Run a command beside its systemd. Raises CheckError when it fails."""
        done = self.ask(*command)
        if done.returncode:
            raise CheckError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def fails(self, *command: str) -> str:
        """Run a command that has to fail; returns what it said. Raises CheckError."""
        done = self.ask(*command)
        if not done.returncode:
            raise CheckError(f"{' '.join(command)} should have failed:\n{done.stdout}")
        return done.stdout + done.stderr


@contextlib.contextmanager
def new_machine(suite: str, name: str, architecture: str = "") -> Iterator[Machine]:
    """Make an empty Debian; it is removed afterwards, what it was copied from is kept.

    ``architecture`` is Debian's name of another one than this machine's.
    """
    CACHE.mkdir(mode=0o700, exist_ok=True)
    original = CACHE / f"{suite}{architecture and '-'}{architecture}"
    other = (f"--arch={architecture}",) if architecture else ()
    if not (original / "etc/debian_version").exists():
        shutil.rmtree(original, ignore_errors=True)
        _checked(("debootstrap", "--variant=minbase", f"--include={PACKAGES}", *other, suite,
                  str(original)))  # fmt: skip
    copy = original.with_name(f"{original.name}-{name}")
    shutil.rmtree(copy, ignore_errors=True)
    _checked(("cp", "--archive", str(original), str(copy)))
    try:
        yield Machine(copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _certificates() -> Sequence[str]:
    """Let pip inside trust what it trusts here, where that is set."""
    certificate = os.environ.get("PIP_CERT")
    return (f"--bind-ro={certificate}:/run/pip.crt",) if certificate else ()


def _pip() -> Sequence[str]:
    return ("PIP_CERT=/run/pip.crt",) if os.environ.get("PIP_CERT") else ()


def _checked(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise CheckError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
