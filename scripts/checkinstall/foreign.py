"""64-bit ARM on another machine: qemu runs its programs, found by the kernel."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.checkinstall.checks import INTENTS, ROOT, expect
from scripts.checkinstall.machine import CheckError, Machine

BINFMT = Path("/proc/sys/fs/binfmt_misc")
NAME = "assistant-check-aarch64"
# An ELF header of 64 bits, little-endian, of a program or library, for EM_AARCH64; 'F' opens the
# interpreter now, so that it is found from inside of another root.
MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"


@contextlib.contextmanager
def emulation() -> Iterator[None]:
    """Have the kernel run programs of 64-bit ARM meanwhile. Raises CheckError."""
    qemu = shutil.which("qemu-aarch64-static")
    if qemu is None:
        raise CheckError("There is no qemu-aarch64-static: sudo apt install qemu-user-static")
    if not (BINFMT / "register").exists():
        subprocess.run(("mount", "-t", "binfmt_misc", "binfmt_misc", str(BINFMT)), check=True)
    if any("qemu-aarch64" in one.name for one in BINFMT.iterdir()):
        yield  # somebody has set it up for good
        return
    (BINFMT / "register").write_text(f":{NAME}:M::{MAGIC}:{MASK}:{qemu}:F")
    try:
        yield
    finally:
        (BINFMT / NAME).write_text("-1")


def check_foreign_package(machine: Machine, package: Path) -> None:
    """Install a package for 64-bit ARM, and have it understand a recording. No systemd runs."""
    (machine.path("/root") / package.name).write_bytes(package.read_bytes())
    machine.run("apt-get", "update", "-qq")
    machine.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-qq", "-y",
                "--no-install-recommends", f"/root/{package.name}")  # fmt: skip
    expect("the package can be installed", so=True)
    machine.path("/etc/assistant/intents/host.yaml").write_text(INTENTS)
    said = machine.run("assistant", "check")
    expect("the intents compile, and their tests pass", so="All is well" in said, otherwise=said)
    recording = ROOT / "tests/data/recordings/timer-five-minutes.flac"
    machine.path("/srv/spoken.flac").write_bytes(recording.read_bytes())
    heard = machine.run("assistant", "hear", "--dry-run", "--json", "/srv/spoken.flac")
    expect(
        "a recording is heard and understood", so='"intent": "SetTimer"' in heard, otherwise=heard
    )
    users = machine.run("getent", "passwd", "assistant", "assistant-bridge")
    expect("the users are there", so=len(users.splitlines()) == 2, otherwise=users)
