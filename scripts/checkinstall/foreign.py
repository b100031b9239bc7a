"""64-bit ARM on another machine: qemu runs its programs, found by the kernel."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.checkinstall.checks import INTENTS, ROOT, expect
from scripts.checkinstall.machine import CheckError, Machine

BINFMT = Path("/proc/sys/fs/binfmt_misc")
# Of its own for each run, so that one that ends takes no emulation from another.
NAME = f"assistant-check-aarch64-{os.getpid()}"
# An ELF header of 64 bits, little-endian, of a program or library, for EM_AARCH64; 'F' opens the
# interpreter now, so that it is found from inside of another root.
MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"

# The processor that qemu 7.2 makes up has SVE, and with OpenBLAS' code for that it computes wrong
# products of matrices. With the code for any other processor of 64-bit ARM they are right.
SIMPLE = ("env", "OPENBLAS_CORETYPE=ARMV8")

RECORDINGS = {"timer-five-minutes": "SetTimer", "what-time": "GetTime"}
"""From the wake word to the action, and the intent that is meant."""


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
        with contextlib.suppress(FileNotFoundError):  # somebody has cleared all of them
            (BINFMT / NAME).write_text("-1")


def check_foreign_package(machine: Machine, package: Path) -> None:
    """Install a package for 64-bit ARM, and have it act on a recording. No systemd runs.

    Its Python files are not all compiled, which takes hours in an emulation, but as they are used.
    """
    (machine.path("/root") / package.name).write_bytes(package.read_bytes())
    machine.run("apt-get", "update", "-qq")
    machine.run("env", "DEBIAN_FRONTEND=noninteractive", "ASSISTANT_COMPILE=no", "apt-get",
                "install", "-qq", "-y", "--no-install-recommends",
                f"/root/{package.name}")  # fmt: skip
    kind = machine.run("uname", "-m").strip()
    expect(f"the package can be installed on {kind}", so=kind == "aarch64")
    users = machine.run("getent", "passwd", "assistant", "assistant-bridge")
    expect("the users are there", so=len(users.splitlines()) == 2, otherwise=users)
    machine.path("/etc/assistant/intents").mkdir(parents=True, exist_ok=True)
    machine.path("/etc/assistant/intents/host.yaml").write_text(INTENTS)
    said = _run(machine, "assistant", "check")
    expect("the intents compile, and their tests pass", so="All is well" in said, otherwise=said)
    for name, intent in RECORDINGS.items():
        recording = ROOT / f"tests/data/recordings/{name}.flac"
        machine.path("/srv/spoken.flac").write_bytes(recording.read_bytes())
        began = time.monotonic()
        heard = _run(machine, "assistant", "hear", "--json", "/srv/spoken.flac")
        took = time.monotonic() - began
        turn = json.loads(heard.strip().splitlines()[-1])
        right = turn.get("intent") == intent and turn.get("outcome") == "acted"
        what = f"{name}: heard, understood and acted on, in {took:.0f} s: {turn.get('reply')}"
        expect(what, so=right, otherwise=heard)


def _run(machine: Machine, *command: str) -> str:
    """Run a program. Where /sys tells of this machine's processors, onnxruntime crashes."""
    return machine.run_plainly(*SIMPLE, *command)
